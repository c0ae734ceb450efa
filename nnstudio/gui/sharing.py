"""The interpreter while a second thread runs Python: training, or work in the background.

Such a thread holds the interpreter's lock 5 ms at a time, which makes a window stutter; it is asked to hand it over ten
times as often. And cyclic garbage is collected on whichever thread happens to allocate, where it might destroy objects
of Qt that belong to the window: so none is collected by itself as long as anyone shares.

Both functions are for the window's thread; to begin or to end twice is to do it once.
"""

import gc
import sys

_SWITCH_SECONDS = 0.0005
_USUAL_SECONDS = 0.005
_sharers: set[object] = set()


def begin(sharer: object) -> None:
    """`sharer` is about to run Python on another thread."""
    _sharers.add(sharer)
    gc.disable()
    sys.setswitchinterval(_SWITCH_SECONDS)


def end(sharer: object) -> None:
    """The thread of `sharer` has come to rest."""
    _sharers.discard(sharer)
    if not _sharers:
        gc.enable()
        sys.setswitchinterval(_USUAL_SECONDS)
