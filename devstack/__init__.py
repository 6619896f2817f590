"""The whole cloud on a laptop: Azurite, a local Azure ML Studio (classic), a trigger host. Never shipped."""
