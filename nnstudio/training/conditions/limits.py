"""How much one expression may ask for. It is looked at in every iteration, so it must stay small, and it cannot be used
to fill the memory or to keep the window waiting."""

LENGTH = 200
"""Characters of its text."""
PARTS = 60
"""Names, numbers, calls and operations in it."""
EXPONENT = 100.0
"""The largest power, either way."""
NUMBERS = 50_000_000
"""Numbers that all its parts look at together, each time."""
