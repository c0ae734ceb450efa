"""Skipping and scaling the update that comes next, or is under way: from the Run menu, and at an update's operation."""

from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QInputDialog, QMenu, QWidget

from nnstudio.explain.numbers import parse

from .session import Session


def skip(session: Session) -> None:
    """Skip it; where it is skipped already, make it after all."""
    session.scale_update(1.0 if _factor(session) == 0 else 0.0)


def ask_factor(session: Session, parent: QWidget) -> None:
    """Ask how many times as far it is to move the parameters."""
    dialog = QInputDialog(parent)
    dialog.setObjectName("scale_update_dialog")
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.setWindowTitle("Scale the update")
    dialog.setLabelText("Move the parameters so many times as far; 0 skips the update, 1 leaves it as it is")
    dialog.setInputMode(QInputDialog.InputMode.TextInput)
    dialog.setTextValue(f"{_factor(session):g}")
    dialog.textValueSelected.connect(partial(scale, session))
    dialog.open()


def scale(session: Session, text: str) -> None:
    """By the factor that was typed."""
    factor = parse(text)
    if factor is None:
        session.document.refused.emit(f"“{text.strip()}” is not a number; the update stays as it is")
    elif factor != _factor(session):
        session.scale_update(factor)


def add_update_edits(menu: QMenu, session: Session, parent: QWidget) -> None:
    """Both, in the menu of an operation of the update."""
    skipping = menu.addAction("Skip this update", partial(skip, session))
    skipping.setObjectName("skip_this_update")
    skipping.setCheckable(True)
    skipping.setChecked(_factor(session) == 0)
    scaling = menu.addAction("Scale this update…", partial(ask_factor, session, parent))
    scaling.setObjectName("scale_this_update")
    for action in (skipping, scaling):
        action.setEnabled(session.paused)


def _factor(session: Session) -> float:
    return session.machine.update_factor(upcoming=True)
