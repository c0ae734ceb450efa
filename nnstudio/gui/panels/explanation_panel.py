"""The explanation: the operation that has just run, its formula with symbols and numbers, and what comes next.

The numbers are read once a refresh, in `refresh`, so that it never looks at a machine that is training.
"""

from dataclasses import replace

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QHBoxLayout

from nnstudio.explain.element import element_at
from nnstudio.explain.explanation import Explanation
from nnstudio.explain.formulas import explain
from nnstudio.explain.network import network
from nnstudio.gui.context import Context
from nnstudio.gui.explanation.copying import CopyLink, Form, document
from nnstudio.gui.explanation.page import FormulaPage
from nnstudio.gui.explanation.section import Section, quiet_words, show_if

from .panel import Panel

_PAUSE_HINT = "Pause (F6) to read the numbers of the operation at hand."
_INVITATION = "Press F10 to run the first operation, and read here what it computes."


class ExplanationPanel(Panel):
    """One section for what was done (or is chosen), one for what comes next."""

    def __init__(self, context: Context) -> None:
        super().__init__(context, "explanation_panel", "Explanation")
        self.sections = (Section("explanation_done"), Section("explanation_next"))
        self._hint = quiet_words()
        self._hint.setObjectName("explanation_hint")
        self.copy_link = CopyLink()
        self.copy_link.chosen.connect(self.copy)
        self._page = FormulaPage(context, *self.sections)
        self._shows_network = False
        self._fill()

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
        self._page.typeset()

    def _fill(self) -> None:
        self._page.column.insertWidget(0, self._hint)
        self.body.setContentsMargins(0, 0, 0, 12)
        self.body.addWidget(self._page)
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
        show_if(self._hint, bool(hint))
        self.sections[0].show_explanation(done, explanation)
        self.sections[1].show_explanation(following, coming)


def _brief(explanation: Explanation) -> Explanation:
    """What comes next, by its first formula alone."""
    return replace(explanation, formulas=explanation.formulas[:1], note="")
