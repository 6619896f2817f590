"""The pipelines for users, checked without GitHub."""
