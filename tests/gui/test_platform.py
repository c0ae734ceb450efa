"""Faults of the parts we stand on that would end the program: each has a test that would see it come back."""

import subprocess
import sys

_MANY_SIGNALS = """
from PySide6.QtCore import QCoreApplication, QObject, Signal
class Sender(QObject):
    sent = Signal(object, bool)
app, sender, seen = QCoreApplication([]), Sender(), []
sender.sent.connect(lambda value, flag: seen.append((value, flag)))
for number in range(5000):
    sender.sent.emit(None, True)
    sender.setProperty("number", number)
    sender.blockSignals(False)
assert len(seen) == 5000 and seen[-1] == (None, True)
print("alive")
"""


def test_five_thousand_signals_do_not_end_the_process() -> None:
    """PySide6 6.12.0 drops references to None and True on Python < 3.12 and aborts after some hundred signals."""
    done = subprocess.run([sys.executable, "-c", _MANY_SIGNALS], capture_output=True, text=True, check=False)
    assert done.stdout.strip() == "alive", done.stderr


def test_closing_a_window_that_trains_ends_the_process_cleanly() -> None:
    code = """
import os
os.environ["QT_QPA_PLATFORM"] = "offscreen"
from nnstudio.gui.app import application, create_window
app = application()
window = create_window()
window.show()
window.context.session.train()
window.close()
del window
print("closed")
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False, timeout=60)
    assert (done.returncode, done.stdout.strip(), done.stderr) == (0, "closed", "")


def test_forgetting_a_window_that_trains_ends_the_process_cleanly() -> None:
    code = """
import os
os.environ["QT_QPA_PLATFORM"] = "offscreen"
from nnstudio.gui.app import application, create_window
app = application()
window = create_window()
window.context.session.train()
print("left")
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == "left"
