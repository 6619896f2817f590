"""Storage in trouble: a proxy that refuses, Azurite stopped under load, documents damaged, the container deleted."""
