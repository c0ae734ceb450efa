"""How much memory there is for a table."""

import os

_ASSUMED = 4_000_000_000  # where the system does not say


def available() -> int:
    """The bytes that can be had without slowing everything else down, as the system estimates them."""
    try:
        with open("/proc/meminfo", encoding="ascii") as file:
            for line in file:
                if line.startswith("MemAvailable:"):
                    return int(line.split()[1]) * 1024
    except (OSError, ValueError):
        pass
    try:
        return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") // 2
    except (AttributeError, OSError, ValueError):
        return _ASSUMED
