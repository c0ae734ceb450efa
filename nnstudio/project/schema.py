"""The tables of a project, `nnstudio-project/1`: one SQLite file, named `*.nnstudio`.

A file of this format has the application id 0x4E4E5331 ("NNS1") in its header, and its version as `user_version`. It
has ordinary tables and nothing else, neither views nor triggers, so that any SQLite tool can read it and nothing in it
can do anything. Arrays are kept apart from what they belong to: `arrays` says whose they are, of which type and shape,
and `blobs` has their bytes once, however many have the same, under the SHA-256 that they must have. NaN is NULL in the
tables that are meant to be plotted (`epochs`, `gradient_norms`; a working copy has the arrays of `history N` instead,
a block of epochs each); where the last bit matters a number is in an array, or text.

What is not known here is passed over, so a later version may add tables and columns without another format number.
"""

import sqlite3

from nnstudio.experiment.open import PROJECT_SUFFIX

APPLICATION_ID = 0x4E4E5331
VERSION = 1
FORMAT = f"nnstudio-project/{VERSION}"
SUFFIX = PROJECT_SUFFIX
PAGE_SIZE = 4096

TABLES: dict[str, str] = {
    # What the file is: `format`, `program` (the version that wrote it), `saved` (when, in UTC) and the versions of what
    # the numbers depend on (`python`, `numpy`, `platform`). `seal TABLE` is a SHA-256 of the rows of that table
    # (`seals`); a working copy has none.
    "about": "name TEXT PRIMARY KEY, value TEXT",
    # What is text: `experiment` (as in *.nns.json), `notes`, `settings` (JSON of the window), `stopped` (why the
    # training had stopped, JSON). `sha256` is that of the text in UTF-8.
    "texts": "name TEXT PRIMARY KEY, content TEXT, sha256 TEXT",
    # Where the data are. `keeping` is `embedded` (in `columns`), `referenced` (the file at `path`, relative to the
    # project's folder where it lies in there, of so many bytes and this SHA-256) or `described` (in the experiment: a
    # sample, or an inline table). `fingerprint` is the SHA-256 of the table as it was read, whichever way it is kept.
    "data": "id INTEGER PRIMARY KEY, keeping TEXT, path TEXT, size INTEGER, sha256 TEXT, fingerprint TEXT, rest TEXT",
    # The columns of an embedded table; the arrays `values` and `missing` belong to `column N`. `rest` has what else is
    # known of a column, as JSON.
    "columns": "position INTEGER PRIMARY KEY, name TEXT, rest TEXT",
    # Moments of the run kept whole. `kind` is `here` (where it stands), `initial` (what Reset goes back to), `keyframe`
    # (to travel back to). The moment is after so many `iterations` and
    # `pc` operations of the next one; `edits` of the run had been made by then. The arrays of `state N` are the
    # families of the store (`store/parameters`, `store/adam m`, …), those of the mini-batch by its size (`rows 10/…`),
    # `order` (the permutation of the rows) and `in_play` (which rows without a target are visited). `generator`,
    # `set_after` and `factors` are JSON. `sha256` seals the row together with those of its arrays.
    "states": (
        "id INTEGER PRIMARY KEY, kind TEXT, iterations INTEGER, pc INTEGER, edits INTEGER, epoch INTEGER, "
        "cursor INTEGER, batch_size INTEGER, generator TEXT, set_after TEXT, factors TEXT, sha256 TEXT"
    ),
    # Every array: little-endian, C order, `dtype` as NumPy writes it, `shape` as JSON.
    "arrays": "owner TEXT, name TEXT, dtype TEXT, shape TEXT, sha256 TEXT, PRIMARY KEY (owner, name)",
    "blobs": "sha256 TEXT PRIMARY KEY, bytes BLOB",
    # What a person did to the run, in order, and what early stopping put back: `kind` is `set` (the `element`, JSON, of
    # `slot` was set to `value`, as Python writes it), `scale` (the update by `value`) or `put back` (the arrays of
    # `edit N`, by slot).
    "edits": (
        "position INTEGER PRIMARY KEY, kind TEXT, iterations INTEGER, pc INTEGER, slot TEXT, element TEXT, value TEXT"
    ),
    # What happened at a moment and is worth going back to, in words.
    "marks": "position INTEGER PRIMARY KEY, iterations INTEGER, pc INTEGER, text TEXT",
    # What else the run goes on from, JSON by name: `furthest`, `limit` (epochs), `seconds` (of training), `took_over`,
    # `put_back` (after which epoch the weights of which one), `since`, `target_met`, `seconds_before` and `best` (epoch
    # and cost; its arrays belong to `best`) of the stopping.
    "run": "name TEXT PRIMARY KEY, value TEXT",
    # The metrics by epoch, 0 being the untrained network. The columns after these are the run's own, such as
    # "training cost" or "validation accuracy".
    "epochs": "epoch INTEGER PRIMARY KEY, penalty, learning_rate",
    # ‖∂J/∂W‖ of each layer (from 1) at the end of an epoch.
    "gradient_norms": "epoch INTEGER, layer INTEGER, norm, PRIMARY KEY (epoch, layer)",
    # Breakpoints and watches that are switched on, in order. `settings` is JSON; `hits` is how often it was hit, `held`
    # whether its condition held when last looked at.
    "breakpoints": "position INTEGER PRIMARY KEY, kind TEXT, settings TEXT, hits INTEGER, held INTEGER",
    # The expressions of the watch list, in order.
    "watch_list": "position INTEGER PRIMARY KEY, expression TEXT",
    # What can be undone and, from the position in `run` under `undone` on, done again: the document before and after,
    # as names in `texts`. What they hold is the window's.
    "undo": "position INTEGER PRIMARY KEY, label TEXT, before TEXT, after TEXT",
    # Runs that undoing or doing again brings back, by the number of steps that lead to their document. The array `run`
    # of `left N` is a database with the tables of this schema that tell how a run stands, empty for one as it began;
    # `life` is its number, by which steps name it, and `fingerprint` that of the table it has learned from.
    "left_runs": "position INTEGER PRIMARY KEY, life INTEGER, fingerprint TEXT",
    # What each branch of the run differs by: the `experiment` named so in `texts`, and perhaps an `element` (JSON) of
    # `slot` that was set to `value`. They forked at the state of kind `fork`, from the experiment `fork` of `texts`;
    # its epochs up to there are the arrays of `fork`. They can be run again, to the end of `branch_epochs` in `run`.
    "branches": "position INTEGER PRIMARY KEY, label TEXT, experiment TEXT, slot TEXT, element TEXT, value TEXT",
    # How the window is arranged is among its `settings`. The arrays of `window` are its `picture` (a PNG), and
    # `layout`: opaque bytes, empty from this window, kept for one that has a use for them.
}


def create(connection: sqlite3.Connection) -> None:
    """Make an empty file a project without anything in it."""
    connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    connection.execute(f"PRAGMA user_version = {VERSION}")
    for name, columns in TABLES.items():
        connection.execute(f"CREATE TABLE {name} ({columns})")
