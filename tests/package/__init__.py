"""What a deployment uploads."""
