"""Projects: an experiment with its data, its run to the last bit and all that belongs to it, in one `*.nnstudio` file.

A `project` is a snapshot that nothing changes any more: whoever owns the machine takes one (`Debugger.standing`), and
any thread may write it down while the run goes on. `saving` writes it whole or not at all; `opening` gives it back with
a debugger that stands where its run stood, byte for byte, and says what was damaged (`Opened.problems`; such a project
is `read_only`). Both raise a `ProjectError`, which is an `ExperimentError`, with a message that a person can use.

What is written where: `schema` has the tables, which any SQLite tool can read. A `store` is what every part is written
and read by: arrays, texts and typed rows, each with the SHA-256 that it must have. `contents` goes through the whole;
of it `data` is the table, `runs` how a run stands, with its moments (`states`), metrics (`epochs`) and `breakpoints`.

Files of others are not trusted: `guard` opens them so that nothing in them can do anything, `migrating` brings older
formats to the present one.
"""

from .errors import DataElsewhereError, NewerFormatError, ProjectError
from .opening import Opened, open_project
from .project import Project, UndoHistory, UndoStep
from .saving import save
from .schema import SUFFIX

__all__ = [
    "SUFFIX",
    "DataElsewhereError",
    "NewerFormatError",
    "Opened",
    "Project",
    "ProjectError",
    "UndoHistory",
    "UndoStep",
    "open_project",
    "save",
]
