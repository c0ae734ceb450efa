"""The list of what is watched. It belongs to no run: with another network it says of what that one lacks that it does,
and with the next it is there again.

It is looked at whenever the numbers may have changed and somebody may read them, never from within an iteration. The
value at a moment is the same however the run came there, so what was noted of a moment holds until another run
branches off before it: where the edits of the run are no longer those that were made.
"""

from collections.abc import Iterator, Sequence
from itertools import zip_longest

from nnstudio.training.keyframes import Moment
from nnstudio.training.run import Run
from nnstudio.training.timeline import AnyEdit, Timeline

from .lookback import Lookback
from .track import Track
from .watched import Reading, Watched


class Entry:
    """One of them: what it says (None where that is unknown), by how much it `change`d when it last did, its track."""

    def __init__(self, watched: Watched) -> None:
        self.watched = watched
        self.track = Track()
        self.reading: Reading | None = None
        self.change: float | None = None
        self.looked_back = False
        """Whether its track has what was before it was watched."""
        self._seen: tuple[Moment, float] | None = None

    def look(self, here: Moment) -> None:
        """Take in what it says now."""
        self.reading = self.watched.read()
        if self.reading is None:
            self.change = None
            return
        number = self.reading.number
        self.track.note(here, number)
        if self._seen != (here, number):
            self.change = None if self._seen is None else number - self._seen[1]
            self._seen = here, number

    def forget(self) -> None:
        """There is another run."""
        self.track, self.looked_back = Track(), False
        self.reading = self.change = self._seen = None


class Watchlist:
    """The entries, in the order a person gave them. All that is asked of it is asked by whoever owns the machine, but
    for `problem`."""

    def __init__(self, texts: Sequence[str], run: Run, timeline: Timeline) -> None:
        self._run, self._timeline = run, timeline
        self._edits: tuple[AnyEdit, ...] = tuple(timeline.edits)
        self.entries = [Entry(self._watched(text)) for text in texts]

    @property
    def texts(self) -> tuple[str, ...]:
        return tuple(entry.watched.text for entry in self.entries)

    def problem(self, text: str) -> str:
        """Why this cannot be watched; empty if it can."""
        return self._watched(text).problem

    def add(self, text: str) -> None:
        self.entries.append(Entry(self._watched(text)))

    def replace(self, place: int, text: str) -> None:
        self.entries[place] = Entry(self._watched(text))

    def remove(self, place: int) -> None:
        del self.entries[place]

    def move(self, place: int, to: int) -> None:
        """Let an entry stand at another place."""
        self.entries.insert(to, self.entries.pop(place))

    def look(self, run: Run, timeline: Timeline) -> None:
        """Take in what all of them say now, and forget what is no part of the run any more."""
        self._follow(run, timeline)
        for entry in self.entries:
            entry.look(timeline.here)

    def look_back(self) -> Lookback | None:
        """What finds out what was before; None where there is nothing to find out."""
        new = [entry for entry in self.entries if not entry.looked_back]
        unknown = [entry.watched.text for entry in new if not entry.watched.problem]
        if not unknown or (len(self._timeline.keyframes) == 1 and self._timeline.at_start):
            for entry in new:
                entry.looked_back = True
            return None
        return Lookback(self._timeline, self._run.history, unknown)

    def take(self, lookback: Lookback, *, ended: bool = True) -> None:
        """Take over what it has found, if the run is still the one it looked at; it may not have `ended` yet."""
        if lookback.timeline is not self._timeline or lookback.edits != self._edits:
            return
        for entry in self.entries:
            if entry.watched.text in lookback.found:
                entry.looked_back = ended
                for moment, value in lookback.found[entry.watched.text]:
                    entry.track.note(moment, value)
                entry.track.forget_after(self._timeline.furthest)

    def _follow(self, run: Run, timeline: Timeline) -> None:
        edits = tuple(timeline.edits)
        if timeline is not self._timeline or run is not self._run:
            self._begin(run, timeline)
        elif edits != self._edits:
            parted = min(_differing(edits, self._edits))
            for entry in self.entries:
                entry.track.forget_from(parted)
                entry.looked_back &= timeline.furthest <= parted  # an edit taken back leaves a run beyond it
        for entry in self.entries:
            entry.track.forget_after(timeline.furthest)
        self._edits = edits

    def _begin(self, run: Run, timeline: Timeline) -> None:
        if run is not self._run:
            self._run = run
            for entry in self.entries:
                entry.watched = self._watched(entry.watched.text)
        self._timeline = timeline
        for entry in self.entries:
            entry.forget()

    def _watched(self, text: str) -> Watched:
        return Watched(text, self._run.machine, self._run.history)


def _differing(edits: tuple[AnyEdit, ...], before: tuple[AnyEdit, ...]) -> Iterator[Moment]:
    """The moments of the first edits that are not the same."""
    for one, other in zip_longest(edits, before):
        if one != other:
            return (edit.moment for edit in (one, other) if edit is not None)
    raise ValueError("they are the same edits")
