"""Walking through the samples by keys: over the lines of the table of samples where it is in sight, else over the
samples of the mini-batch at hand, or over all rows of the data."""

import random
from typing import cast

from PySide6.QtCore import QObject

from nnstudio.gui.asking import Asking
from nnstudio.gui.context import Context
from nnstudio.training.verdicts import Verdicts

from .asking import ask_of_all
from .state import Listing, Step
from .view import SamplesView


class Walking(QObject):
    """It takes one step at a time, and says why where there is none to take."""

    def __init__(self, context: Context, parent: QObject) -> None:
        super().__init__(parent)
        self._context = context
        self._asking = Asking(self)
        self._asking.answered.connect(self._to_mistake)
        context.session.rebuilt.connect(self._asking.cancel)

    def take(self, named: str) -> None:
        """Look at another sample: take the step of that name."""
        step = Step(named)
        shown, dock = self._context.shown, self._context.tools.made.get("samples")
        if dock is not None and dock.in_sight:
            cast(SamplesView, dock.view).take(step)
            return
        match step:
            case Step.PREVIOUS:
                shown.step(-1)
            case Step.NEXT:
                shown.step(1)
            case Step.FIRST:
                shown.go_to(0)
            case Step.LAST:
                shown.go_to(len(shown.order) - 1)
            case Step.RANDOM:
                shown.go_to(random.randrange(len(shown.order)))
            case Step.MISTAKE:
                ask_of_all(self._asking, self._context.session.run)

    def _to_mistake(self, found: Verdicts) -> None:
        """The network has said what it takes every row for."""
        shown = self._context.shown
        listing = Listing(found)
        at = None if shown.place is None else listing.line_of(shown.place)
        line = listing.next_mistake(-1 if at is None else at)
        if line is None:
            self._context.session.message.emit("There is no mistake among these rows")
        else:
            shown.look_at(listing.places[line])
