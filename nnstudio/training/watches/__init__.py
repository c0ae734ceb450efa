"""Ready-made watches: the usual ways in which training goes wrong, each with a number that tells and a threshold.

A `watch` is what is measured and when it is too much. `gradients`, `activations`, `costs`, `slots` and `settings` are
the watches by what they look at, and `catalogue` lists them. The `observer` follows one of them through a run, a
`check` lets it stop the training, and `origin` goes back to where the present trouble began.

The thresholds to begin with are those of the built-in rules of Amazon SageMaker Debugger, of Cockpit (Schneider, Dangel
and Hennig, 2021) and of UMLAUT (Schoop, Huang and Hartmann, 2021). They suit large runs: so each stands beside what is
measured, and a person changes it.
"""

from .catalogue import BY_NAME, WATCHES
from .check import breakpoint_of
from .observer import Observer, Reading
from .origin import Origin
from .watch import Measured, Scene, Side, Threshold, Watch, When

__all__ = [
    "BY_NAME",
    "WATCHES",
    "Measured",
    "Observer",
    "Origin",
    "Reading",
    "Scene",
    "Side",
    "Threshold",
    "Watch",
    "When",
    "breakpoint_of",
]
