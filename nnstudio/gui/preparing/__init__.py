"""Preparing the data: what each column is used as, the steps that make inputs of them, how the rows are split.

A page each: `columns_page`, `steps_page` (with `step_row` and `step_form`), `split_page`; `view` is the tool.
"""
