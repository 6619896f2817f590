"""Hostile input: what may come in from outside is refused by one of the app's own errors, or means what it says."""
