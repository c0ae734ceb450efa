"""Something went wrong in the program: what that means for the work, in plain words. The report is for whoever mends
it, and folded away."""

from PySide6.QtCore import Signal
from PySide6.QtGui import QFontDatabase, QGuiApplication
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLabel, QPlainTextEdit, QPushButton, QVBoxLayout, QWidget

from nnstudio.gui.widgets.fold import FoldButton

_WIDTH, _REPORT_HEIGHT = 560, 280


class CrashDialog(QDialog):
    """It blocks nothing, and sends nothing."""

    save_requested = Signal()

    def __init__(self, work: str, report: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("crash_dialog")
        self.setWindowTitle("Error in NN Studio")
        self._report = QPlainTextEdit(report)
        self._report.setReadOnly(True)
        self._report.setFrameShape(QPlainTextEdit.Shape.NoFrame)
        self._report.setTabChangesFocus(True)
        self._report.setAccessibleName("Report")
        self._report.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        self._report.document().setDocumentMargin(8)
        self._report.setMinimumHeight(_REPORT_HEIGHT)
        self._report.hide()
        self._fold = FoldButton("crash_report", "Report")
        self._fold.toggled.connect(self._show_report)
        title = QLabel("Something went wrong in the program")
        title.setProperty("big", True)
        words = QLabel(f"{work} You can go on; if the window shows something that cannot be, save and start again.")
        words.setWordWrap(True)
        note = QLabel("The report has versions and the end of the log, none of your data. Nothing is sent anywhere.")
        note.setWordWrap(True)
        note.setProperty("muted", True)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 24, 24, 16)
        layout.setSpacing(8)
        for widget in (title, words, note, self._fold):
            layout.addWidget(widget)
        layout.addWidget(self._report, 1)
        layout.addLayout(self._buttons())
        self.setMinimumWidth(_WIDTH)

    def copy(self) -> None:
        QGuiApplication.clipboard().setText(self._report.toPlainText())
        self._copy.setText("Copied")

    def _show_report(self, shown: bool) -> None:
        self._report.setVisible(shown)
        self.adjustSize()

    def _buttons(self) -> QHBoxLayout:
        self._copy = QPushButton("Copy report")
        self._copy.clicked.connect(self.copy)
        save = QPushButton("Save as…")
        save.clicked.connect(self.save_requested)
        go_on = QPushButton("Go on")
        go_on.setProperty("primary", True)
        go_on.setDefault(True)
        go_on.setFocus()
        go_on.clicked.connect(self.accept)
        row = QHBoxLayout()
        row.setContentsMargins(0, 8, 0, 0)
        row.setSpacing(8)
        row.addWidget(self._copy)
        row.addStretch()
        row.addWidget(save)
        row.addWidget(go_on)
        return row
