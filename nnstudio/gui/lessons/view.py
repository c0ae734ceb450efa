"""Lessons as a tool: the list of them, or the one that is open."""

from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QFileDialog, QStackedLayout

from nnstudio.gui.background import BackgroundTask
from nnstudio.gui.document import REFUSALS
from nnstudio.gui.tools.tools import SPECS
from nnstudio.gui.tools.view import ToolView
from nnstudio.lessons.errors import LessonError
from nnstudio.lessons.library import Broken, lessons, own
from nnstudio.lessons.spec import Lesson

from .lesson_page import LessonPage
from .overview import Overview
from .player import Player

_PANELS = (
    "data_panel",
    "network_panel",
    "canvas_panel",
    "plots_panel",
    "program_panel",
    "breakpoints_panel",
    "inspector_panel",
    "explanation_panel",
)
OPENABLE = (*(name for name in SPECS if name != "lessons"), *_PANELS)
"""What a lesson can open."""


class LessonsView(ToolView):
    """`player` has the lesson that is open; `folder` is where the others are."""

    def compose(self) -> None:
        self.setObjectName("lessons_view")
        self.player = Player(self.context, self)
        self.overview = Overview()
        self.page = LessonPage(self.context, self.player)
        self.folder: Path = own()
        self.lessons: tuple[Lesson | Broken, ...] = ()
        self._task: BackgroundTask | None = None
        self._pages = QStackedLayout(self)
        self._pages.addWidget(self.overview)
        self._pages.addWidget(self.page)
        self.player.changed.connect(self._show)
        self.overview.chosen.connect(self.start)
        self.overview.folder_wanted.connect(self._choose_folder)
        self.overview.own_wanted.connect(self._open_own)
        self.open_folder(self.folder)

    @property
    def reading(self) -> bool:
        """Whether the list is still being read."""
        return self._task is not None

    def refresh(self) -> None:
        if self.player.lesson is not None:
            self.page.refresh()

    def leave_sight(self) -> None:
        """Whoever closes the dock leaves the lesson; behind another tab it goes on. A dock is hidden for a moment, too,
        when it is made to float."""
        QTimer.singleShot(0, self, self._leave_if_closed)

    def close_tool(self) -> None:
        if self._task is not None:
            self._task.cancel()

    def start(self, lesson: Lesson) -> None:
        """Open a lesson; what is open now is put aside until it is left."""
        try:
            self.player.start(lesson)
        except REFUSALS as error:
            self.overview.say(f"{lesson.title} cannot be opened: {error}")

    def open_folder(self, folder: Path) -> None:
        """List the lessons in a folder, or the one that it is. They are read in the background: an experiment may have
        a large table."""
        self.close_tool()
        self.folder = folder
        self.overview.show_lessons(())
        self.overview.say("Reading the lessons …")
        self._task = BackgroundTask(partial(lessons, folder, OPENABLE))
        self._task.done.connect(self._read)
        self._task.failed.connect(self._refuse)
        self._task.start()

    def _read(self, found: tuple[Lesson | Broken, ...]) -> None:
        self._task = None
        self.lessons = found
        self.overview.say("" if self.folder == own() else f"The lessons in {self.folder}")
        self.overview.own.setVisible(self.folder != own())
        self.overview.show_lessons(found)
        self._show()

    def _refuse(self, error: Exception) -> None:
        self._task = None
        if not isinstance(error, LessonError):
            raise error
        self.overview.own.setVisible(self.folder != own())
        self.overview.say(str(error))

    def _show(self) -> None:
        if self.player.lesson is not None:
            self._pages.setCurrentWidget(self.page)
            self.page.refresh()
            return
        whole = [lesson for lesson in self.lessons if isinstance(lesson, Lesson)]
        self.overview.show_progress({lesson.name: self.player.progress(lesson) for lesson in whole})
        self._pages.setCurrentWidget(self.overview)

    def _leave_if_closed(self) -> None:
        dock = self.context.tools.made.get("lessons")
        if dock is not None and dock.isHidden():
            self.player.leave()

    def _open_own(self) -> None:
        self.open_folder(own())

    def _choose_folder(self) -> None:
        dialog = QFileDialog(self, "Open a lesson folder", str(Path.home()))
        dialog.setObjectName("lesson_folder_dialog")
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(self._folder_chosen)
        dialog.open()

    def _folder_chosen(self, name: str) -> None:
        self.open_folder(Path(name))
