"""What a project keeps beside the experiment and its run: notes, whether the data are in it, and branches."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

if TYPE_CHECKING:
    from nnstudio.training.branches import BranchSet


class Keepsakes(QObject):
    """Of what is open. `embed` says that a project has the rows of a data file in it, and does not only say where the
    file lies; `branches` are those that the run was forked into last. `opened` says that all of them are another
    project's."""

    changed = Signal()
    opened = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.notes = ""
        self.embed = True
        self.branches: BranchSet | None = None

    def put(self, notes: str = "", embed: bool = True, branches: "BranchSet | None" = None) -> None:
        """Have these: another project has been opened, or none."""
        self.notes, self.embed, self.branches = notes, embed, branches
        self.changed.emit()
        self.opened.emit()

    def set_notes(self, notes: str) -> None:
        if notes != self.notes:
            self.notes = notes
            self.changed.emit()

    def set_embed(self, embed: bool) -> None:
        if embed is not self.embed:
            self.embed = embed
            self.changed.emit()

    def set_branches(self, branches: "BranchSet") -> None:
        """Branches were made or taken away, or have gone on, which is no news: it can be run again."""
        alike = branches.is_alike(self.branches)
        self.branches = branches
        if not alike:
            self.changed.emit()
