"""The house: retraining without a host. Nothing in here imports azure.functions."""
