"""The request-response service (RRS): rows in, scored rows out."""
