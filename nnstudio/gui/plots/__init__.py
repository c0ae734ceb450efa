"""The plots: how learning went, and what has been learned.

`series`, `ticks`, `views`, `predictions` and `plane` are plain state and arithmetic without widgets; `learning_curve`
and `learned_view` draw them.
"""
