"""Runs a function app through Microsoft's Python worker library: a stand-in for `func` where that is absent."""
