"""One command of `python -m devstack` in each file."""
