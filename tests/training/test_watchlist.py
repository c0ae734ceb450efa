"""The watch list: what is watched has its history, whenever it was added; it ends where another run branches off."""

import numpy as np
import pytest

from nnstudio.engine.spec import LayerSpec
from nnstudio.experiment.document import Network
from nnstudio.training.debugger import Debugger
from nnstudio.training.keyframes import Moment
from nnstudio.training.run import build
from nnstudio.training.watchlist import Track, Watchlist, watchlist
from nnstudio.training.watchlist.track import MOST

from .walked import experiment_of

TEXTS = ("J", "W1[0, 1]", "abs(dW2).max()", "W1", "best_J", "A1[2, 0] > 0", "iteration")


@pytest.fixture
def debugger():
    """2-3-1 with Adam; the mini-batches of an epoch have 3, 3 and 1 rows."""
    return Debugger(build(experiment_of()))


def listing(debugger, *texts):
    return Watchlist(texts, debugger.run, debugger.timeline)


def look(found, debugger):
    found.look(debugger.run, debugger.timeline)


def history(entry):
    return dict(zip(entry.track.moments, entry.track.values.tolist(), strict=True))


def look_back(found):
    lookback = found.look_back()
    assert lookback.advance()
    found.take(lookback)
    return lookback


def stepped(debugger, found, steps, keep=1):
    for number in range(steps):
        if number % keep == 0:
            debugger.timeline.keep()
        debugger.step_over()
        look(found, debugger)


def test_of_a_number_it_says_the_number_and_of_many_their_norm_and_what_they_span(debugger):
    debugger.step_batch()
    found, machine = listing(debugger, "W1", "W1[0, 1]", "W1[1]", "J < 5", "W1 > 0", "b1"), debugger.machine
    look(found, debugger)
    whole, element, row, truth, share, _ = (entry.reading for entry in found.entries)
    weights = machine.value("W1")
    assert whole.number == pytest.approx(np.linalg.norm(weights), rel=1e-14)
    assert (whole.shape, whole.least, whole.largest) == (weights.shape, weights.min(), weights.max())
    assert (element.number, element.shape) == (weights[0, 1], ())
    assert row.number == pytest.approx(np.linalg.norm(weights[1]), rel=1e-14)
    assert (truth.number, truth.truth) == (1.0, True)
    assert (share.number, share.shape) == ((weights > 0).mean(), weights.shape)


def test_what_it_is_about_can_be_told_from_its_text(debugger):
    entries = listing(debugger, "W1", "W1[0, 1]", "W1[0]", "J", "J + 1", "epoch").entries
    places = [entry.watched.place for entry in entries]
    assert places == [("W1", None), ("W1", (0, 1)), None, ("J", ()), None, None]
    roles = [entry.watched.role for entry in entries]
    assert roles == ["weight", "weight", "weight", "cost", "cost", None]


def test_a_stale_value_is_unknown_and_no_part_of_the_history(debugger):
    found = listing(debugger, "J")
    look(found, debugger)
    assert found.entries[0].reading is None
    debugger.step_batch()
    look(found, debugger)
    assert found.entries[0].reading.number == debugger.machine.cost
    debugger.step_over()
    look(found, debugger)
    assert found.entries[0].reading is None
    assert found.entries[0].change is None
    assert list(history(found.entries[0])) == [Moment(1)]


def test_it_changes_by_the_difference_to_what_was_known_before(debugger):
    found = listing(debugger, "W1[0, 1]")
    look(found, debugger)
    before = found.entries[0].reading.number
    assert found.entries[0].change is None
    debugger.step_batch()
    look(found, debugger)
    changed = found.entries[0].reading.number - before
    assert changed
    look(found, debugger)  # drawing it again is no step
    assert found.entries[0].change == changed


def test_what_is_watched_later_has_the_history_it_would_have_had(debugger):
    early = listing(debugger, *TEXTS)
    look(early, debugger)
    stepped(debugger, early, 60)
    late = listing(debugger, *TEXTS)
    look(late, debugger)
    look_back(late)
    for entry, other in zip(early.entries, late.entries, strict=True):
        assert history(entry) == history(other)
    assert len(history(late.entries[0])) > 10
    assert late.look_back() is None


def test_where_few_moments_are_kept_what_lies_between_is_run_again_with_its_edits(debugger):
    early = listing(debugger, *TEXTS)
    look(early, debugger)
    for number in range(40):
        debugger.step_batch()
        if number in (7, 20):
            debugger.make(debugger.setting("W1", (0, 1), float(number)))
        look(early, debugger)
    assert len(debugger.timeline.keyframes) < 40
    late = listing(debugger, *TEXTS)
    look_back(late)
    assert [history(entry) for entry in late.entries] == [history(entry) for entry in early.entries]
    assert history(late.entries[1])[Moment(21)] == 20.0


def test_looking_back_does_no_harm_and_can_be_given_up_with_what_was_found_so_far(debugger):
    found = listing(debugger, "iteration")
    stepped(debugger, found, 30)
    before = debugger.machine.state()
    late = listing(debugger, "iteration")
    lookback = late.look_back()
    assert not lookback.advance(lambda: lookback.done == 5)
    late.take(lookback)
    assert len(late.entries[0].track) == 5
    assert late.look_back() is None
    assert debugger.machine.state().nbytes == before.nbytes
    assert debugger.timeline.here == Moment(before.iterations, before.pc)


def test_a_moment_that_was_edited_is_looked_back_at_as_it_is_shown(debugger):
    for _ in range(2):
        debugger.step_batch()
    debugger.timeline.keep()
    debugger.make(debugger.setting("W1", (0, 0), 7.0))
    debugger.step_batch()
    found = listing(debugger, "W1[0, 0]")
    look(found, debugger)
    look_back(found)
    assert history(found.entries[0])[Moment(2)] == 7.0


def test_going_back_keeps_what_is_ahead_until_another_run_branches_off(debugger):
    found = listing(debugger, "W1[0, 0]")
    for _ in range(6):
        debugger.step_batch()
        look(found, debugger)
    whole = history(found.entries[0])
    debugger.go_to(Moment(3))
    look(found, debugger)
    assert history(found.entries[0]) == whole
    debugger.make(debugger.setting("W1", (0, 0), 7.0))
    for _ in range(4):  # further than the run had come before
        debugger.step_batch()
    look(found, debugger)
    after = history(found.entries[0])
    assert list(after) == [Moment(1), Moment(2), Moment(7)]
    assert after[Moment(2)] == whole[Moment(2)]


def test_an_edit_that_is_taken_back_takes_along_what_followed_from_it(debugger):
    found = listing(debugger, "W1[0, 0]")
    debugger.step_batch()
    look(found, debugger)
    edit = debugger.setting("W1", (0, 0), 7.0)
    debugger.make(edit)
    look(found, debugger)
    debugger.step_batch()
    look(found, debugger)
    way, _ = debugger.take_back(edit, Moment(1))
    assert debugger.travel(way, lambda: False)
    look(found, debugger)
    assert history(found.entries[0]) == {Moment(1): debugger.machine.value("W1")[0, 0]}
    assert found.entries[0].reading.number != 7.0


def test_the_run_that_is_left_when_an_edit_is_taken_back_is_looked_back_at_again(debugger):
    found = listing(debugger, "W1[0, 0]")
    for _ in range(6):
        debugger.step_batch()
        look(found, debugger)
    look_back(found)
    whole = history(found.entries[0])
    debugger.go_to(Moment(3))
    edit = debugger.setting("W1", (0, 0), 7.0)
    debugger.make(edit)
    look(found, debugger)
    assert found.look_back() is None
    assert debugger.travel(debugger.take_back(edit, Moment(6))[0], lambda: False)
    look(found, debugger)
    assert Moment(4) not in history(found.entries[0])
    look_back(found)
    assert history(found.entries[0]) == whole


def test_what_was_looked_back_at_in_a_run_that_is_no_more_is_not_taken(debugger):
    for _ in range(3):
        debugger.step_batch()
        debugger.timeline.keep()
    found = listing(debugger, "W1[0, 0]")
    look(found, debugger)
    lookback = found.look_back()
    debugger.make(debugger.setting("W1", (0, 0), 7.0))
    look(found, debugger)
    lookback.advance()
    found.take(lookback)
    assert list(history(found.entries[0])) == [Moment(3)]
    look_back(found)
    assert history(found.entries[0])[Moment(3)] == 7.0


def test_a_reset_begins_the_history_anew(debugger):
    found = listing(debugger, "W1[0, 0]")
    stepped(debugger, found, 30)
    debugger.reset()
    look(found, debugger)
    assert list(history(found.entries[0])) == [Moment(0)]


def test_what_another_network_lacks_is_said_and_comes_back(debugger):
    found = listing(debugger, "W2[0, 2]", "J")
    wide = found.entries[0]
    narrow = Debugger(build(experiment_of(network=Network((LayerSpec(1), LayerSpec(1))))))
    look(found, narrow)
    assert "this index goes from 0 to 0" in wide.watched.problem
    assert wide.reading is None
    assert not found.entries[1].watched.problem
    look(found, debugger)
    assert not wide.watched.problem
    assert wide.reading.number == debugger.machine.value("W2")[0, 2]


def test_a_sample_that_the_last_mini_batch_lacks_is_unknown_there(debugger):
    found = listing(debugger, "A1[2, 0]")
    known = []
    for _ in range(4):
        debugger.step_batch()
        look(found, debugger)
        known.append(found.entries[0].reading is not None)
    assert known == [True, True, False, True]
    assert not found.entries[0].watched.problem


def test_a_history_is_bounded_and_keeps_its_ends_and_its_peaks():
    track, values = Track(), np.sin(np.arange(5 * MOST) / 40)
    values[4000], values[7000] = 9.0, -9.0
    for number, value in enumerate(values):
        track.note(Moment(number), float(value))
        assert len(track) <= MOST
    kept = dict(zip(track.moments, track.values, strict=True))
    assert (kept[Moment(4000)], kept[Moment(7000)]) == (9.0, -9.0)
    assert Moment(0) in kept
    assert Moment(5 * MOST - 1) in kept
    assert track.moments == sorted(track.moments)
    assert all(values[moment.iterations] == value for moment, value in kept.items())
    assert max(np.diff(track.places(10))) < 5 * MOST / 200


def test_the_list_is_changed_by_place(debugger):
    found = listing(debugger, "J", "W1", "b1")
    found.move(2, 0)
    assert found.texts == ("b1", "J", "W1")
    found.remove(1)
    found.replace(1, " W2 ")
    found.add("epoch")
    assert found.texts == ("b1", "W2", "epoch")
    assert found.problem("J") == ""
    assert found.problem("dW9").startswith("column 1: there is no slot 'dW9'; did you mean")


def test_an_empty_list_looks_at_nothing(debugger, monkeypatch):
    monkeypatch.setattr(watchlist, "Watched", None)
    found = listing(debugger)
    look(found, debugger)
    assert found.look_back() is None
