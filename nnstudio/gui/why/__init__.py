"""Why is this number: its formula, the numbers it is made of, a parameter's way through time, a gradient's samples.

`trail` is the way a person has come, `rows` are the lists in words and numbers, `retracing` runs the run again in the
background, and `view` shows it all for whatever is chosen in the window.
"""
