"""The explanation of the operation that has just run, or is chosen, at three depths: its idea, all its matrices, or one
neuron with each of its numbers and what comes next.

The numbers are read once a refresh, in `refresh`, so that it never looks at a machine that is training.
"""

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QHBoxLayout, QPushButton

from nnstudio.engine.machine import Machine
from nnstudio.explain.element import Element, element_at
from nnstudio.explain.explanation import Explanation
from nnstudio.gui.context import Context
from nnstudio.gui.explanation.chain_link import ChainLink
from nnstudio.gui.explanation.copying import CopyLink, Form, document
from nnstudio.gui.explanation.depths import SETTING, Depth, depth_of
from nnstudio.gui.explanation.page import FormulaPage
from nnstudio.gui.explanation.parts import Parts
from nnstudio.gui.explanation.section import Section, quiet_words, show_if
from nnstudio.gui.why.menus import QUESTION, ask_why
from nnstudio.gui.widgets.segmented import Segmented

from .panel import Panel

if TYPE_CHECKING:
    from nnstudio.explain.reading import Reading

_PAUSE_HINT = "Pause (F6) to read the numbers of the operation at hand."
_INVITATION = "Press F10 to run the first operation, and read here what it computes."


@dataclass(frozen=True, slots=True)
class _AtHand:
    """The operation to explain, and the words before it."""

    lead: str
    op: int
    upcoming: bool = False


class ExplanationPanel(Panel):
    """One section for what was done (or is chosen), the parts of its depth, and a section for what comes next."""

    def __init__(self, context: Context) -> None:
        super().__init__(context, "explanation_panel", "Explanation")
        self.sections = (Section("explanation_done"), Section("explanation_next"))
        self._hint = quiet_words()
        self._hint.setObjectName("explanation_hint")
        self.why_link = QPushButton(QUESTION)
        self.why_link.setObjectName("why_link")
        self.why_link.setAccessibleName(QUESTION)
        self.why_link.setProperty("link", True)
        self.why_link.setToolTip("Ask why the chosen number is what it is")
        self.why_link.clicked.connect(self._ask_why)
        self.chain_link = ChainLink(context)
        self.copy_link = CopyLink()
        self.copy_link.chosen.connect(self.copy)
        self._page = FormulaPage(context, *self.sections)
        self._page.woke.connect(self._request_when_paused)
        self._shows_network = False
        self._fill()
        column = self._page.column
        self.parts = Parts(context, column, column.indexOf(self.sections[0]) + 1)
        self.depths = Segmented(list(Depth), "Depth of the explanation")
        self.depths.choose(context.settings.value(SETTING, Depth.SCALAR))
        self.depths.chosen.connect(self._remember_depth)
        context.settings.changed.connect(self._follow_setting)
        self.header.add(self.depths)

    @property
    def awake(self) -> bool:
        """Whether it has been painted; before that it explains nothing."""
        return self._page.ready

    @property
    def text(self) -> str:
        """All that is shown, as plain text."""
        hint = [self._hint.text()] if self._hint.text() else []
        return "\n\n".join([*hint, *(explanation.plain for explanation in self._shown())])

    def copy(self, form: Form) -> None:
        QGuiApplication.clipboard().setText(self.text if form is Form.PLAIN else document(form, self._shown()))
        self.context.session.message.emit(f"Copied the explanation as {form}")

    def rebuild(self) -> None:
        self._shows_network = False

    def refresh(self) -> None:
        if not self.awake:  # the first picture of the window does not wait for what explains it
            return
        if self.context.session.paused:
            self._shows_network = False
            self._show_at_depth(depth_of(self.depths.current))
        elif not self._shows_network:
            self._shows_network = True
            from nnstudio.explain.network import network

            run = self.context.session.run
            self._show("", network(run.model, weighted=run.machine.w is not None), "", None, _PAUSE_HINT)
            self.parts.keep(None)
        self.chain_link.follow()
        self._page.typeset()

    def _ask_why(self) -> None:
        ask_why(self.context)

    def _fill(self) -> None:
        self._page.column.insertWidget(0, self._hint)
        self.body.setContentsMargins(0, 0, 0, 12)
        self.body.addWidget(self._page)
        links = QHBoxLayout()
        links.setContentsMargins(16, 0, 16, 0)
        links.setSpacing(24)
        links.addWidget(self.why_link)
        links.addWidget(self.chain_link)
        links.addWidget(self.copy_link)
        links.addStretch(1)
        self.body.addLayout(links)

    def _show_at_depth(self, depth: Depth) -> None:
        if depth is Depth.SCALAR:
            self._show_operations()
        else:
            at = self._at_hand()
            show = self.parts.show_matrices if depth is Depth.MATRIX else self.parts.show_idea
            self._show(at.lead, show(self._reading(at)), "", None)
        self.parts.keep(depth)

    def _show_operations(self) -> None:
        """One neuron of the operation at hand, and of the next one unless one is chosen."""
        if self._show_inside():
            self.parts.show_graph(self._reading(self._at_hand()))
            return
        at = self._at_hand()
        explained = self._explain(at)
        self.parts.show_graph(self._reading(at))
        if at.upcoming:
            self._show("", None, at.lead, explained, _INVITATION)
            return
        chosen = self.context.selection.chosen.op == at.op or self.context.shown.study is not None
        following = _AtHand("Next: ", self.context.session.machine.pc, upcoming=True)
        self._show(at.lead, explained, following.lead, None if chosen else self._brief(following))

    def _show_inside(self) -> bool:
        """The element at work, or its sum as far as the term at hand."""
        stepping = self.context.stepping
        cursor, opened = stepping.cursor, stepping.opened
        if cursor is None or opened is None:
            return False
        lead = f"{stepping.standing().capitalize()}: "
        self._show(lead, opened.explain(cursor.element, cursor.term), "", None)
        return True

    def _at_hand(self) -> _AtHand:
        """The operation that is gone into, the chosen one, the last one, or at the start the next."""
        stepping, chosen, machine = (
            self.context.stepping,
            self.context.selection.chosen.op,
            self.context.session.machine,
        )
        if stepping.opened is not None:
            return _AtHand(f"{stepping.standing().capitalize()}: ", machine.pc, upcoming=True)
        if chosen is not None and chosen < len(machine.program.ops):
            return _AtHand(f"Operation {chosen + 1}: ", chosen)
        if self.context.shown.study is not None:
            return _AtHand(f"Row {self.context.shown.study.table_row + 1}: ", self.context.shown.telling)
        if machine.last_op is None:
            return _AtHand("Next: ", machine.pc, upcoming=True)
        return _AtHand("Just done: ", (machine.pc - 1) % len(machine.program.ops))

    def _explain(self, at: _AtHand) -> Explanation:
        from nnstudio.explain.formulas import explain

        (machine, op), decimals = self.context.shown.operation(at.op), self.context.settings.decimals
        return explain(machine, op, self._element(machine, op), decimals, upcoming=at.upcoming)

    def _brief(self, at: _AtHand) -> Explanation:
        """What comes next, by its first formula alone, and what a person did to it."""
        from nnstudio.explain.by_hand import by_hand

        explanation = self._explain(at)
        return replace(explanation, formulas=explanation.formulas[:1], note=by_hand(self._reading(at)))

    def _reading(self, at: _AtHand) -> "Reading":
        from nnstudio.explain.reading import Reading

        (machine, op), decimals = self.context.shown.operation(at.op), self.context.settings.decimals
        return Reading(machine, op, self._element(machine, op), decimals, at.upcoming)

    def _element(self, machine: Machine, op: int) -> Element:
        chosen = self.context.selection.chosen
        return element_at(machine, machine.program.ops[op], chosen.slot, chosen.index, chosen.sample)

    def _shown(self) -> list[Explanation]:
        """All that is shown, but for the hint."""
        done, coming = (section.explanation for section in self.sections)
        return [explanation for explanation in (done, *self.parts.text(), coming) if explanation is not None]

    def _remember_depth(self, text: str) -> None:
        self.context.settings.set_value(SETTING, text)

    def _follow_setting(self, key: str) -> None:
        """A lesson sets the depth too."""
        if key == SETTING:
            self.depths.choose(self.context.settings.value(SETTING, Depth.SCALAR))

    def _show(
        self, done: str, explanation: Explanation | None, following: str, coming: Explanation | None, hint: str = ""
    ) -> None:
        self._hint.setText(hint)
        show_if(self._hint, bool(hint))
        self.sections[0].show_explanation(done, explanation)
        self.sections[1].show_explanation(following, coming)
