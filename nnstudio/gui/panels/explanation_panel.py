"""The explanation: the operation that has just run, its formula with symbols and numbers, and what comes next.

The numbers are read once a refresh, in `refresh`; from then on the panel typesets what it has read, for another width
or another theme too, so that it never looks at a machine that is training.
"""

from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import QEvent, QObject, QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QGuiApplication, QPixmap
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from nnstudio.explain.element import element_at
from nnstudio.explain.explanation import Explanation, Formula
from nnstudio.explain.formulas import explain
from nnstudio.explain.network import network
from nnstudio.explain.speech import spoken
from nnstudio.gui.context import Context
from nnstudio.gui.explanation.copying import CopyLink, Form, document
from nnstudio.gui.theme import Theme
from nnstudio.gui.widgets.panel_scroll import PanelScroll

from .panel import Panel

_NARROWEST = 160
_AROUND = 28
_PAUSE_HINT = "Pause (F6) to read the numbers of the operation at hand."
_INVITATION = "Press F10 to run the first operation, and read here what it computes."


class ExplanationPanel(Panel):
    """One section for what was done (or is chosen), one for what comes next."""

    _begun = Signal()

    def __init__(self, context: Context) -> None:
        super().__init__(context, "explanation_panel", "Explanation")
        self.typesetter = context.typesetter
        self.sections = (_Section("explanation_done"), _Section("explanation_next"))
        self._hint = _words()
        self._hint.setObjectName("explanation_hint")
        self.copy_link = CopyLink()
        self.copy_link.chosen.connect(self.copy)
        self._scroll = PanelScroll()
        self._fill()
        self._ready = False
        self._shows_network = False
        self._scroll.viewport().installEventFilter(self)
        self._settle = QTimer(self, singleShot=True, interval=0)
        self._settle.timeout.connect(self._typeset)
        self._look = QTimer(self, singleShot=True, interval=0)
        self._look.timeout.connect(self._look_at_focus)
        self._begun.connect(self._take_pictures, Qt.ConnectionType.QueuedConnection)

    @property
    def text(self) -> str:
        """All that is shown, as plain text."""
        hint = [self._hint.text()] if self._hint.text() else []
        return "\n\n".join([*hint, *(section.text for section in self.sections if section.text)])

    def copy(self, form: Form) -> None:
        shown = [section.explanation for section in self.sections if section.explanation is not None]
        QGuiApplication.clipboard().setText(self.text if form is Form.PLAIN else document(form, shown))
        self.context.session.message.emit(f"Copied the explanation as {form}")

    def rebuild(self) -> None:
        self._shows_network = False

    def refresh(self) -> None:
        if self.context.session.paused:
            self._shows_network = False
            self._show_operations()
        elif not self._shows_network:
            self._shows_network = True
            self._show("", None, "", None, _PAUSE_HINT)
            self.sections[0].show_explanation("", network(self.context.session.run.model))
        self._typeset()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() is QEvent.Type.Paint and not self._ready:
            self._ready = True  # the first picture of the window does not wait for typst
            QTimer.singleShot(0, self, self._typeset)
        elif event.type() is QEvent.Type.Resize and self._ready:
            self._settle.start()
        return super().eventFilter(watched, event)

    def _fill(self) -> None:
        column = self._scroll.column
        column.setSpacing(16)
        column.addWidget(self._hint)
        for section in self.sections:
            column.addWidget(section)
        column.addStretch(1)
        self.body.setContentsMargins(0, 0, 0, 12)
        self.body.addWidget(self._scroll)
        links = QHBoxLayout()
        links.setContentsMargins(16, 0, 16, 0)
        links.addWidget(self.copy_link)
        links.addStretch(1)
        self.body.addLayout(links)

    def _show_operations(self) -> None:
        """The chosen operation; else the last one and the next."""
        machine, chosen = self.context.session.machine, self.context.selection.chosen
        ops = machine.program.ops
        if self._show_inside():
            return
        if chosen.op is not None and chosen.op < len(ops):
            self._show(f"Operation {chosen.op + 1}: ", self._explain(chosen.op), "", None)
            return
        last = None if machine.last_op is None else (machine.pc - 1) % len(ops)
        following = self._explain(machine.pc, upcoming=True)
        if last is None:
            self._show("", None, "Next: ", following, _INVITATION)
        else:
            self._show("Just done: ", self._explain(last), "Next: ", _brief(following))

    def _show_inside(self) -> bool:
        """The element at work, or its sum as far as the term at hand."""
        stepping = self.context.stepping
        cursor, opened = stepping.cursor, stepping.opened
        if cursor is None or opened is None:
            return False
        lead = f"{stepping.standing().capitalize()}: "
        self._show(lead, opened.explain(cursor.element, cursor.term), "", None)
        return True

    def _explain(self, op: int, *, upcoming: bool = False) -> Explanation:
        context = self.context
        machine, chosen = context.session.machine, context.selection.chosen
        element = element_at(machine, machine.program.ops[op], chosen.slot, chosen.index, chosen.sample)
        return explain(machine, op, element, context.settings.decimals, upcoming=upcoming)

    def _show(
        self, done: str, explanation: Explanation | None, following: str, coming: Explanation | None, hint: str = ""
    ) -> None:
        self._hint.setText(hint)
        _show_if(self._hint, bool(hint))
        self.sections[0].show_explanation(done, explanation)
        self.sections[1].show_explanation(following, coming)

    def _typeset(self) -> None:
        """Begin with the formulas; the pictures are taken when the other panels have been brought up to date too."""
        if self._ready:
            self.typesetter.begin(*self._wanted())
            self._begun.emit()

    def _take_pictures(self) -> None:
        views = self._views()
        for view, picture in zip(views, self.typesetter.pictures(*self._wanted()), strict=True):
            view.show_picture(picture)
        self._look.start()

    def _look_at_focus(self) -> None:
        """Scroll to the row at hand of a long sum, now that its picture has its place."""
        viewport = self._scroll.viewport()
        for view in self._views():
            if view.focus is not None:
                height = view.picture.pixmap().deviceIndependentSize().height()
                below = view.picture.mapTo(viewport, QPoint(0, round(view.focus * height))).y()
                self._scroll.ensureVisible(0, below + self._scroll.verticalScrollBar().value(), 0, _AROUND)

    def _wanted(self) -> tuple[list[str], int, Theme, float]:
        """Which formulas, in which width, theme and pixel ratio."""
        column = self._scroll.column.contentsMargins()
        width = max(self._scroll.viewport().width() - column.left() - column.right(), _NARROWEST)
        sources = [view.source for view in self._views()]
        return sources, width, self.context.appearance.theme, self.devicePixelRatioF()

    def _views(self) -> "list[_FormulaView]":
        return [view for section in self.sections for view in section.formulas if view.source]


class _Section(QWidget):
    """A sentence and its formulas. Its labels are kept and filled anew."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setObjectName(name)
        self.headline = _words()
        self.note = _words()
        self.formulas: list[_FormulaView] = []
        self.explanation: Explanation | None = None
        """What is shown, with the words before it."""
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(8)
        self._layout.addWidget(self.headline)
        self._layout.addWidget(self.note)

    @property
    def text(self) -> str:
        return self.explanation.plain if self.explanation is not None else ""

    def show_explanation(self, lead: str, explanation: Explanation | None) -> None:
        _show_if(self, explanation is not None)
        if explanation is None:
            self.explanation = None
            self._show_formulas(())
            return
        self.explanation = replace(explanation, headline=lead + explanation.headline)
        self.headline.setText(self.explanation.headline)
        self.note.setText(explanation.note)
        _show_if(self.note, bool(explanation.note))
        self._show_formulas(explanation.formulas)

    def _show_formulas(self, formulas: Sequence[Formula]) -> None:
        while len(self.formulas) < len(formulas):
            view = _FormulaView()
            self.formulas.append(view)
            self._layout.addWidget(view)
        for number, view in enumerate(self.formulas):
            view.show_formula(formulas[number] if number < len(formulas) else None)


class _FormulaView(QWidget):
    """A formula as a picture; its plain text is what is read aloud, and what is shown where it cannot be typeset."""

    def __init__(self) -> None:
        super().__init__()
        self.caption = _words()
        self.picture = QLabel()
        self.picture.setTextFormat(Qt.TextFormat.PlainText)
        self.picture.setWordWrap(True)
        self.picture.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
        self.picture.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._formula: Formula | None = None
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addWidget(self.caption)
        layout.addWidget(self.picture)

    def show_formula(self, formula: Formula | None) -> None:
        _show_if(self, formula is not None)
        if formula is not None and formula != self._formula:
            self.caption.setText(formula.caption)
            _show_if(self.caption, bool(formula.caption))
            self.picture.setAccessibleName(spoken(formula))
            self.picture.setToolTip(formula.plain)
        self._formula = formula

    @property
    def source(self) -> str:
        """What is to be typeset, nothing while no formula is shown."""
        return self._formula.typst if self._formula else ""

    @property
    def focus(self) -> float | None:
        """How far down it is to be in sight."""
        return self._formula.focus if self._formula else None

    def show_picture(self, picture: QPixmap | None) -> None:
        """The typeset formula, or its plain text where there is none."""
        if picture is None:
            self.picture.setText(self._formula.plain if self._formula else "")
        elif picture.cacheKey() != self.picture.pixmap().cacheKey():
            self.picture.setPixmap(picture)


def _brief(explanation: Explanation) -> Explanation:
    """What comes next, by its first formula alone."""
    return replace(explanation, formulas=explanation.formulas[:1], note="")


def _show_if(widget: QWidget, wanted: bool) -> None:
    """Show or hide; asking first is far cheaper than telling Qt what is so already."""
    if widget.isHidden() is wanted:
        widget.setVisible(wanted)


def _words() -> QLabel:
    """Quiet words, as long as they need."""
    label = QLabel()
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setWordWrap(True)
    label.setProperty("muted", True)
    return label
