"""One suite a file. Each has `findings()`, its full size; the tests beside this folder call its parts with less."""
