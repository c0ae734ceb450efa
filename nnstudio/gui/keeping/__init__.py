"""Work that nobody has saved yet outlives a crash: the `keeper` has it written to the window's working copy."""
