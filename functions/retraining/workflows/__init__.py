"""Load, decide, perform, save."""
