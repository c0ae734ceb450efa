"""The same experiment in several ways at once: what a learning rate, a mini-batch or an activation makes of it.

A `task` is one way, `contender` the usual one: the experiment with a thing changed. `bench` is where tasks are worked
on, a stretch at a time, and `crew` are the processes that have one each. What comes back makes a `course`. `rates`
judges learning rates, `range_test` proposes one; `batches` takes an epoch apart and `directions` draws the way through
the weights; `linear` is what a straight line, or a plane, can do with the same data.

Nothing here trains by itself: every contender is a `Run` with a `Trainer` of its own.
"""
