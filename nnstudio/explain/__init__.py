"""Explaining: the formula of an operation, with symbols and with the numbers of the machine."""
