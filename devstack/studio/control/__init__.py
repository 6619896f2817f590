"""The studio's own controls under `/_control`: for demos and tests, no part of the real service."""
