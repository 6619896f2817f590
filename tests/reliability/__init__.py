"""The promises under faults: `make reliability` runs every suite; the tests here run a short form of each."""
