"""The settings of one step: a control for each of its fields."""

from enum import StrEnum
from functools import partial
from typing import Any

from msgspec import structs
from PySide6.QtCore import Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QCheckBox, QMenu, QToolButton, QVBoxLayout, QWidget

from nnstudio.data.pipeline import Clip, Components, Derive, Encode, Gaps, Polynomial, Sample, Scale, Step
from nnstudio.data.pipeline.clip import Limits
from nnstudio.data.pipeline.derive import Derived
from nnstudio.data.pipeline.encode import Encoding
from nnstudio.data.pipeline.gaps import Gap
from nnstudio.data.pipeline.sample import Sampling
from nnstudio.data.pipeline.scale import Scaler
from nnstudio.data.pipeline.words import step_words
from nnstudio.explain.numbers import parse
from nnstudio.gui.widgets.choice import Choice, Option
from nnstudio.gui.widgets.count_field import CountField
from nnstudio.gui.widgets.form import Form
from nnstudio.gui.widgets.optional_field import OptionalField
from nnstudio.gui.widgets.text_field import TextField

_MOST_LISTED = 60
_HOWS: dict[type, type[StrEnum]] = {Gaps: Gap, Encode: Encoding, Scale: Scaler, Sample: Sampling}
_DERIVED = {Derived.SQUARE: "squares x²", Derived.PRODUCT: "products x₁x₂", Derived.SIN: "sines sin x"}
_LIMITS = {Limits.VALUES: "values", Limits.QUANTILES: "quantiles of the training rows"}
_COUNT, _SHARE = "count", "share"


class StepForm(QWidget):
    """`changed` carries what was set, by the name of the field; `rejected` why something cannot be."""

    changed = Signal(object)  # a Signal(dict) would turn enums into text
    rejected = Signal(str)

    def __init__(self, step: Step, names: tuple[str, ...]) -> None:
        """`names` are the columns there are before the step."""
        super().__init__()
        self._step = step
        self._form = Form()
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 0, 0, 4)
        column.addLayout(self._form)
        self._add_fields(step)
        if not isinstance(step, Sample):
            self._add_columns(step, names)

    def _add_fields(self, step: Step) -> None:
        match step:
            case Gaps():
                self._add_how(step)
                if step.how is Gap.CONSTANT:
                    self._add_constant(step)
                if not step.drops:
                    self._add_check("mark", "Mark gaps by a column of their own", step.mark)
            case Clip():
                self._add_choice("how", "Limits are", {str(how): text for how, text in _LIMITS.items()}, step.how)
                self._add_optional("low", "Lowest", step.low, 0.01)
                self._add_optional("high", "Highest", step.high, 0.99)
            case Derive():
                for what, text in _DERIVED.items():
                    self._add_derived(step, what, text)
                self._add_check("keep", "Keep the columns they come from", step.keep)
            case Polynomial():
                self._add_count("degree", "Degree", step.degree, 2, 6)
                self._add_check("interactions_only", "Products of different columns alone", step.interactions_only)
            case Components():
                self._add_components(step)
            case _:
                self._add_how(step)

    def _add_how(self, step: Any) -> None:
        texts = {str(how): step_words(structs.replace(step, how=how)) for how in _HOWS[type(step)]}
        self._add_choice("how", "What is done", texts, step.how)

    def _add_choice(self, field: str, name: str, texts: dict[str, str], now: StrEnum) -> None:
        box = Choice(f"step_{field}", name)
        box.set_options([Option(key, text) for key, text in texts.items()])
        box.choose(now)
        box.chosen.connect(partial(self._choose, field, type(now)))
        self._form.add(name, box)

    def _add_check(self, field: str, text: str, on: bool) -> None:
        box = QCheckBox(text)
        box.setObjectName(f"step_{field}")
        box.setChecked(on)
        box.toggled.connect(partial(self._set, field))
        self._form.addWidget(box)

    def _add_derived(self, step: Derive, what: Derived, text: str) -> None:
        box = QCheckBox(text)
        box.setObjectName(f"step_{what.value}")
        box.setChecked(what in step.what)
        box.toggled.connect(partial(self._derive, step, what))
        self._form.addWidget(box)

    def _add_count(self, field: str, name: str, now: int, least: int, most: int) -> None:
        box = CountField(f"step_{field}", name, least, most)
        box.show_value(now)
        box.setFixedWidth(96)
        box.entered.connect(partial(self._set, field))
        box.rejected.connect(self.rejected)
        self._form.add(name, box)

    def _add_optional(self, field: str, name: str, now: float | None, first: float) -> None:
        box = OptionalField(f"step_{field}", name, first)
        box.show_value(now)
        box.setFixedWidth(96)
        box.entered.connect(partial(self._set, field))
        box.rejected.connect(self.rejected)
        self._form.add(name, box)

    def _set(self, field: str, value: object) -> None:
        self.changed.emit({field: value})

    def _choose(self, field: str, kind: type[StrEnum], key: str) -> None:
        self.changed.emit({field: kind(key)})

    def _derive(self, step: Derive, what: Derived, on: bool) -> None:
        self.changed.emit({"what": tuple(one for one in Derived if (on if one is what else one in step.what))})

    def _add_components(self, step: Components) -> None:
        texts = {_SHARE: "a share of the variance", _COUNT: "a number of components"}
        box = Choice("step_measure", "How many")
        box.set_options([Option(key, text) for key, text in texts.items()])
        box.choose(_COUNT if step.count is not None else _SHARE)
        box.chosen.connect(self._measure)
        self._form.add("How many", box)
        if step.count is not None:
            self._add_count("count", "Components", step.count, 1, 10_000)
        else:
            self._add_optional("share", "Share of the variance", step.share, 0.95)

    def _measure(self, key: str) -> None:
        by_count = key == _COUNT
        self.changed.emit({"count": 2 if by_count else None, "share": None if by_count else 0.95})

    def _add_constant(self, step: Gaps) -> None:
        field = TextField("step_value", "Constant", "" if step.value is None else f"{step.value}")
        field.setPlaceholderText("0, or “missing”")
        field.setFixedWidth(120)
        field.entered.connect(self._set_constant)
        self._form.add("Constant", field)

    def _set_constant(self, text: str) -> None:
        number = parse(text)
        self.changed.emit({"value": number if number is not None else text or None})

    def _add_columns(self, step: Step, names: tuple[str, ...]) -> None:
        button = QToolButton()
        button.setObjectName("step_columns")
        button.setText(f"{len(step.columns)} chosen" if step.columns else "all that it suits")
        button.setAccessibleName(f"Columns: {button.text()}")
        button.setToolTip(", ".join(step.columns[:_MOST_LISTED]) or "Every column that the step suits")
        button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        menu = QMenu(button)
        every = menu.addAction("All that it suits")
        every.setData(None)
        menu.addSeparator()
        for name in names[:_MOST_LISTED]:
            action = menu.addAction(name.replace("&", "&&"))
            action.setCheckable(True)
            action.setChecked(name in step.columns)
            action.setData(name)
        menu.triggered.connect(self._columns_chosen)
        button.setMenu(menu)
        self._form.add("Columns", button)

    def _columns_chosen(self, action: QAction) -> None:
        name = action.data()
        if name is None:
            self.changed.emit({"columns": ()})
        else:
            kept = tuple(one for one in self._step.columns if one != name)
            self.changed.emit({"columns": kept if name in self._step.columns else (*kept, name)})
