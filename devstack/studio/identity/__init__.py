"""The token endpoints of the local studio: client credentials in, bearer tokens for the Resource Manager out."""
