"""What is wrong with an expression: what, where and how to mend it."""


class ExpressionError(ValueError):
    """`what` is wrong, at `column` (from 1; None where it is the whole)."""

    def __init__(self, what: str, column: int | None = None) -> None:
        super().__init__(what if column is None else f"column {column}: {what}")
        self.what = what
        self.column = column
