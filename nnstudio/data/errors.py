"""What went wrong with the data, in the words of the person who owns it."""


class DataError(ValueError):
    """One line that says what is wrong, where it is, and how to mend it."""
