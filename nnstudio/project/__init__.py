"""Projects: an experiment with its data, its run to the last bit and all that belongs to it, in one `*.nnstudio` file.

A `project` is a snapshot that nothing changes any more: whoever owns the machine takes one (`Debugger.standing`), and
any thread may write it down while the run goes on. `saving` writes it whole or not at all; `opening` gives it back with
a debugger that stands where its run stood, byte for byte, and says what was damaged (`Opened.problems`; such a project
is `read_only`). Both raise a `ProjectError`, which is an `ExperimentError`, with a message that a person can use.

What is written where: `schema` has the tables, which any SQLite tool can read. A `store` is what every part is written
and read by: arrays, texts and typed rows, each with the SHA-256 that it must have. `contents` goes through the whole;
of it `data` is the table, `runs` how a run stands, with its moments (`states`), metrics (`epochs`) and `breakpoints`.

Work that is not saved yet is in a `working_copy`: put it at once after an edit, and when it is `due` while training;
close it, and it is gone. Those that a crash leaves over are found by `recovery`; an `owner` is a process that can be
told from one that is gone, and `holders` knows which one has a file open. The window takes `WorkingCopy.put(project)`
to a thread of its own: a snapshot is quick.

Files of others are not trusted: `guard` opens them so that nothing in them can do anything, `migrating` brings older
formats to the present one.
"""

from .errors import DataElsewhereError, NewerFormatError, ProjectError
from .file_print import FilePrint
from .holders import Holder, holder_of
from .left import unpack
from .opening import Opened, open_project
from .project import LeftRun, Project, Side, UndoHistory, UndoStep
from .recovery import Recoverable, recoverable
from .saving import save
from .schema import SUFFIX
from .working_copy import Origin, WorkingCopy

__all__ = [
    "SUFFIX",
    "DataElsewhereError",
    "FilePrint",
    "Holder",
    "LeftRun",
    "NewerFormatError",
    "Opened",
    "Origin",
    "Project",
    "ProjectError",
    "Recoverable",
    "Side",
    "UndoHistory",
    "UndoStep",
    "WorkingCopy",
    "holder_of",
    "open_project",
    "recoverable",
    "save",
    "unpack",
]
