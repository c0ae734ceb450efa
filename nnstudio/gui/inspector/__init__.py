"""The inspector: every slot of the machine, as a list, a table, a heat map and single numbers.

What it shows is plain: `reading_order` (which slots, in which groups), `words` (what they are called), `block` (how a
slot lies in a table), `facts` (its least, largest, norm, mean), `tints` (the ground of a cell), `cell_text` (its
number), `sampling` (its heat map). None of these knows a widget. The rest draws them.
"""
