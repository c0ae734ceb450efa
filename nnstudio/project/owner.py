"""Who has a file: a process, told apart from one that is gone, and from another that was given its number since.

The time by the wall clock tells nothing, for it may be set back. What counts is when the process was started as the
system itself counts it.
"""

import os
import platform
import subprocess
import sys
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path

import msgspec


@dataclass(frozen=True, slots=True)
class Owner:
    """A process by its number, its computer, and when it was started there, in the system's own words."""

    pid: int
    host: str
    started: str

    @classmethod
    def here(cls) -> "Owner":
        """This process."""
        return cls(os.getpid(), _host(), started(os.getpid()) or "")

    @property
    def is_here(self) -> bool:
        return self == Owner.here()

    @property
    def alive(self) -> bool:
        """Whether it still runs. Of a process on another computer that cannot be known, so it is taken to."""
        if self.host != _host():
            return True
        now = started(self.pid)
        return now is not None and now == self.started

    def __str__(self) -> str:
        where = "" if self.host == _host() else f" on {self.host}"
        return f"process {self.pid}{where}"

    def encode(self) -> str:
        return msgspec.json.encode(asdict(self)).decode()

    @classmethod
    def decode(cls, text: str) -> "Owner | None":
        """None where the text tells of none."""
        try:
            return msgspec.json.decode(text, type=cls)
        except (msgspec.MsgspecError, UnicodeError):
            return None


def started(pid: int) -> str | None:
    """When a process of this computer was started; None if there is none of that number."""
    if sys.platform.startswith("linux"):
        return _started_on_linux(pid)
    return _started_on_windows(pid) if os.name == "nt" else _started_by_ps(pid)


@cache
def _host() -> str:
    return platform.node()


def _started_on_linux(pid: int) -> str | None:
    """In ticks since the computer was started, and which start of it that was."""
    try:
        told = Path(f"/proc/{pid}/stat").read_text(errors="replace")
        boot = Path("/proc/sys/kernel/random/boot_id").read_text().strip()
    except OSError:
        return None
    after_name = told.rpartition(")")[2].split()  # the name may hold anything
    state, ticks = after_name[0], after_name[19]
    return None if state in "ZX" else f"{boot} {ticks}"


def _started_by_ps(pid: int) -> str | None:
    try:
        told = subprocess.run(["ps", "-o", "lstart=", "-p", str(pid)], capture_output=True, text=True, timeout=5)
    except (OSError, subprocess.SubprocessError):
        return None
    return told.stdout.strip() or None


def _started_on_windows(pid: int) -> str | None:
    import ctypes

    kernel = ctypes.WinDLL("kernel32")  # type: ignore[attr-defined,unused-ignore]
    process = kernel.OpenProcess(0x1000, False, pid)  # PROCESS_QUERY_LIMITED_INFORMATION
    if not process:
        return None
    try:
        times = [ctypes.c_uint64() for _ in range(4)]
        code = ctypes.c_uint32()
        kernel.GetExitCodeProcess(process, ctypes.byref(code))
        known = kernel.GetProcessTimes(process, *map(ctypes.byref, times))
    finally:
        kernel.CloseHandle(process)
    return str(times[0].value) if known and code.value == 259 else None  # STILL_ACTIVE
