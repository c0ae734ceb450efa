"""The one doorway to the files that come with the program: icons, samples, fonts, style.

In a wheel they lie inside the package; in a checkout (or an editable install) beside it.
"""

from functools import cache
from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent


@cache
def root() -> Path:
    """The folder that holds the resources, wherever the program is installed."""
    for candidate in (_PACKAGE / "resources", _PACKAGE.parent / "resources"):
        if candidate.is_dir():
            return candidate
    raise FileNotFoundError("the program's resources are missing; install NN Studio again")


def path(*parts: str) -> Path:
    """The file at `parts` below the resources, as in `path("samples", "iris.csv")`."""
    return root().joinpath(*parts)
