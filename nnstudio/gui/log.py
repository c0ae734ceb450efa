"""Where what went wrong is written down. A user sees a sentence; the traceback goes here, and Help can open it."""

import logging
import sys
from collections.abc import Callable
from logging.handlers import RotatingFileHandler
from pathlib import Path
from types import TracebackType

import platformdirs

_log = logging.getLogger("nnstudio")


def path() -> Path:
    return platformdirs.user_log_path("nnstudio", appauthor=False) / "nnstudio.log"


def start(report: Callable[[str], None]) -> None:
    """Write the log to its file, and unhandled errors too; `report` gets a sentence for the user."""
    try:
        path().parent.mkdir(parents=True, exist_ok=True)
        handler = RotatingFileHandler(path(), maxBytes=1_000_000, backupCount=1, encoding="utf-8", delay=True)
        handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
        _log.addHandler(handler)
    except OSError:
        _log.warning("the log cannot be written to %s", path())

    def unhandled(kind: type[BaseException], error: BaseException, traceback: TracebackType | None) -> None:
        _log.error("unhandled", exc_info=(kind, error, traceback))
        report(
            f"Something went wrong in the program ({kind.__name__}: {error}). Your experiment is as it was; "
            "Help › Open the log has the details."
        )

    sys.excepthook = unhandled
