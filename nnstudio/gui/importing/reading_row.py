"""How a file is read, as far as its format leaves a choice: each field shows what was recognized, or chosen."""

from functools import partial
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QLabel, QPushButton, QWidget

from nnstudio.data.profile import Preview
from nnstudio.data.readers.dialect import DELIMITERS, THOUSANDS
from nnstudio.data.readers.encodings import ENCODINGS
from nnstudio.data.spec import RECOGNIZED, Colour, Reading
from nnstudio.gui.widgets.choice import Choice, Option
from nnstudio.gui.widgets.count_field import CountField

_NAMES, _DATA = "names", "data"
_HEADERS = {_NAMES: "column names", _DATA: "data already"}
_DECIMALS = {".": "point", ",": "comma"}
_NO_SIGN = "none"
_COLOURS = {Colour.GREY: "grey", Colour.RGB: "red, green and blue"}
_LARGEST = 1_000
_FIELDS = {
    "sheet": "Sheet",
    "member": "Array",
    "delimiter": "Between cells",
    "header": "First row",
    "decimal": "Decimal sign",
    "thousands": "Thousands",
    "encoding": "Encoding",
    "colour": "Colour",
}


class ReadingRow(QWidget):
    """`wished` carries the name of a field of the reading and what it is to be; `forgotten`: all as recognized."""

    wished = Signal(str, object)
    forgotten = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.choices = {field: Choice(f"read_{field}", text) for field, text in _FIELDS.items()}
        self._parts: dict[str, QWidget] = {}
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(16)
        self.above = CountField("read_above", "Lines above the table that are left out", 0, _LARGEST)
        self._add("above", "Lines above", self.above)
        self.above.entered.connect(lambda: self.wished.emit("above", self.above.value()))
        for field, box in self.choices.items():
            self._add(field, _FIELDS[field], box)
            box.chosen.connect(partial(self._chosen, field))
        self.tall = CountField("read_height", "Height of the pictures", 1, _LARGEST)
        self.across = CountField("read_width", "Width of the pictures", 1, _LARGEST)
        self._add("size", "Height and width", self.tall, self.across)
        for side in (self.tall, self.across):
            side.entered.connect(self._size_entered)
        self.labels = QPushButton()
        self.labels.setObjectName("read_labels")
        self.labels.setAutoDefault(False)
        self.labels.clicked.connect(self._ask_for_labels)
        self._add("labels", "Labels", self.labels)
        self.recognized = QPushButton("As recognized")
        self.recognized.setObjectName("read_as_recognized")
        self.recognized.setProperty("link", True)
        self.recognized.setAutoDefault(False)
        self.recognized.setToolTip("Choose nothing of this: read the file as it was recognized")
        self.recognized.clicked.connect(self.forgotten)
        self._row.addWidget(self.recognized)
        self._row.addStretch(1)

    def show_preview(self, preview: Preview, wished: Reading) -> None:
        """Show how the file is read, and why."""
        reading = preview.reading
        now = {
            "sheet": reading.sheet,
            "member": reading.member,
            "delimiter": reading.delimiter,
            "header": None if reading.header is None else _NAMES if reading.header else _DATA,
            "decimal": self._decimal(reading),
            "thousands": None if reading.delimiter is None else reading.thousands or _NO_SIGN,
            "encoding": reading.encoding,
            "colour": reading.colour,
        }
        for field, box in self.choices.items():
            key = now[field]
            self._parts[field].setVisible(key is not None)
            if key is not None:
                box.set_options(_options(field, key, preview))
                box.choose(key)
                box.setToolTip(preview.grounds.get(field, ""))
        self._parts["above"].setVisible(reading.above is not None or bool(preview.flaws))
        self.above.show_value(reading.above or 0)
        self._parts["size"].setVisible(reading.size is not None)
        if reading.size is not None:
            self.tall.show_value(reading.size[0])
            self.across.show_value(reading.size[1])
        self._folder = preview.path.parent
        self._parts["labels"].setVisible(reading.labels is not None or "-images" in preview.path.name)
        self.labels.setText(Path(reading.labels).name if reading.labels else "Choose…")
        self.labels.setToolTip(preview.grounds.get("labels", "") or "The file with the class of each image")
        self.recognized.setVisible(wished != RECOGNIZED)
        self.setVisible(any(not part.isHidden() for part in self._parts.values()))

    def _decimal(self, reading: Reading) -> str | None:
        """The sign; in a workbook it matters for numbers that are written as text alone."""
        return reading.decimal if reading.sheet is None else reading.decimal or "."

    def _add(self, field: str, text: str, *controls: QWidget) -> None:
        self._parts[field] = part = QWidget()
        label = QLabel(text)
        label.setProperty("muted", True)
        label.setBuddy(controls[0])
        row = QHBoxLayout(part)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(label)
        for control in controls:
            row.addWidget(control)
        self._row.addWidget(part)

    def _chosen(self, field: str, key: str) -> None:
        said: object = key
        match field:
            case "header":
                said = key == _NAMES
            case "thousands":
                said = "" if key == _NO_SIGN else key
            case "colour":
                said = Colour(key)
        self.wished.emit(field, said)

    def _size_entered(self) -> None:
        self.wished.emit("size", (self.tall.value(), self.across.value()))

    def _ask_for_labels(self) -> None:
        dialog = QFileDialog(self.window(), "The labels of the images", str(self._folder))
        dialog.setObjectName("labels_dialog")
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.fileSelected.connect(self._labels_chosen)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _labels_chosen(self, name: str) -> None:
        self.wished.emit("labels", name)


def _options(field: str, now: str, preview: Preview) -> list[Option]:
    """What may be chosen in a field; what holds now is among it."""
    match field:
        case "delimiter":
            known = DELIMITERS
        case "header":
            known = _HEADERS
        case "decimal":
            known = _DECIMALS
        case "thousands":
            known = {sign or _NO_SIGN: text for sign, text in THOUSANDS.items() if sign != preview.reading.decimal}
        case "encoding":
            known = ENCODINGS
        case "colour":
            known = {colour.value: text for colour, text in _COLOURS.items()}
        case _:
            known = {name: name for name in preview.choices.get(field, ())}
    return [Option(key, text) for key, text in {**known, **({} if now in known else {now: now})}.items()]
