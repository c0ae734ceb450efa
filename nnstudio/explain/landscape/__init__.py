"""J as a landscape over the parameters, of which a line or a plane through where the network stands is seen.

`ground` is where it stands, kept apart from the run: J, its gradient, where the next update lands. `axes` are the
directions that are looked along: parameters, random ones, the gradient. `survey` measures J along them, from coarse to
fine. `path` is the way of the descent so far, `contours` are lines of equal J.
"""
