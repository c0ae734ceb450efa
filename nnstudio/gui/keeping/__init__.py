"""Work that nobody has saved yet outlives a crash: the `keeper` has it written to the window's working copy, and after
a crash `recovery` offers what was kept. `keeping` wires them to a window."""
