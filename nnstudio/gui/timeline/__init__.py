"""The timeline under the plots: the run so far, where it stands in it, and what happened where.

`state` is what it shows, without a widget; `strip` draws it and is dragged; `bar` puts beside it how much is kept.
"""
