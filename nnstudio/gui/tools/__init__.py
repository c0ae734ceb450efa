"""Tools: docks that are made when they are asked for first, from the Tools menu or from a link.

`catalogue` lists them, `view` is what one of them fills its dock with, `dock` is that dock, and `tools` opens them.
Until then a tool costs a line in a menu: its code is not even loaded.
"""
