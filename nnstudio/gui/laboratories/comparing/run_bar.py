"""What begins a comparison and gives it up: one button, the settings beside it, and how far it is."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QProgressBar, QPushButton, QVBoxLayout, QWidget

from .comparing import Comparing

_THOUSANDTHS = 1000
_THIN = 4


class RunBar(QWidget):
    """`run` is asked for; while it is at work the button gives it up. `settings` takes controls."""

    run = Signal()

    def __init__(self, name: str, comparing: Comparing) -> None:
        super().__init__()
        self._comparing = comparing
        self.button = QPushButton("Run")
        self.button.setObjectName(f"{name}_run")
        self.button.clicked.connect(self._clicked)
        self.progress = QProgressBar()
        self.progress.setObjectName(f"{name}_progress")
        self.progress.setAccessibleName("How much is done")
        self.progress.setTextVisible(False)
        self.progress.setFixedHeight(_THIN)
        self.progress.setRange(0, _THOUSANDTHS)
        self.problem = QLabel()
        self.problem.setObjectName(f"{name}_problem")
        self.problem.setProperty("error", True)
        self.problem.setWordWrap(True)
        self.settings = QHBoxLayout()
        self.settings.setSpacing(8)
        row = QHBoxLayout()
        row.setSpacing(16)
        row.addLayout(self.settings, 1)
        self.buttons = QHBoxLayout()
        self.buttons.setSpacing(8)
        self.buttons.addWidget(self.button)
        row.addLayout(self.buttons)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addLayout(row)
        column.addWidget(self.progress)
        column.addWidget(self.problem)
        policy = self.progress.sizePolicy()
        policy.setRetainSizeWhenHidden(True)
        self.progress.setSizePolicy(policy)
        comparing.changed.connect(self.refresh)
        self._wanted_next = True
        self.refresh()

    def add(self, text: str, control: QWidget, *, stretch: int = 0) -> None:
        """A control with its name before it."""
        label = QLabel(text)
        label.setProperty("muted", True)
        label.setBuddy(control)
        self.settings.addWidget(label)
        self.settings.addWidget(control, stretch)
        self.settings.addSpacing(8)

    def add_button(self, button: QPushButton) -> None:
        """What is done with what was found, before the button that runs."""
        self.buttons.insertWidget(0, button)

    def want_next(self, wanted: bool) -> None:
        """Whether running is what a user most likely wants next."""
        self._wanted_next = wanted
        self.refresh()

    def show_share(self, share: float) -> None:
        self.progress.setValue(round(_THOUSANDTHS * share))

    def show_problem(self, text: str) -> None:
        self.problem.setText(text)
        self.problem.setVisible(bool(text))

    def refresh(self) -> None:
        at_work = self._comparing.at_work
        self.button.setText("Cancel" if at_work else "Run")
        self.button.setProperty("primary", self._wanted_next and not at_work)
        self.button.style().polish(self.button)
        self.progress.setVisible(at_work)
        self.show_problem(self._comparing.problem)

    def _clicked(self) -> None:
        if self._comparing.at_work:
            self._comparing.cancel()
        else:
            self.run.emit()
