"""Speed and memory: figures to read, never tests to pass."""
