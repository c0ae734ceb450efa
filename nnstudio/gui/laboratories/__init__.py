"""Laboratories: a formula to touch, each in a dock of its own from the Tools menu.

`function_chart`, `readings` and `saving` are what several of them use; those that let several networks train beside
each other share `comparing`.
"""
