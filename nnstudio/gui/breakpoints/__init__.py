"""Breakpoints in the window: the set of them, how they are drawn and worded, and the dialog that edits one.

`breakpoint_set` holds them, whatever run is at hand. `marker` draws one, by its shape; `words` say what it does.
"""
