"""The batch execution service (BES): training jobs, submitted and started in two calls."""
