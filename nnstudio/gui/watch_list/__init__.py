"""The watch list as a tool: what each thing is, how it changed, its history as a small curve, and a plot on demand.

`watching` keeps the list up to date with the run, `rows` says how an entry reads, `row_list` and `row_view` show them,
`watch_chart` is the plot, and `menus` the way in from any value of the window.
"""
