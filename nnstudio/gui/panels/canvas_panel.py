"""The drawing: it takes the numbers of the moment, hands them to the view, and turns what is done there into choices
and edits."""

from PySide6.QtCore import QPoint
from PySide6.QtGui import QFocusEvent, QFont
from PySide6.QtWidgets import QMenu

from nnstudio.engine.ops import OpKind
from nnstudio.explain import numbers
from nnstudio.gui.breakpoints.menus import add_break_when
from nnstudio.gui.canvas import target as targets
from nnstudio.gui.canvas.captions import captions_of, scale_text
from nnstudio.gui.canvas.card import HoverCard
from nnstudio.gui.canvas.facts import Facts, facts_of
from nnstudio.gui.canvas.flow import Flow
from nnstudio.gui.canvas.layout import MOST_DRAWN, Layout, arrange
from nnstudio.gui.canvas.legend import Legend
from nnstudio.gui.canvas.plane import Plane
from nnstudio.gui.canvas.reading import InputScales, Reader, Reading, Shown
from nnstudio.gui.canvas.target import Kind, Target, Walk, target_of
from nnstudio.gui.canvas.view import NetworkView
from nnstudio.gui.context import Context
from nnstudio.gui.data.summary import name_symbol
from nnstudio.gui.selection import Chosen
from nnstudio.gui.session import RunState
from nnstudio.gui.theme import Theme
from nnstudio.gui.watch_list.menus import add_watch
from nnstudio.gui.why.menus import add_why
from nnstudio.gui.widgets.segmented import Segmented
from nnstudio.training.preview import Preview, Values
from nnstudio.training.run import Run

from .panel import Panel

_SHOWN_KEY = "canvas_shown"
_SCALE_KEY = "canvas_scale"
_MOST_LIVE_PARAMETERS = 4000
"""Up to this size the change is shown while training too; it takes a whole iteration to find."""


class CanvasPanel(Panel):
    def __init__(self, context: Context) -> None:
        super().__init__(context, "canvas_panel", "Network")
        small = QFont(self.font())
        small.setPixelSize(11)
        plain = QFont(self.font())
        plain.setPixelSize(13)
        self.view = NetworkView(plain, small)
        self.card = HoverCard(self.view, small)
        self.legend = Legend()
        self.shown = Segmented([shown.value for shown in Shown], "Edges show")
        self.flow = Flow(self)
        self._layout: Layout | None = None
        self._reader: Reader | None = None
        self._scales: InputScales | None = None
        self._plane: Plane | None = None
        self._walk: Walk | None = None
        self._reading: Reading | None = None
        self._theme: Theme | None = None
        self._preview = Preview()
        self._pointed: Target | None = None
        self._held: Target | None = None
        """What the card stays at: reached by keys, or being edited."""
        self._place = (-1, -1)
        self.header.add(self.legend, spare=True)
        self.header.add(self.shown)
        self.body.setContentsMargins(8, 0, 8, 4)
        self.body.addWidget(self.view)
        self.shown.choose(context.settings.value(_SHOWN_KEY, Shown.WEIGHTS.value))
        self._connect()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """The drawing takes it. (With a focus proxy, the Tab key would pass over the controls in the header.)"""
        super().focusInEvent(event)
        self.view.setFocus(event.reason())

    def rebuild(self) -> None:
        self._held = self._pointed = None
        self.card.leave()
        self._preview.forget()
        self._scales = None
        run = self.context.session.run
        spec = run.model.spec.network
        names = tuple(map(name_symbol, run.data.input_names)) if spec.inputs <= MOST_DRAWN else ()
        classes = run.data.target_names if 1 < spec.outputs <= MOST_DRAWN else ()
        self.view.captions.set_words(captions_of(spec), names, classes)
        self.view.setAccessibleDescription(f"{'-'.join(map(str, spec.widths))} network")
        self._lay_out()

    def refresh(self) -> None:
        if self._layout is None or self._reader is None:
            return
        session, theme = self.context.session, self.context.appearance.theme
        if theme is not self._theme:
            self._set_theme(theme)
        sample = self.context.shown.sample
        shown = self._shown()
        change = self._after() if shown is Shown.CHANGE else None
        at_work = self._at_work()
        self._reading = self._reader.read(
            self.context.shown.machine,
            sample,
            shown,
            change,
            paused=session.paused and self.context.shown.study is None,
            inside=at_work is not None,
        )
        if self._plane is not None:
            self._plane.update(theme)
        self.view.take(self._reading, whole=self._whole())
        self.view.mark(target_of(self.context.selection.chosen))
        self.view.light(at_work or ())
        self._show_legend(self._reading)
        self._show_card()
        self._follow_gradient(self._reading)

    def _connect(self) -> None:
        self.view.pointed.connect(self._point_at)
        self.view.picked.connect(self._pick)
        self.view.edit_wanted.connect(self._edit)
        self.view.walked.connect(self._step)
        self.view.turned.connect(self._turn)
        self.view.menu_wanted.connect(self._open_menu)
        self.view.escaped.connect(self._escape)
        self.view.resized.connect(self._resized)
        self.card.committed.connect(self._commit)
        self.card.left.connect(self._edit_left)
        self.legend.chosen.connect(self._scale_chosen)
        self.shown.chosen.connect(self._shown_chosen)
        self.flow.moved.connect(self.view.edges.set_flow)
        self.flow.ended.connect(self._flow_ended)
        self.context.session.state_changed.connect(self._state_changed)
        self.context.lighting.changed.connect(self._light_path)

    def _light_path(self) -> None:
        found = [target_of(Chosen(slot, index)) for slot, index in self.context.lighting.path]
        self.view.light_path(tuple(target for target in found if target is not None))

    def _open_menu(self, target: Target | None, place: QPoint) -> None:
        """What can be done with a neuron, a bias or a weight."""
        if target is not None:
            self._pick(target)
        target = target_of(self.context.selection.chosen)
        if target is None:
            return
        menu = QMenu(self)
        menu.setObjectName("value_menu")
        add_why(menu, self.context)
        add_watch(menu, target.slot, target.index(self.context.selection.chosen.sample), self.context)
        add_break_when(menu, target.slot, target.index(self.context.selection.chosen.sample), self.context)
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(place)

    def _lay_out(self) -> None:
        """Place the network in the view. Where the same units of the same run are drawn, they keep what they show:
        while training, the machine may not be asked before the next frame."""
        run = self.context.session.run
        widths, size = run.model.spec.network.widths, self.view.viewport().size()
        left, right = self.view.captions.margins()
        layout = arrange(widths, size.width(), size.height(), left=left, right=right)
        biased = frozenset(layer for layer in range(1, len(widths)) if f"b{layer}" in run.model.parameters)
        if self._scales is None or self._scales.X is not run.machine.X:  # resized before it is rebuilt for another run
            self._scales, self._layout = InputScales(run.machine.X), None
        if self._layout is None or not layout.draws_as(self._layout):
            self._plane, self._reading = self._plane_of(run, layout), None
        self._layout = layout
        self._reader = Reader(layout, run.model.activations, self._scales)
        self._walk = Walk(layout, biased)
        self.view.set_layout(layout, self._plane, biased)
        if self._reading is not None:
            self.view.take(self._reading, whole=self._whole())

    def _plane_of(self, run: Run, layout: Layout) -> Plane | None:
        """A picture for each neuron, where two columns make a plane."""
        data = run.data
        if data.axes != 2:
            return None
        if data.plain:
            return Plane(run.model, layout, run.machine.X)
        return Plane(run.model, layout, data.raw(data.train.rows), data.inputs_of)

    def _resized(self) -> None:
        if self._layout is None or not self.isVisible():
            return
        self._lay_out()
        place = self.view.place_of(self._held) if self._held is not None else None
        if place is not None:
            self.card.place(place)
        self._request_when_paused()  # while training, the next frame is near

    def _set_theme(self, theme: Theme) -> None:
        self._theme = theme
        for part in (self.view, self.card, self.legend):
            part.set_theme(theme)

    def _shown(self) -> Shown:
        return Shown(self.shown.current)

    def _whole(self) -> bool:
        return self.context.settings.value(_SCALE_KEY, "layer") == "network"

    def _after(self) -> Values | None:
        """The parameters after this update, where finding them costs little enough."""
        session = self.context.session
        if session.paused or session.run.model.spec.network.parameters <= _MOST_LIVE_PARAMETERS:
            return self._preview.after(session.run)
        return None

    def _at_work(self) -> tuple[Target, ...] | None:
        """The element and the term that are looked at below an operation, None above."""
        stepping = self.context.stepping
        cursor, opened = stepping.cursor, stepping.opened
        if cursor is None or opened is None:
            return None
        places = [place for place in opened.at_work(cursor.element, cursor.term) if place is not None]
        found = [target_of(Chosen(slot, index)) for slot, index in places]
        return tuple(target for target in found if target is not None)

    def _show_legend(self, reading: Reading) -> None:
        whole = self._whole()
        largest = reading.scale(1, whole=True)
        known = reading.edges[0].freshness
        text = scale_text(reading.shown, largest, known) if whole else "per layer"
        self.legend.show_scale(text, whole=whole)

    def _shown_chosen(self, text: str) -> None:
        self.context.settings.set_value(_SHOWN_KEY, text)

    def _scale_chosen(self, scale: str) -> None:
        self.context.settings.set_value(_SCALE_KEY, scale)

    def _point_at(self, found: Target | None, place: QPoint) -> None:
        self._pointed = found
        if found is not None and not self.card.editing:
            self._held = None
            self.card.place(place)
        if self.context.session.paused:
            self._show_card()
        elif found is None and not self.card.editing:
            self.card.hide()

    def _show_card(self) -> None:
        """Bring the card up to date, while the machine is the window's."""
        about = self._held or self._pointed
        if about is None:
            self.card.hide()
            return
        session, shown = self.context.session, self.context.shown
        after = self._preview.after if session.paused and shown.study is None else None
        facts = facts_of(about, shown.run, shown.sample, after)
        self.card.show_facts(facts, self._note(about, facts))
        if about == self._held:
            self.view.setAccessibleDescription(f"{about.kind} in layer {about.layer}: {facts.spoken()}")

    def _note(self, about: Target, facts: Facts) -> str:
        if facts.editable is None or about != target_of(self.context.selection.chosen):
            return ""
        return "click or press Enter to edit" if self.context.session.paused else "pause to edit"

    def _chosen(self) -> Target | None:
        """What is chosen, if this network has it: the selection may be older than the network."""
        found = target_of(self.context.selection.chosen)
        arena = self.context.shown.machine.program.arena
        if found is None or found.slot not in arena:
            return None
        shape = arena.slot(found.slot).shape
        inside = all(place < size for place, size in zip(found.index(0), shape, strict=True))
        return found if inside else None

    @property
    def _row(self) -> int:
        """The row of the mini-batch that the chosen sample is in."""
        return min(self.context.shown.sample, self.context.shown.machine.program.batch_size - 1)

    def _output_known(self, target: Target) -> bool:
        session = self.context.session
        return session.paused and self.context.shown.study is None and session.machine.is_fresh(target.slot)

    def _choose(self, target: Target) -> None:
        self.context.selection.choose(target.slot, target.index(self._row))

    def _pick(self, target: Target) -> None:
        """The first click chooses, the next one edits."""
        if self.card.editing:
            self.card.leave()
        if target == target_of(self.context.selection.chosen):
            self._edit(target)
        else:
            self._choose(target)

    def _edit(self, target: Target | None) -> None:
        """Open the line on a value, for a neuron whose output is not known on its bias; without a target on what is
        chosen."""
        target = target or self._chosen()
        if target is None:
            return
        if target.kind is Kind.NEURON and not self._output_known(target):
            bias = targets.bias(target.layer, target.unit)
            if bias.slot not in self.context.session.run.model.parameters:
                return
            target = bias
        self._choose(target)
        self._hold(target)
        if self.context.session.paused:
            self.card.edit()  # else the card says with the next frame that it must be paused first

    def _hold(self, target: Target) -> None:
        """Keep the card at a target, wherever the pointer is."""
        self._held = target
        place = self.view.place_of(target)
        if place is not None and target != self._pointed:
            self.card.place(place)
        if self.context.session.paused:
            self._show_card()

    def _commit(self, text: str) -> None:
        value, target = numbers.parse(text), self._held
        if target is None:
            return
        if value is None:
            self.card.refuse("not a number")
        elif self.context.session.edit_value(target.slot, target.index(self._row), value):
            self._held = target  # editing an initial value makes another run, which let go of it
            self.card.leave()
            self._show_card()

    def _edit_left(self) -> None:
        self.view.setFocus()
        if self._held is not None and self._held == self._pointed:
            self._held = None
        if self.context.session.paused:
            self._show_card()

    def _step(self, across: int, down: int) -> None:
        """Walk by keys; what is reached is chosen, and the card goes along."""
        if self._walk is None:
            return
        at = self._chosen()
        if at is None or self.view.place_of(at) is None:
            self._go(self._walk.start())
        else:
            self._go(self._walk.sideways(at, across) if across else self._walk.along(at, down))

    def _turn(self) -> None:
        at = self._chosen()
        if self._walk is not None:
            self._go(self._walk.around(at) if at is not None else self._walk.start())

    def _go(self, to: Target) -> None:
        self._choose(to)
        self._hold(to)

    def _escape(self) -> None:
        if self.card.editing:
            self.card.leave()
        self._held = None
        if self._pointed is None:
            self.card.hide()

    def _state_changed(self, state: RunState) -> None:
        if state is not RunState.PAUSED:
            self.card.leave()
            self.flow.stop()

    def _follow_gradient(self, reading: Reading) -> None:
        """When a layer's gradient has just been written, let it flow; anything else ends the flow."""
        machine = self.context.session.machine
        place = (machine.iterations, machine.pc)
        if place == self._place:
            return
        self._place = place
        work = reading.work
        if work.kind is OpKind.WEIGHT_GRADIENT and work.layer is not None and self.context.settings.motion:
            self.flow.start(work.layer)
        else:
            self.flow.stop()

    def _flow_ended(self) -> None:
        self.view.edges.set_flow(None)
