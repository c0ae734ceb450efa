"""What every panel is given: the document, the session, the selection, the sample that is shown, the appearance, the
settings, the breakpoints, the tools, what is laid over the learning curve, and the interlude that may have put all
that a user works on aside."""

from dataclasses import dataclass

from .appearance import Appearance
from .breakpoints.breakpoint_set import BreakpointSet
from .document import Document
from .interlude import Interlude
from .keepsakes import Keepsakes
from .lighting import Lighting
from .plots.overlays import Overlays
from .selection import Selection
from .session import Session
from .settings import Settings
from .shown import Shown
from .stepping import Stepping
from .tools.tools import Tools
from .typesetter import Typesetter


@dataclass(frozen=True, slots=True, eq=False)
class Context:
    document: Document
    session: Session
    selection: Selection
    appearance: Appearance
    settings: Settings
    typesetter: Typesetter
    breakpoints: BreakpointSet
    stepping: Stepping
    shown: Shown
    tools: Tools
    lighting: Lighting
    overlays: Overlays
    interlude: Interlude
    keepsakes: Keepsakes
