"""What can be undone, written again and again while it grows, goes back, and goes another way."""

import sqlite3
from contextlib import closing

from hypothesis import given
from hypothesis import strategies as st

from nnstudio.project import UndoHistory, UndoStep
from nnstudio.project.contents import read_undo, write_undo
from nnstudio.project.schema import create
from nnstudio.project.store import Store

DOCUMENTS = st.sampled_from(["{}", '{"units": 4}', '{"units": 5}', '{"name": "ü"}', ""])
STEPS = st.builds(UndoStep, st.sampled_from(["Units", "Rate", ""]), DOCUMENTS, DOCUMENTS)


@st.composite
def histories(draw):
    """Each keeps some of the steps of the one before, and goes on from there."""
    steps, found = (), []
    for _ in range(draw(st.integers(1, 6))):
        steps = (*steps[: draw(st.integers(0, len(steps)))], *draw(st.lists(STEPS, max_size=4)))
        found.append(UndoHistory(steps, draw(st.integers(0, len(steps)))))
    return found


@given(histories())
def test_what_was_written_last_is_there_and_nothing_else(found):
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as connection:
        create(connection)
        store, last = Store(connection), None
        store.put_text("notes", "Why?")
        for history in found:
            write_undo(store, history, last)
            assert read_undo(store) == history
            last = history
        documents = {text for step in last.steps for text in (step.before, step.after)}
        assert connection.execute("SELECT count(*) FROM texts").fetchone() == (1 + len(documents),)


def test_only_the_new_steps_are_written():
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as connection:
        create(connection)
        store = Store(connection)
        steps = tuple(UndoStep("Units", f'{{"units": {n}}}', f'{{"units": {n + 1}}}') for n in range(50))
        write_undo(store, UndoHistory(steps[:49], 49))
        before = connection.total_changes
        write_undo(store, UndoHistory(steps, 50), UndoHistory(steps[:49], 49))
        assert connection.total_changes - before < 10
        assert read_undo(store) == UndoHistory(steps, 50)
