"""The training experiment: labeled examples in, a trained model (`.ilearner`) out. Runs in a process of its own."""
