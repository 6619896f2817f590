"""The doctor, at its command line, against real storage and a real studio."""
