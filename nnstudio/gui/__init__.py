"""The window: a thin view of experiment, machine and history.

`app` wires everything once; `context` is what every panel is given; `document` holds the experiment and its undo stack,
`session` the run and who owns its machine, `selection` what is chosen. Panels know these and never each other.
"""
