"""Work that nobody has saved yet outlives a crash: the `keeper` has it written to the window's working copy, and after
a crash `recovery` offers what was kept. An `alarm` tells of errors that nobody handled, `endings` are
those that the system asks for, and a `changed_file` is one that another program has changed. `keeping` wires them to a
window."""
