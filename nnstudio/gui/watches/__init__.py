"""Ready-made watches in the window: a list of them all, what each measures, and where its trouble began.

`watching` knows what is switched on and where the thresholds stand, and measures; `words` say it; `row` is one watch in
the list, `details` explain the chosen one, and the `view` puts them together.
"""
