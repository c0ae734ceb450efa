"""What the parameters will be after this update, found by doing it and going back.

The rest of the iteration runs on the machine itself and the whole state is restored, so the answer is what training
will write, for every optimizer, penalty and batch. Between two iterations it is the whole next iteration that runs.
"""

from dataclasses import dataclass

import numpy as np

from .run import Run

Values = dict[str, np.ndarray]


def after_update(run: Run) -> Values:
    """Each parameter slot as it will stand at the end of the iteration; the run stays as it was, byte for byte."""
    machine = run.machine
    before = machine.state()
    try:
        with np.errstate(all="ignore"):
            machine.run_iteration()
        return {name: machine.value(name).copy() for name in run.model.parameters}
    finally:
        machine.restore(before)


@dataclass(frozen=True, slots=True, eq=False)
class _Moment:
    """Where a preview was taken from; an edited weight or another learning rate makes another moment."""

    run: Run
    place: tuple[int, int]
    parameters: np.ndarray
    rate: float

    def is_now(self, run: Run) -> bool:
        machine, store = run.machine, run.model.store
        return (
            run is self.run
            and (machine.iterations, machine.pc) == self.place
            and store[run.model.rate_setting].item() == self.rate
            and np.array_equal(store.family("parameters"), self.parameters)
        )


class Preview:
    """`after_update`, computed once for each moment that is asked about."""

    def __init__(self) -> None:
        self._moment: _Moment | None = None
        self._after: Values = {}

    def after(self, run: Run) -> Values:
        """Each parameter slot as it will stand at the end of the iteration."""
        if self._moment is None or not self._moment.is_now(run):
            self._after = after_update(run)
            machine, store = run.machine, run.model.store
            parameters = store.family("parameters").copy()
            rate = store[run.model.rate_setting].item()
            self._moment = _Moment(run, (machine.iterations, machine.pc), parameters, rate)
        return self._after

    def forget(self) -> None:
        """There is another run; keep nothing of the old one alive."""
        self._moment, self._after = None, {}
