"""How a sample is drawn: how many points, how noisy, how often it turns, how its classes are shared out, and the seed.

A drag shows the new data at each step and is one step to undo.
"""

from collections.abc import Callable
from random import randrange

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from nnstudio.data.samples import Sample, sample
from nnstudio.data.spec import SampleSource, Source
from nnstudio.experiment.edits import Edit
from nnstudio.experiment.sample_edits import set_balance, set_noise, set_rows, set_sample_seed, set_turns
from nnstudio.gui.appearance import Appearance
from nnstudio.gui.document import Document
from nnstudio.gui.widgets.count_slider import CountSlider
from nnstudio.gui.widgets.form import CONTROL_WIDTH, Form, FormRow
from nnstudio.gui.widgets.icon_button import IconButton
from nnstudio.gui.widgets.seed_field import SeedField
from nnstudio.gui.widgets.slider import ValueSlider

_MOST_NOISE, _MOST_TURNS, _MOST_BALANCE = 50, 500, 95
_LEAST_BALANCE = 5
_FEW_ROWS, _MANY_ROWS, _MOST_ROWS = 10, 2_000, 1_000_000
_SEEDS = 10_000

Attempt = Callable[[Edit, object | None], None]


class SampleForm(QWidget):
    """`attempt` makes an edit as part of a gesture, `reject` is told why a number cannot be. A row is there only where
    the sample has such a setting."""

    def __init__(
        self, document: Document, appearance: Appearance, attempt: Attempt, reject: Callable[[str], object]
    ) -> None:
        super().__init__()
        self._document, self._attempt = document, attempt
        self.rows = CountSlider("rows", "Rows", _FEW_ROWS, _MANY_ROWS, _MOST_ROWS)
        self.rows.setToolTip("How many rows are drawn")
        self.noise = ValueSlider("noise", "Noise", _MOST_NOISE, _hundredths)
        self.noise.setToolTip("The deviation of the random errors that are added")
        self.turns = ValueSlider("turns", "Turns", _MOST_TURNS, _hundredths)
        self.turns.setToolTip("How often a spiral winds around its middle, or how many waves a curve has")
        self.balance = ValueSlider("balance", "Class balance", _MOST_BALANCE - _LEAST_BALANCE, _share)
        self.balance.setToolTip("The share of the rows that are of class 1")
        self.seed = SeedField("sample_seed", "Seed of the data")
        self.seed.setToolTip("Where the random numbers of the data start: another seed draws other points")
        self.seed.rejected.connect(reject)
        self.dice = IconButton("new_sample_seed", "mdi6.dice-5-outline", "New seed: draw other points", appearance)
        self._sliders = (self.rows.slider, self.noise.slider, self.turns.slider, self.balance.slider)
        self._lay_out()
        self._connect(reject)

    def follow(self, source: Source) -> None:
        """Show how the document's data are drawn, if they are."""
        known = sample(source.name) if isinstance(source, SampleSource) else None
        for slider in self._sliders:
            slider.forget()  # a row that is hidden with the focus in it would enter what has been slid to
        self.setVisible(known is not None and known.drawn)
        if known is None or not known.drawn:
            return
        assert isinstance(source, SampleSource)
        self._show_rows(known)
        drawing = known.drawing(source)
        self.rows.show_value(drawing.rows)
        self.noise.show_value(round(100 * drawing.noise), _MOST_NOISE)
        self.turns.show_value(round(100 * drawing.turns), _MOST_TURNS)
        self.balance.show_value(round(100 * drawing.balance) - _LEAST_BALANCE, _MOST_BALANCE - _LEAST_BALANCE)
        self.seed.show_value(source.seed)

    def _show_rows(self, known: Sample) -> None:
        for setting, row in self._rows.items():
            row.setVisible(known.has(setting))
        self._seed_row.setVisible(bool(known.settings))

    def _lay_out(self) -> None:
        both = QWidget()
        both.setFixedWidth(CONTROL_WIDTH)
        layout = QHBoxLayout(both)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addWidget(self.seed, 1)
        layout.addWidget(self.dice)
        form = Form()
        form.add("Rows", self.rows)
        self._rows: dict[str, FormRow] = {
            "noise": form.add("Noise", self.noise),
            "turns": form.add("Turns", self.turns),
            "balance": form.add("Class balance", self.balance),
        }
        self._seed_row = form.add("Seed", both)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(form)

    def _connect(self, reject: Callable[[str], object]) -> None:
        for signal in (self.rows.slid, self.rows.entered):
            signal.connect(self._set_rows)
        self.rows.rejected.connect(reject)
        for slider, slot in (
            (self.noise, self._set_noise),
            (self.turns, self._set_turns),
            (self.balance, self._set_balance),
        ):
            slider.slid.connect(slot)
            slider.entered.connect(slot)
        self.seed.entered.connect(self._set_seed)
        self.dice.clicked.connect(self._new_seed)

    def _set_rows(self, rows: int) -> None:
        self._attempt(set_rows(self._document.experiment, rows), self.rows.gesture)

    def _set_noise(self, hundredths: int) -> None:
        self._attempt(set_noise(self._document.experiment, hundredths / 100), self.noise.gesture)

    def _set_turns(self, hundredths: int) -> None:
        self._attempt(set_turns(self._document.experiment, hundredths / 100), self.turns.gesture)

    def _set_balance(self, step: int) -> None:
        self._attempt(set_balance(self._document.experiment, (step + _LEAST_BALANCE) / 100), self.balance.gesture)

    def _set_seed(self, seed: int) -> None:
        self._attempt(set_sample_seed(self._document.experiment, seed), None)

    def _new_seed(self) -> None:
        drawn = randrange(_SEEDS - 1)
        self._set_seed(drawn + 1 if drawn >= self.seed.value else drawn)


def _hundredths(step: int) -> str:
    return f"{step / 100:.2f}"


def _share(step: int) -> str:
    return f"{step + _LEAST_BALANCE} %"
