"""Why a file is not opened, in words: what was refused, or that the program itself failed."""

import logging
from pathlib import Path

from .document import REFUSALS

_log = logging.getLogger(__name__)


def reason_of(error: Exception, path: Path) -> str:
    """The reason, for whoever wanted the file; an error of the program goes to the log."""
    if isinstance(error, REFUSALS):
        return str(error)
    _log.error("reading %s failed", path, exc_info=error)
    if isinstance(error, MemoryError):
        return f"{path.name}: there is not enough memory for it; take a part of it"
    return f"{path.name}: an error in the program ({type(error).__name__}); Help › Open the log has the details"
