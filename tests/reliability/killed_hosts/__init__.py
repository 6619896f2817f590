"""The trigger host as a process that is killed again and again, while uploads come in and runs go on."""
