"""Rows for the settings of an optimizer or a schedule: those that its class states, so that a new one needs nothing
here."""

from dataclasses import fields
from functools import partial

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtWidgets import QCheckBox, QVBoxLayout, QWidget

from nnstudio.engine.registry import Named
from nnstudio.engine.settings import Setting, settings
from nnstudio.gui.widgets.count_field import CountField
from nnstudio.gui.widgets.form import CONTROL_WIDTH, Form
from nnstudio.gui.widgets.number_field import NumberField, step_in_decades, step_towards_one


class SettingRows(QWidget):
    """`entered` carries a setting's name and its new value, `rejected` why something cannot be entered."""

    entered = Signal(str, object)
    rejected = Signal(str)
    changed = Signal()
    """There are other controls now."""

    def __init__(self, *left_out: str, prefix: str = "") -> None:
        super().__init__()
        self._left_out = left_out
        self._prefix = prefix
        self._kind: type[Named] | None = None
        self._rows = QWidget()
        self.numbers: dict[str, NumberField | CountField] = {}
        self.switches: dict[str, QCheckBox] = {}
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.addWidget(self._rows)

    def fields(self) -> list[QWidget]:
        """What the keyboard reaches, from top to bottom."""
        return [*self.numbers.values(), *self.switches.values()]

    def show_settings(self, thing: Named) -> None:
        """Show these settings; another kind of thing has others."""
        if type(thing) is not self._kind:
            self._make_rows(thing)
        for name, field in self.numbers.items():
            field.show_value(getattr(thing, name))
        for name, switch in self.switches.items():
            check(switch, getattr(thing, name))

    def _make_rows(self, thing: Named) -> None:
        self._kind = type(thing)
        self.numbers, self.switches = {}, {}
        old, self._rows = self._rows, QWidget()
        form = Form()
        self._rows.setLayout(form)
        known = settings(thing)
        for field in fields(thing):  # type: ignore[arg-type]
            if field.name in self._left_out:
                continue
            if field.name in known:
                form.add(_title(known[field.name]), self._number(field.name, known[field.name]))
            else:
                form.add(words(field.name), self._switch(field.name))
        self._column.replaceWidget(old, self._rows)
        self._rows.show()
        self.setVisible(bool(self.numbers or self.switches))
        old.hide()
        old.deleteLater()
        self.changed.emit()

    def _number(self, name: str, setting: Setting) -> NumberField | CountField:
        field: NumberField | CountField
        if setting.whole:
            field = CountField(self._prefix + name, setting.title, int(setting.least), int(setting.most))
        else:
            below_one = setting.most == 1.0 and not setting.most_included
            field = NumberField(self._prefix + name, setting.title, step_towards_one if below_one else step_in_decades)
        unit = f", in {setting.unit}" if setting.unit else ""
        field.setToolTip(f"{setting.symbol}{unit}: {setting.domain}")
        field.setFixedWidth(CONTROL_WIDTH)
        field.entered.connect(partial(self.entered.emit, name))
        field.rejected.connect(self.rejected)
        self.numbers[name] = field
        return field

    def _switch(self, name: str) -> QCheckBox:
        switch = QCheckBox()
        switch.setObjectName(self._prefix + name)
        switch.setAccessibleName(words(name))
        switch.toggled.connect(partial(self.entered.emit, name))
        self.switches[name] = switch
        return switch


def summary(thing: Named, *left_out: str) -> str:
    """The settings that are not at their defaults: momentum 0.9, nesterov."""
    known = settings(thing)
    parts = []
    for field in fields(thing):  # type: ignore[arg-type]
        value = getattr(thing, field.name)
        if field.name in left_out or value == field.default:
            continue
        if isinstance(value, bool):
            parts.append(field.name if value else f"no {field.name}")
        else:
            title = known[field.name].title
            parts.append(f"{title[:1].lower()}{title[1:]} {value:g}")
    return ", ".join(parts)


def _title(setting: Setting) -> str:
    """Step size, epochs."""
    counted = setting.unit and setting.unit not in setting.title.lower()
    return f"{setting.title}, {setting.unit}" if counted else setting.title


def words(name: str) -> str:
    """weight_decay → Weight decay."""
    return name.replace("_", " ").capitalize()


def check(box: QCheckBox, on: bool) -> None:
    """Show the document's choice, saying nothing."""
    blocker = QSignalBlocker(box)
    box.setChecked(on)
    blocker.unblock()
