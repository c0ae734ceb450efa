"""The branches of a run as a tool: fork it, change one thing, watch the curves part, and find out where they did.

`branching` holds the branches of a fork and lets them run in the background, a stretch at a time; between two
stretches `lanes` is what can be seen of them. `view` shows it: a list (`lane_model`, `lane_view`), a chart of their
curves (`branch_chart`), the row where the difference of a new branch is set (`change_row`), and where they part
(`parting_line`, `words`, and `reaching`, which leads there). `going_on` makes one of them the run of the window.
"""
