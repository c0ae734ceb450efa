"""Why is this number? Of whatever is chosen in the window. Choosing an input asks about it, and all panels go along."""

from dataclasses import replace

from PySide6.QtCore import QEvent, QObject, QSize, Qt
from PySide6.QtGui import QAction, QKeySequence, QResizeEvent
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout

from nnstudio.engine.arena import PARAMETERS
from nnstudio.explain.contributions import contributions, gradient_of
from nnstudio.explain.explanation import Explanation
from nnstudio.explain.numbers import fixed
from nnstudio.explain.terms import Place
from nnstudio.explain.through_time import through_time
from nnstudio.explain.why import Why, why
from nnstudio.gui.explanation.page import FormulaPage
from nnstudio.gui.explanation.section import Section, quiet_words, show_if
from nnstudio.gui.inspector.block import index_for
from nnstudio.gui.panels.panel import Panel
from nnstudio.gui.tools.view import ToolView
from nnstudio.gui.widgets.segmented import Segmented
from nnstudio.training.course import sketch
from nnstudio.training.keyframes import Moment

from .crumbs import Crumbs
from .pages import InputsPage, SamplesPage, TimePage
from .retracing import CourseFinder
from .rows import UNKNOWN, course_words
from .trail import Stop, Trail

INPUTS, TIME, SAMPLES = "Inputs", "Through time", "By sample"
_LEAST_FORMULA, _FORMULA_SHARE = 64, 0.38
_ALL_UPDATES = "its initial value, and all updates since"
_PAUSE_HINT = "Pause (F6) to ask why a number is what it is."


_Saying = tuple[str, Explanation]
"""What is said above the lists: the words before it, and the explanation."""


class WhyView(ToolView):
    interval = Panel.READABLE

    def compose(self) -> None:
        appearance = self.context.appearance
        self.trail = Trail()
        self.finder = CourseFinder(self.context.session, self)
        self.crumbs = Crumbs(self.trail, appearance)
        self.hint = quiet_words()
        self.hint.setText(_PAUSE_HINT)
        self.section = Section("why_formula")
        self.page = FormulaPage(self.context, self.section, margin=0)
        self.inputs, self.samples = InputsPage(appearance), SamplesPage(appearance)
        self.time = TimePage(self.finder, appearance)
        self.pages: dict[str, InputsPage | TimePage | SamplesPage] = {
            INPUTS: self.inputs,
            TIME: self.time,
            SAMPLES: self.samples,
        }
        self.views = Segmented([INPUTS], "What is shown of the number")
        self.stack = QStackedWidget()
        for page in self.pages.values():
            self.stack.addWidget(page)
        self._sayings: dict[str, _Saying] = {}
        self._leading = False
        self._lay_out()
        self._connect()

    def rebuild(self) -> None:
        self.finder.forget()
        self.trail.clear()

    def refresh(self) -> None:
        if self._leading:
            return
        paused = self.context.session.paused
        show_if(self.hint, not paused)
        for widget in (self.page, self.stack):
            show_if(widget, paused)
        if paused:
            self._show_chosen()
        else:
            self.finder.rest()
            show_if(self.views, False)
        self.crumbs.refresh()

    def close_tool(self) -> None:
        self.finder.forget()

    def sizeHint(self) -> QSize:
        return QSize(360, 440)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.LayoutRequest, QEvent.Type.Resize):
            self._fit_formula()
        return super().eventFilter(watched, event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_formula()

    def _fit_formula(self) -> None:
        """The formula takes the room it needs, but leaves more than half of it to what is below."""
        needed = max(self.page.sizeHint().height(), _LEAST_FORMULA)
        self.page.setFixedHeight(min(needed, max(round(_FORMULA_SHARE * self.height()), _LEAST_FORMULA)))

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(self.crumbs)
        column.addWidget(self.hint)
        column.addWidget(self.page)
        column.addWidget(self.views, 0, Qt.AlignmentFlag.AlignLeft)
        column.addWidget(self.stack, 1)
        column.addStretch()
        self.setFocusProxy(self.inputs.list)

    def _connect(self) -> None:
        self.page.content.installEventFilter(self)
        self.crumbs.asked.connect(self._go_to)
        self.crumbs.back.clicked.connect(self._go_back)
        self.crumbs.forward.clicked.connect(self._go_forward)
        for keys, go in ((_key("Back"), self._go_back), (_key("Forward"), self._go_forward)):
            action = QAction(self)
            action.setShortcuts(keys)
            action.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            action.triggered.connect(go)
            self.addAction(action)
        self.views.chosen.connect(self._view_chosen)
        self.inputs.asked.connect(self._ask)
        self.time.asked.connect(self._travel)
        self.samples.asked.connect(self.context.selection.choose_sample)
        self.finder.changed.connect(self._course_changed)

    def _show_chosen(self) -> None:
        machine, chosen = self.context.shown.machine, self.context.selection.chosen
        slot = machine.slot(chosen.slot if chosen.slot in machine.program.arena else "W1")
        index = index_for(slot, chosen.index, chosen.sample)
        self.trail.visit(Stop(slot.name, index, chosen.sample))
        told = why(machine, slot.name, index, chosen.sample, self._decimals)
        self.inputs.show_why(told, self._decimals)
        self._sayings = {INPUTS: _saying(told, self._decimals)}
        gradient = gradient_of(machine, slot.name)
        if gradient is not None:
            self._sayings[SAMPLES] = self._by_sample(gradient, index, chosen.sample)
        if slot.role in PARAMETERS:
            self._sayings[TIME] = self._through_time(told)
        first = TIME if slot.role in PARAMETERS else SAMPLES if gradient is not None else INPUTS
        self._offer([first, *(view for view in self.pages if view in self._sayings and view != first)])

    def _offer(self, views: list[str]) -> None:
        """The views of this kind of number; of another kind than before, the first of them."""
        same = self._offered == views
        self._offered = views
        self.views.set_texts(views)
        if not same:
            self.views.choose(views[0])
        show_if(self.views, len(views) > 1)
        self._view_chosen(self.views.current)

    def _by_sample(self, gradient: str, index: tuple[int, ...], sample: int) -> _Saying:
        """The gradient, and what each sample has to do with it."""
        machine, decimals = self.context.shown.machine, self._decimals
        told = why(machine, gradient, index, sample, decimals)
        self.samples.show_parts(contributions(machine, gradient, index), told.symbol.plain, sample, decimals)
        return _saying(told, decimals)

    def _through_time(self, told: Why) -> _Saying:
        """The sum of all updates, once it is known."""
        (slot, index), session, decimals = told.place, self.context.session, self._decimals
        lead = _lead(told, decimals)
        self.finder.ask(slot, index)
        course = self.finder.course
        if course is None:
            self.time.show_sketch(*sketch(session.debugger.timeline, slot, index), decimals)
            return lead, Explanation(_ALL_UPDATES, ())
        self.time.show_course(course, session.machine.batches.per_epoch, decimals)
        return lead, Explanation(course_words(course), (through_time(told.symbol, course, decimals),))

    @property
    def _decimals(self) -> int:
        return self.context.settings.decimals

    def _view_chosen(self, view: str) -> None:
        self.stack.setCurrentWidget(self.pages[view])
        self.setFocusProxy(self.pages[view].list)
        self.section.show_explanation(*self._sayings[view])
        self.page.typeset()

    def _ask(self, place: Place) -> None:
        self.context.selection.choose(*place)

    def _travel(self, moment: Moment) -> None:
        self.context.session.travel.go_to(moment)

    def _course_changed(self) -> None:
        if not self.finder.at_work and self.context.session.paused and self.isVisible():
            self.refresh()

    def _go_back(self) -> None:
        self._go_to(self.trail.at - 1)

    def _go_forward(self) -> None:
        self._go_to(self.trail.at + 1)

    def _go_to(self, at: int) -> None:
        """To a stop of the trail: it becomes what is chosen in the window."""
        session, selection = self.context.session, self.context.selection
        stop = self.trail.go_to(at) if session.paused else None
        if stop is None:
            return
        machine = self.context.shown.machine
        sample = min(stop.sample, machine.program.batch_size - 1)
        self._leading = True
        selection.choose(stop.slot, index_for(machine.slot(stop.slot), stop.index, sample))
        selection.choose_sample(sample)
        self._leading = False
        self.refresh()

    _offered: list[str] | None = None


def _saying(told: Why, decimals: int) -> _Saying:
    """The explanation, and why there is no number, or where it comes from."""
    note = " ".join(filter(None, (told.reason, told.explanation.note)))
    return _lead(told, decimals), replace(told.explanation, note=note)


def _lead(told: Why, decimals: int) -> str:
    return f"{told.symbol.plain} = {fixed(told.value, decimals) if told.value is not None else UNKNOWN}: "


def _key(name: str) -> QKeySequence.StandardKey:
    return getattr(QKeySequence.StandardKey, name)  # type: ignore[no-any-return]
