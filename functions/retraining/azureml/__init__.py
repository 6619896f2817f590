"""Clients of the Azure ML Studio (classic) services."""
