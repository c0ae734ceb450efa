"""NN Studio: a debugger for learning machines."""

__version__ = "0.1.0"
