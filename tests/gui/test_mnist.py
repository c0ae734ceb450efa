"""Images as MNIST distributes them, opened in the window, are learned by a network of two hidden layers."""

import gzip
import struct
from collections.abc import Callable
from pathlib import Path

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from nnstudio import resources
from nnstudio.data.preparation import PartName
from nnstudio.experiment.edits import add_layer, set_layer
from nnstudio.gui.main_window import MainWindow
from nnstudio.training.metrics import Metric

from .test_story import choose_file, take_import

OpenWindow = Callable[..., MainWindow]


def write_digits(folder: Path) -> Path:
    """Handwritten digits in 28 × 28 pixels: a packed file of images, and one of labels."""
    table = np.loadtxt(resources.path("samples", "digits.csv"), delimiter=",", skiprows=1)
    small = table[:, :-1].reshape(-1, 8, 8) * 15
    images = np.pad(np.kron(small, np.ones((3, 3))), ((0, 0), (2, 2), (2, 2))).astype(np.uint8)
    path = folder / "train-images-idx3-ubyte.gz"
    path.write_bytes(gzip.compress(bytes([0, 0, 8, 3]) + struct.pack(">3I", *images.shape) + images.tobytes(), 1))
    labels = table[:, -1].astype(np.uint8)
    header = bytes([0, 0, 8, 1]) + struct.pack(">I", len(labels))
    (folder / "train-labels-idx1-ubyte").write_bytes(header + labels.tobytes())
    return path


def test_digits_are_recognized_nine_times_in_ten(open_window: OpenWindow, qtbot: QtBot, tmp_path: Path) -> None:
    window = open_window()
    choose_file(qtbot, window, "open", "open_dialog", write_digits(tmp_path))
    take_import(qtbot, window)
    document, session = window.context.document, window.context.session
    assert document.data.classes == tuple("0123456789")
    assert (document.dataset.images.height, document.dataset.images.width) == (28, 28)
    for edit in (
        lambda: set_layer(document.experiment, 0, units=128, activation="relu"),
        lambda: add_layer(document.experiment, 1),
        lambda: set_layer(document.experiment, 1, units=64, activation="relu"),
    ):
        assert document.apply(edit())
    assert window.debugger.machine.model.spec.network.widths == (784, 128, 64, 10)

    def right() -> float:
        return session.run.history.of(PartName.VALIDATION, Metric.ACCURACY)[-1]

    QTest.keyClick(window, Qt.Key.Key_F5)
    qtbot.waitUntil(lambda: session.paused or right() >= 0.9, timeout=60_000)
    QTest.keyClick(window, Qt.Key.Key_F6)
    qtbot.waitUntil(lambda: session.paused, timeout=30_000)
    assert right() >= 0.9
