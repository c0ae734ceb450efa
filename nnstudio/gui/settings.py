"""What the program remembers between starts: one list, with types and defaults."""

from collections.abc import Iterable
from pathlib import Path

import platformdirs
from PySide6.QtCore import QByteArray, QObject, QSettings, Signal

from nnstudio.training.keyframes import BUDGET, MEGABYTE

from .theme import Mode

_MOST_RECENT = 8
WATCH_LIST = "watch_list"
"""The setting with the expressions of the watch list, a line each."""
LAYOUT_VERSION = 2


class Settings(QObject):
    """A thin view of QSettings; `changed` names the setting."""

    changed = Signal(str)

    def __init__(self, store: QSettings | None = None, parent: QObject | None = None) -> None:
        super().__init__(parent)
        file = platformdirs.user_config_path("nnstudio", appauthor=False) / "settings.ini"
        self._store = store or QSettings(str(file), QSettings.Format.IniFormat)

    @property
    def mode(self) -> Mode:
        text = str(self._store.value("mode", Mode.SYSTEM.value))
        return Mode(text) if text in set(Mode) else Mode.SYSTEM

    @mode.setter
    def mode(self, mode: Mode) -> None:
        self._set("mode", mode.value)

    @property
    def decimals(self) -> int:
        """Decimal places of numbers in tables and formulas."""
        text = str(self._store.value("decimals", 4))
        return min(max(int(text), 1), 10) if text.isdigit() else 4

    @decimals.setter
    def decimals(self, decimals: int) -> None:
        self._set("decimals", decimals)

    @property
    def motion(self) -> bool:
        """Whether changed values flash."""
        return str(self._store.value("motion", True)).lower() != "false"

    @motion.setter
    def motion(self, motion: bool) -> None:
        self._set("motion", motion)

    @property
    def time_travel_megabytes(self) -> int:
        """Memory for moments of the run that are kept to go back to."""
        text = str(self._store.value("time_travel_megabytes", BUDGET // MEGABYTE))
        return max(int(text), 1) if text.isdigit() else BUDGET // MEGABYTE

    @time_travel_megabytes.setter
    def time_travel_megabytes(self, megabytes: int) -> None:
        self._set("time_travel_megabytes", megabytes)

    @property
    def slow_motion_speed(self) -> float:
        """Operations a second in slow motion."""
        try:
            return min(max(float(str(self._store.value("slow_motion_speed", 5.0))), 0.5), 60.0)
        except ValueError:
            return 5.0

    @slow_motion_speed.setter
    def slow_motion_speed(self, speed: float) -> None:
        self._set("slow_motion_speed", speed)

    @property
    def recent(self) -> list[Path]:
        """Files opened or saved of late, the last one first."""
        value = self._store.value("recent", [])
        if isinstance(value, str):  # QSettings gives a lone entry as text
            value = [value]
        return [Path(str(name)) for name in value] if isinstance(value, list) else []

    def remember(self, path: Path) -> None:
        """Put a file at the head of the recent ones."""
        files = [path.absolute(), *(other for other in self.recent if other != path.absolute())]
        self._set("recent", [str(file) for file in files[:_MOST_RECENT]])

    def forget(self, path: Path) -> None:
        self._set("recent", [str(file) for file in self.recent if file != path.absolute()])

    @property
    def layout(self) -> tuple[QByteArray, QByteArray, tuple[str, ...]] | None:
        """Geometry and dock state of the window, and the tools that stood open."""
        geometry, state = self._store.value("geometry"), self._store.value("state")
        both = isinstance(geometry, QByteArray) and isinstance(state, QByteArray)
        return (geometry, state, tuple(self.value("tools", "").split())) if both else None

    def save_layout(self, geometry: QByteArray, state: QByteArray, tools: Iterable[str]) -> None:
        self._store.setValue("geometry", geometry)
        self._store.setValue("state", state)
        self._store.setValue("tools", " ".join(tools))

    def value(self, key: str, default: str) -> str:
        """A small choice of a panel, such as which plot is shown."""
        return str(self._store.value(key, default))

    def set_value(self, key: str, value: str) -> None:
        self._set(key, value)

    def _set(self, key: str, value: object) -> None:
        self._store.setValue(key, value)
        self.changed.emit(key)
