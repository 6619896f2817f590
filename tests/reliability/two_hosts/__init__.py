"""Two hosts on one state: every event to both, ticks at once, and whoever is slower loads and decides again."""
