"""The gradient check as a window: a verdict in words, a table of the parameters' slots, a heat map of one's errors.

`checking` runs a check in the background, `window` shows what it found.
"""
