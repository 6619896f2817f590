"""host.json: the host ignores what it does not know, so a typo would pass unseen."""
