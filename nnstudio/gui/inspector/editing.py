"""Setting a value by what a person typed: the one way of the table and of the number page."""

from nnstudio.engine.spec import SpecError
from nnstudio.explain.numbers import parse
from nnstudio.explain.symbols import label_text
from nnstudio.gui.context import Context

from .block import Index, symbol

BY_ITSELF = "a row is shown by itself, of which only weights and biases can be set; go back to the mini-batch first"
PAUSE_FIRST = "pause first (F6): values can be edited only while paused"


class Editing:
    """Checks what was typed, says what is wrong with it, and hands it to the session."""

    def __init__(self, context: Context) -> None:
        self._context = context

    def obstacle(self, slot: str) -> str:
        """Why no number of this slot can be set now; nothing if one can."""
        return self.obstacle_paused(slot) if self._context.session.paused else PAUSE_FIRST

    def obstacle_paused(self, slot: str) -> str:
        """Why it could not be set even if the run were paused here."""
        machine = self._context.session.machine
        if self._context.shown.study is not None and not self._context.shown.machine.slot(slot).lasting:
            return BY_ITSELF
        try:
            machine.check_settable(slot)
        except SpecError as error:
            return label_text(str(error))
        return ""

    def set(self, slot: str, index: Index, text: str) -> bool:
        """Whether the value is now what `text` says."""
        document, session = self._context.document, self._context.session
        if not session.paused:
            document.refused.emit(PAUSE_FIRST)
            return False
        value = parse(text)
        if value is None:
            document.refused.emit(f"“{text.strip()}” is not a number; {symbol(slot, index)} stays as it was")
            return False
        if value == float(session.machine.value(slot)[index]):
            return True
        return session.edit_value(slot, index, value)
