"""What is known of the three ways to fit the data, without a widget: their networks, as far as they have come."""

from dataclasses import dataclass
from enum import StrEnum

from nnstudio.data.preparation import PartName, PreparedData
from nnstudio.engine.model import Model
from nnstudio.experiment.document import Experiment
from nnstudio.training.comparisons.contender import Contender, Hidden, Record
from nnstudio.training.comparisons.course import Course
from nnstudio.training.comparisons.linear import Fitted, LeastSquares, LinearMap, collapse
from nnstudio.training.comparisons.task import Task
from nnstudio.training.run import model_spec


class Way(StrEnum):
    """How the data are fitted."""

    BENT = "Non-linear"
    LINEAR = "Linear"
    SQUARES = "Least squares"


_TRAINED = (Way.BENT, Way.LINEAR)
_HIDDEN = {Way.BENT: Hidden.BENT, Way.LINEAR: Hidden.LINEAR}


@dataclass(slots=True, eq=False)
class LinearState:
    """`models` are networks that predict as each way does now; none before anything is known of it."""

    experiment: Experiment | None = None
    courses: tuple[Course, ...] = ()
    fitted: Fitted | None = None
    models: dict[Way, Model] | None = None

    def begin(self, experiment: Experiment, epochs: int) -> list[Task]:
        """Forget what was known, and say what is to be done."""
        self.experiment, self.fitted, self.models = experiment, None, {}
        self.courses = tuple(
            Course(Contender(epochs, hidden=_HIDDEN[way], record=Record.KNOWLEDGE)) for way in _TRAINED
        )
        return [LeastSquares(), *(course.contender for course in self.courses)]

    def take(self, number: int, report: object, data: PreparedData) -> None:
        """The report of a task, by its number in what `begin` returned."""
        assert self.models is not None
        if isinstance(report, Fitted):
            self.fitted = report
            self.models[Way.SQUARES] = report.map.model()
            return
        course, way = self.courses[number - 1], _TRAINED[number - 1]
        course.take(report)  # type: ignore[arg-type]
        if course.knowledge is not None:
            if way not in self.models:
                self.models[way] = Model(model_spec(self.experiment_of(way), data))
            self.models[way].put_back(course.knowledge)

    def experiment_of(self, way: Way) -> Experiment:
        """What is trained."""
        assert self.experiment is not None
        return self.courses[_TRAINED.index(way)].contender.of(self.experiment)

    def metrics(self, way: Way) -> dict[PartName, float]:
        """Accuracy or R² of each part, as far as it is known."""
        if way is Way.SQUARES:
            return self.fitted.metrics if self.fitted else {}
        return self.courses[_TRAINED.index(way)].metrics if self.courses else {}

    def model(self, way: Way) -> Model | None:
        return (self.models or {}).get(way)

    @property
    def collapsed(self) -> LinearMap | None:
        """The linear network as one map."""
        model = self.model(Way.LINEAR)
        return collapse(model) if model is not None else None

    @property
    def share(self) -> float:
        """How much is done."""
        return sum(course.share for course in self.courses) / max(len(self.courses), 1)
