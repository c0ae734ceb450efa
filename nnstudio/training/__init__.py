"""Training and stepping: one run of an experiment, driven by epochs or operation by operation.

`run` is an experiment made ready: its data, its machine and its history. `trainer` runs it by epochs, `debugger`
drives it for a person: train, pause, step, back, reset; `stopping` says when training ends before its last epoch.
`metrics` and `measuring` say how good the network is, `history` and `report` how it went; `nonfinite` finds the
operation that first wrote a NaN or an infinity. `conditions` are what a person writes to stop where it matters,
`breakpoints` look out for it, and `watches` are those that come ready-made. `cursor` is where a person looks below an
operation.

Time travel: `keyframes` are moments kept whole, `timeline` goes from one to any other moment of the run, `journey` is
the way there where it is long, one of the `ways` through time, and `waypoints` are the moments that a person asks for.
`branches` fork a run, change one thing and run both in lockstep. `course` is the way of one parameter through time.
"""
