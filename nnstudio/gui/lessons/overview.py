"""The lessons there are: what each is about, how far it has been done, and what is wrong with one that is broken."""

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from nnstudio.gui.widgets.panel_scroll import PanelScroll
from nnstudio.lessons.library import Broken
from nnstudio.lessons.progress import Progress
from nnstudio.lessons.spec import Lesson


class Overview(QWidget):
    """`chosen` carries the lesson that is to be started, `folder_wanted` that others are, `own_wanted` that
    those of the program are to be opened."""

    chosen = Signal(object)
    folder_wanted = Signal()
    own_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.rows: list[LessonRow] = []
        self.says = _words("lessons_say")
        self.says.setProperty("muted", True)
        self.folder = _link("open_lesson_folder", "Open a lesson folder…")
        self.own = _link("own_lessons", "The lessons of the program")
        self.own.hide()
        self._scroll = PanelScroll(margin=0)
        self._scroll.column.addWidget(self.says)
        self._scroll.column.addStretch(1)
        links = QHBoxLayout()
        links.setSpacing(16)
        links.addWidget(self.folder)
        links.addWidget(self.own)
        links.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(self._scroll, 1)
        column.addLayout(links)
        self.folder.clicked.connect(self.folder_wanted)
        self.own.clicked.connect(self.own_wanted)

    def say(self, words: str) -> None:
        """Above the list; nothing where there is nothing to say."""
        self.says.setText(words)
        self.says.setVisible(bool(words))

    def show_lessons(self, lessons: Sequence[Lesson | Broken]) -> None:
        """Show these in place of those before."""
        for row in self.rows:
            row.hide()
            self._scroll.column.removeWidget(row)
            row.deleteLater()
        self.rows = [LessonRow(lesson) for lesson in lessons]
        for number, row in enumerate(self.rows):
            self._scroll.column.insertWidget(number + 1, row)
            row.start.clicked.connect(partial(self.chosen.emit, row.lesson))

    def show_progress(self, of: dict[str, Progress]) -> None:
        """How far each has been done, by its name."""
        for row in self.rows:
            if isinstance(row.lesson, Lesson):
                row.show_progress(of[row.lesson.name], len(row.lesson.steps))


class LessonRow(QWidget):
    """Title, summary and what can be done with it."""

    def __init__(self, lesson: Lesson | Broken) -> None:
        super().__init__()
        self.lesson = lesson
        self.setObjectName(f"lesson_{lesson.name}")
        broken = isinstance(lesson, Broken)
        self.title, self.summary, self.mark = _words("row_title"), _words("row_summary"), QLabel()
        self.title.setText(lesson.name if isinstance(lesson, Broken) else lesson.title)
        self.title.setProperty("heading", True)
        self.summary.setText(lesson.problem if isinstance(lesson, Broken) else lesson.summary)
        self.summary.setProperty("error", broken)
        self.summary.setProperty("muted", not broken)
        self.mark.setProperty("muted", True)
        self.mark.setProperty("small", True)
        self.start = _link("start_lesson", "Start")
        self.start.setAccessibleName(f"Start {self.title.text()}")
        self.start.setVisible(not broken)
        self.mark.setText("cannot be opened" if broken else "")
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(self.title, 1)
        head.addWidget(self.mark)
        head.addWidget(self.start)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 12)
        column.setSpacing(0)
        column.addLayout(head)
        column.addWidget(self.summary)

    def show_progress(self, progress: Progress, steps: int) -> None:
        done = progress.count(steps)
        finished = done == steps
        self.mark.setText("✓ done" if finished else f"{done} of {steps}" if progress.begun else "")
        text = "Again" if finished else "Continue" if progress.begun else "Start"
        self.start.setText(text)
        self.start.setAccessibleName(f"{text} {self.title.text()}")


def _words(name: str) -> QLabel:
    label = QLabel()
    label.setObjectName(name)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setWordWrap(True)
    return label


def _link(name: str, text: str) -> QPushButton:
    made = QPushButton(text)
    made.setObjectName(name)
    made.setAutoDefault(False)
    made.setProperty("link", True)
    return made
