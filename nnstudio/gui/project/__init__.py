"""Projects in the window: a snapshot of what is open (`projects`), its undo `history`, and `saving` it."""
