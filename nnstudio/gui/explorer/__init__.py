"""The explorer: the data as they are, before anything is learned from them.

`survey` is what is known, `words` says it; a list of the columns stands beside pages with one column, two, all pairs,
their correlations, and what deserves a warning.
"""
