"""What is wrong with a lesson: what, where and how to mend it."""


class LessonError(ValueError):
    """`what` is wrong at `place`: a file, and the line or the key in it."""

    def __init__(self, what: str, place: str = "") -> None:
        super().__init__(f"{place}: {what}" if place else what)
        self.what = what
        self.place = place
