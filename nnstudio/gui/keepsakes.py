"""What a project keeps beside the experiment and its run: a person's notes, and whether the data are in it."""

from PySide6.QtCore import QObject, Signal


class Keepsakes(QObject):
    """Of what is open. `embed` says that a project has the rows of a data file in it, and does not only say where the
    file lies."""

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.notes = ""
        self.embed = True

    def put(self, notes: str = "", embed: bool = True) -> None:
        """Have these: another project, or none."""
        if (notes, embed) != (self.notes, self.embed):
            self.notes, self.embed = notes, embed
            self.changed.emit()

    def set_notes(self, notes: str) -> None:
        self.put(notes, self.embed)

    def set_embed(self, embed: bool) -> None:
        self.put(self.notes, embed)
