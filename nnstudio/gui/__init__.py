"""The window: a thin view of experiment, machine and history.

`app` wires everything once; `context` is what every panel is given; `document` holds the experiment and its undo stack,
`session` the run and who owns its machine, `selection` what is chosen. Panels know these and never each other.
"""

import gc

# A start makes a hundred thousand objects that stay; at the usual threshold of 700 the collector goes through them
# again and again and finds nothing.
gc.set_threshold(100_000, 20, 20)
