"""The chain rule of the chosen weight or bias, written out path by path."""
