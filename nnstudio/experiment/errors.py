"""What is wrong with an experiment, in a user's words."""


class ExperimentError(ValueError):
    """An experiment that cannot be read or cannot run: the message says what, where, and how to mend it."""
