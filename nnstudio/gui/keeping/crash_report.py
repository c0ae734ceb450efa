"""What helps to find an error in the program: the versions of what takes part, and the end of the log. No data, no
experiment, and no name of the person's own folder.

An error may quote what it could not deal with, such as a cell that is no number. What it quotes is left out, unless
errors of its kind name parts of the program.
"""

import platform
import re
from pathlib import Path

import numpy as np
import PySide6
from PySide6.QtCore import qVersion

from nnstudio import __version__
from nnstudio.gui import log

_LINES = 120
_QUOTED = re.compile(r"""(?<!\w)[bru]{0,2}'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*\"""")  # the sign within a word is no quote
_OF_THE_PROGRAM = (
    "AttributeError",
    "ImportError",
    "ModuleNotFoundError",
    "NameError",
    "TypeError",
    "UnboundLocalError",
)


def crash_report(what: str) -> str:
    """Plain text, to be copied by whoever wants to tell of it."""
    versions = (
        f"NN Studio {__version__}",
        f"Python {platform.python_version()}, {platform.platform()}",
        f"PySide6 {PySide6.__version__}, Qt {qVersion()}, NumPy {np.__version__}",
    )
    text = "\n".join((what, "", *versions, "", "The end of the log:", log.end(_LINES)))
    return "\n".join(map(_without_quotes, text.splitlines())).replace(str(Path.home()), "~")


def _without_quotes(line: str) -> str:
    """Lines of the program itself, in a traceback, are indented."""
    if line.startswith((" ", *_OF_THE_PROGRAM)):
        return line
    return _QUOTED.sub("'…'", line)
