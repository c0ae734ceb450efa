"""The tool: every path from the chosen weight or bias to the cost, their sum, the machine's gradient beside it, the
same layer by layer, and what each way costs.

All is read in `refresh`, while the window has the machine; pointing at a path looks at nothing but what was read. Where
the largest of very many paths take long to be found, all else is shown before.
"""

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout

from nnstudio.engine.ops import Phase
from nnstudio.explain.chain import Chain
from nnstudio.explain.chain_rule import MOST_SHOWN, heading, missing, rows, share, sums, symbol, verdict
from nnstudio.explain.counts import remark, tally
from nnstudio.explain.element import parameter_at
from nnstudio.explain.explanation import Explanation
from nnstudio.explain.recursion import recursion
from nnstudio.gui.explanation.copying import CopyLink, Form, document
from nnstudio.gui.explanation.page import FormulaPage
from nnstudio.gui.explanation.section import Section, show_if
from nnstudio.gui.tools.view import ToolView
from nnstudio.gui.widgets.panel_scroll import bring_into_view
from nnstudio.gui.widgets.progress_line import ProgressLine
from nnstudio.training.keyframes import Moment
from nnstudio.training.waypoints import before_last_update

from .path_list import INSET, PathList
from .searching import PathSearch
from .tally_view import TallyView

_PAUSE = "Pause (F6) to read the chain rule of the mini-batch at hand."

_SECTIONS = ("chain_about", "chain_sums", "chain_verdict", "chain_layers")


class ChainRuleView(ToolView):
    def compose(self) -> None:
        self.about, self.sums, self.verdict, self.layers = map(Section, _SECTIONS)
        self.paths = PathList(self.context.appearance)
        self.search = PathSearch(self)
        self.progress = ProgressLine(self.search, "Comparing the paths", "chain", self)
        self.search.ended.connect(self._searched)
        self.tally = TallyView()
        self.go, self.back = QPushButton("Run to the update"), QPushButton("Back to before the update")
        self.go.setObjectName("chain_run")
        self.go.setToolTip("Run the pass forward and the pass backward, as far as the update of the weights")
        self.back.setObjectName("chain_back")
        self.back.setToolTip("Where the weights are still those that the pass backward worked with")
        for link in (self.go, self.back):
            link.setAccessibleName(link.text())
            link.setProperty("link", True)
        self.copy_link = CopyLink()
        self.copy_link.setObjectName("chain_copy")
        self.copy_link.setAccessibleName("Copy the chain rule")
        self.copy_link.setToolTip("Copy the chain rule as plain text, typst or LaTeX")
        self.copy_link.chosen.connect(self.copy)
        sections = self.about, self.paths, self.sums, self.verdict, self.layers
        self.page = FormulaPage(self.context, *sections, margin=0, inset=INSET)
        self._lay_out()
        self.setFocusProxy(self.paths)
        self.go.clicked.connect(self._run)
        self.back.clicked.connect(self._go_back)
        self.paths.pointed.connect(self._light)

    def copy(self, form: Form) -> None:
        """All that is written, in one of the forms."""
        shown = [section.explanation for section in self.page.sections if section.explanation is not None]
        QGuiApplication.clipboard().setText(document(form, shown))
        self.context.session.message.emit(f"Copied the chain rule as {form}")

    def refresh(self) -> None:
        """Bring all up to date; while training there is no one moment to write down."""
        if not self.context.session.paused:
            self.search.forget()
            self._show_words(Explanation("", (), _PAUSE))
        else:
            chosen, machine = self.context.selection.chosen, self.context.shown.machine
            slot, index = parameter_at(machine, chosen.slot, chosen.index)
            chain = Chain(machine, slot, index, min(chosen.sample, machine.program.batch_size - 1))
            with np.errstate(all="ignore"):  # a NaN is shown, not warned of
                self._show(chain)
        self.page.typeset()

    def leave_sight(self) -> None:
        self.context.lighting.light(())
        self.search.forget()

    def close_tool(self) -> None:
        self.search.forget()

    def _lay_out(self) -> None:
        column = self.page.column
        links = QHBoxLayout()
        links.setSpacing(16)
        for link in (self.back, self.go):
            links.addWidget(link)
        links.addStretch(1)
        column.insertLayout(1, links)
        column.insertWidget(2, self.progress)
        column.insertWidget(column.indexOf(self.layers), self.tally)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.page)
        layout.addWidget(self.copy_link, 0, Qt.AlignmentFlag.AlignLeft)

    def _show(self, chain: Chain) -> None:
        decimals, spec = self.context.settings.decimals, chain.machine.model.spec
        found = self.search.ask(chain.paths) if chain.known else chain.paths.first(MOST_SHOWN)
        written = rows(chain, decimals, found) if found else ()
        note = share(chain, written, found) if found else self._why_not_yet
        self.about.show_explanation("", Explanation(heading(chain), (), missing(chain) or note))
        show_if(self.go, not chain.known)
        show_if(self.back, chain.overwritten and self._before_update < self.context.session.debugger.timeline.here)
        self.paths.show_rows(written)
        show_if(self.paths, bool(written))
        totals = sums(chain, decimals)
        self.sums.show_explanation("", totals if totals.formulas else None)
        said = verdict(chain)
        self.verdict.show_explanation("", Explanation(said, ()) if said else None)
        self.layers.show_explanation("", recursion(chain, decimals))
        self.tally.show_lines(tally(spec, chain.count, symbol(chain).plain, chain.batch_size), remark(spec))
        for widget in (self.tally, self.copy_link):
            show_if(widget, True)

    def _show_words(self, words: Explanation) -> None:
        """Say why nothing is written. While training that is said at each frame, and done once."""
        if self.tally.isHidden() and words == self.about.explanation:
            return
        self.about.show_explanation("", words)
        self.paths.show_rows(())
        for section in (self.sums, self.verdict, self.layers):
            section.show_explanation("", None)
        for widget in (self.paths, self.tally, self.go, self.back, self.copy_link):
            show_if(widget, False)

    def _light(self, row: int | None) -> None:
        self.context.lighting.light(() if row is None else self.paths.rows[row].places)
        if row is not None and self.paths.hasFocus():
            bring_into_view(self.paths.view_of(row))

    def _searched(self) -> None:
        """The largest are found now, or will not be."""
        if self.isVisible() and self.context.session.paused:
            self.refresh()

    @property
    def _why_not_yet(self) -> str:
        if self.search.given_up:
            return "They were not looked through to the end. After the next step that begins anew."
        return self.search.problem or "They are being compared with all others."

    @property
    def _before_update(self) -> Moment:
        return before_last_update(self.context.session.machine)

    def _go_back(self) -> None:
        self.context.session.travel.go_to(self._before_update)

    def _run(self) -> None:
        """As far as the update, behind which the weights of the pass backward are gone."""
        session = self.context.session
        ops = session.machine.next_program.ops
        session.run_to_operation(next(n for n, op in enumerate(ops) if op.phase is Phase.UPDATE))
