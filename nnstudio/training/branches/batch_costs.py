"""The cost of every mini-batch of a branch, or of every second, fourth, … of a long one: never more than so many."""

from array import array

MOST = 4096


class BatchCosts:
    """`iterations` counts from the start of the run; `costs` has J of that mini-batch."""

    def __init__(self, most: int = MOST) -> None:
        self.iterations: array[int] = array("q")
        self.costs: array[float] = array("d")
        self.apart = 1
        """How many iterations lie between two of them."""
        self._most = most

    def __len__(self) -> int:
        return len(self.costs)

    def add(self, iteration: int, cost: float) -> None:
        if iteration % self.apart:
            return
        self.iterations.append(iteration)
        self.costs.append(cost)
        if len(self.costs) > self._most:
            self._thin()

    def _thin(self) -> None:
        """Keep those that lie twice as far apart."""
        self.apart *= 2
        kept = [n for n, iteration in enumerate(self.iterations) if iteration % self.apart == 0]
        self.iterations = array("q", (self.iterations[n] for n in kept))
        self.costs = array("d", (self.costs[n] for n in kept))
