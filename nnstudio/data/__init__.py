"""From a table in a file to the arrays a network learns from.

Read in this order: `dataset` (a table as read), `spec` (what an experiment says about its data), `cells` (how written
cells become numbers), `readers` (one file a format), `generators` and `samples` (the tables that come with the
program), `sources` (from a spec to a table), `preparation` (from a table to training, validation and test arrays) with
`roles` and `column_types` (what columns are used as and taken for), `splitting`, the steps of the `pipeline`,
`weighing` and `fitted` (the same for rows that come later).
"""
