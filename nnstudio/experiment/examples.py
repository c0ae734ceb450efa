"""The experiments that come with the program: one for each sample, and others that learn something else from its data.

A sample is a table (`data.samples`); an example is a whole experiment, with a network that suits it. Both are offered
by title, and an example that is a sample's own has the sample's name, title and description.
"""

from dataclasses import dataclass
from difflib import get_close_matches

from nnstudio.data.errors import DataError
from nnstudio.data.samples import SAMPLES


@dataclass(frozen=True, slots=True)
class Example:
    """An experiment that comes with the program; `name` is that of its file."""

    name: str
    title: str
    description: str


_AFTER = {
    "digits": (
        Example(
            "digits_autoencoder",
            "Digits, autoencoder",
            "Unsupervised learning: the targets are the pictures themselves, which eight neurons in the middle must "
            "carry. Nobody says what a digit is, yet what is typical of digits is all that gets through.",
        ),
    ),
}
"""What else is done with a sample's data, by its name."""

# In the order in which they are offered.
EXAMPLES: dict[str, Example] = {
    entry.name: entry
    for name, sample in SAMPLES.items()
    for entry in (Example(name, sample.title, sample.description), *_AFTER.get(name, ()))
}


def example(name: str) -> Example:
    """The example of that name; a DataError suggests the closest name there is."""
    if name in EXAMPLES:
        return EXAMPLES[name]
    close = get_close_matches(name, EXAMPLES, n=1)
    hint = f"did you mean '{close[0]}'? " if close else ""
    raise DataError(f"there is no sample '{name}'; {hint}the samples are {', '.join(EXAMPLES)}")
