"""What helps to find an error in the program: the versions of what takes part, and the end of the log. No data, no
experiment, and no name of the person's own folder."""

import platform
from pathlib import Path

import numpy as np
import PySide6
from PySide6.QtCore import qVersion

from nnstudio import __version__
from nnstudio.gui import log

_LINES = 120


def crash_report(what: str) -> str:
    """Plain text, to be copied by whoever wants to tell of it."""
    versions = (
        f"NN Studio {__version__}",
        f"Python {platform.python_version()}, {platform.platform()}",
        f"PySide6 {PySide6.__version__}, Qt {qVersion()}, NumPy {np.__version__}",
    )
    text = "\n".join((what, "", *versions, "", "The end of the log:", log.end(_LINES)))
    return text.replace(str(Path.home()), "~")
