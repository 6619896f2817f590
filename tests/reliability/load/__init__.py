"""What the suites `load` and `sweep_cost` are made of: many pipelines, many blobs, and the app in its own process."""
