"""Where the data come from: a sample, the table or file that is open, or another file."""

from nnstudio.data.samples import SAMPLES
from nnstudio.data.spec import FileSource, InlineSource, SampleSource, Source
from nnstudio.experiment.edits import data_title
from nnstudio.gui.widgets.choice import Option

OPEN = "open"
DRAW = "draw"
OWN = "own"
_SAMPLE = "sample:"
_SEPARATOR = Option("", "")


def source_options(source: Source) -> tuple[Option, ...]:
    """The choices while this source is open: its own, where it is no sample, before all samples."""
    samples = tuple(Option(_SAMPLE + name, entry.title, entry.description) for name, entry in SAMPLES.items())
    others = (
        Option(OPEN, "Open file…", "Open a table (CSV) or an experiment"),
        Option(DRAW, "Draw points…", "Draw the data by hand, by class or by value"),
    )
    return (*_own(source), *samples, _SEPARATOR, *others)


def source_key(source: Source) -> str:
    """The choice that stands for this source."""
    return _SAMPLE + source.name if isinstance(source, SampleSource) else OWN


def sample_of(key: str) -> str | None:
    """The sample that a choice stands for."""
    return key.removeprefix(_SAMPLE) if key.startswith(_SAMPLE) else None


def _own(source: Source) -> tuple[Option, ...]:
    match source:
        case FileSource():
            name = source.path.replace("\\", "/").rpartition("/")[2]
            return (Option(OWN, name, source.path), _SEPARATOR)
        case InlineSource():
            tip = "A table that stands in the experiment itself"
            return (Option(OWN, data_title(source), tip), _SEPARATOR)
        case _:
            return ()
