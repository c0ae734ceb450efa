"""Where what went wrong is written down. A user sees a sentence; the traceback goes here, and Help can open it.

All of it: errors that nobody handled, in slots, in threads and where the interpreter cannot raise them; what Qt has to
say; and, by `faulthandler`, where the program stood when it was ended from below. Nothing is sent anywhere.
"""

import faulthandler
import logging
import sys
import threading
from io import TextIOWrapper
from logging.handlers import RotatingFileHandler
from pathlib import Path
from types import TracebackType
from typing import Any

import platformdirs
from PySide6.QtCore import QMessageLogContext, QObject, QtMsgType, Signal, qInstallMessageHandler

_log = logging.getLogger("nnstudio")
_LEVELS = {
    QtMsgType.QtDebugMsg: logging.DEBUG,
    QtMsgType.QtInfoMsg: logging.INFO,
    QtMsgType.QtWarningMsg: logging.WARNING,
    QtMsgType.QtCriticalMsg: logging.ERROR,
    QtMsgType.QtFatalMsg: logging.CRITICAL,
}


class Reports(QObject):
    """`raised` says that an error was not handled, which, and where it was raised; it may come from any thread."""

    raised = Signal(str, str)


class _LogFile(RotatingFileHandler):
    """`faulthandler` writes into the same file, also after it was exchanged for a new one."""

    def _open(self) -> TextIOWrapper:
        stream = super()._open()
        faulthandler.enable(stream)
        return stream


def path() -> Path:
    return platformdirs.user_log_path("nnstudio", appauthor=False) / "nnstudio.log"


def start() -> Reports:
    """Write the log to its file from now on, with all that nobody handles."""
    try:
        path().parent.mkdir(parents=True, exist_ok=True)
        handler = _LogFile(path(), maxBytes=1_000_000, backupCount=1, encoding="utf-8")
        handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
        _log.addHandler(handler)
    except OSError:
        _log.warning("the log cannot be written to %s", path())
    reports = Reports()
    _listen(reports)
    return reports


def end(lines: int) -> str:
    """The last lines of the log, empty where there are none."""
    try:
        written = path().read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""
    return "\n".join(written.splitlines()[-lines:])


def _listen(reports: Reports) -> None:
    def unhandled(kind: type[BaseException], error: BaseException | None, traceback: TracebackType | None) -> None:
        if issubclass(kind, KeyboardInterrupt | SystemExit):
            return
        error = error or kind()
        _log.error("unhandled", exc_info=(kind, error, traceback))
        reports.raised.emit(f"{kind.__name__}: {error}", f"{kind.__name__} {_place(traceback)}")

    def in_thread(told: threading.ExceptHookArgs) -> None:
        unhandled(told.exc_type, told.exc_value, told.exc_traceback)

    def unraisable(told: Any) -> None:
        """Such as an error while an object is destroyed: nothing of the user's depends on it."""
        error = told.exc_value or told.exc_type()
        _log.error("unraisable: %s", told.err_msg, exc_info=(told.exc_type, error, told.exc_traceback))

    def from_qt(kind: QtMsgType, context: QMessageLogContext, text: str) -> None:
        _log.log(_LEVELS.get(kind, logging.WARNING), "Qt %s: %s", context.category, text)

    sys.excepthook = unhandled
    threading.excepthook = in_thread
    sys.unraisablehook = unraisable
    qInstallMessageHandler(from_qt)


def _place(traceback: TracebackType | None) -> str:
    """The line of the program that raised it; empty where that is not known."""
    while traceback is not None and traceback.tb_next is not None:
        traceback = traceback.tb_next
    return "" if traceback is None else f"{traceback.tb_frame.f_code.co_filename}:{traceback.tb_lineno}"
