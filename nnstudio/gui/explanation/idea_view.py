"""An operation's idea: the sentence and its sketch."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from nnstudio.explain.ideas import Idea
from nnstudio.gui.theme import Theme

from .sketches import SketchView


class IdeaView(QWidget):
    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("explanation_idea")
        self.sentence = QLabel()
        self.sentence.setTextFormat(Qt.TextFormat.PlainText)
        self.sentence.setWordWrap(True)
        self.sketch = SketchView()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(16)
        column.addWidget(self.sentence)
        column.addWidget(self.sketch)

    def show_idea(self, idea: Idea, theme: Theme) -> None:
        if self.sentence.text() != idea.text:
            self.sentence.setText(idea.text)
        self.sketch.show_sketch(idea.sketch, theme)
