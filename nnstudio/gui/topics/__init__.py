"""What can be chosen, told on a card: its name, a sentence, its formula, and the shape of its curve.

The words and formulas are those that its class in the engine states, and the curves are computed by the engine's own
objects, so that a new activation or schedule has its card as soon as it is written.
"""
