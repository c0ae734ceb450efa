"""A dialog that asks where to save, as one of several kinds of file; the file gets the ending of its kind."""

from collections.abc import Mapping
from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QWidget


def save_dialog(window: QWidget, title: str, kinds: Mapping[str, str], suggested: Path) -> QFileDialog:
    """`kinds` are the endings by what the kinds are called, the usual one first; `suggested` is a file without an
    ending. The dialog adds it itself, so that it asks before a file of that name is replaced."""
    dialog = QFileDialog(window, title)
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    dialog.setNameFilters([f"{kind} (*{suffix})" for kind, suffix in kinds.items()])
    dialog.filterSelected.connect(partial(_take_ending, dialog))
    usual = next(iter(kinds.values()))
    dialog.setDefaultSuffix(usual.removeprefix("."))
    dialog.setDirectory(str(suggested.parent))
    dialog.selectFile(f"{suggested.name}{usual}")
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    return dialog


def _take_ending(dialog: QFileDialog, chosen: str) -> None:
    dialog.setDefaultSuffix(chosen.rpartition("*.")[2].rstrip(")"))
