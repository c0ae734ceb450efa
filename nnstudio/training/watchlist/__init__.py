"""The watch list: what a person wants to keep an eye on, with what each was in the run so far.

`watched` is one expression and what it says now, `track` its history, bounded in number; `lookback` finds what it was
before it was watched, from the moments that are kept of the run; `watchlist` holds them all.
"""

from .lookback import Lookback
from .track import Track
from .watched import Reading, Watched
from .watchlist import Entry, Watchlist

__all__ = ["Entry", "Lookback", "Reading", "Track", "Watched", "Watchlist"]
