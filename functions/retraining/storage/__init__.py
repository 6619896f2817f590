"""Clients of Azure Storage: run state, blobs, the model archive."""
