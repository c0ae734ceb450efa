"""Projects that are not as they were written: by an accident of the disk, or by somebody who means harm."""

import json
import sqlite3
import struct
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from pathlib import Path
from random import Random

Mutation = Callable[[Path, Random], None]
_PAGE = 4096


def truncated(path: Path, random: Random) -> None:
    """Cut off at the end of a page, or within one."""
    size = path.stat().st_size
    at = random.randrange(1, size // _PAGE + 1) * _PAGE - random.choice([0, 0, 1, 7, 2000])
    _overwrite(path, path.read_bytes()[:at])


def flipped(path: Path, random: Random) -> None:
    """Some bits are others."""
    content = bytearray(path.read_bytes())
    for _ in range(random.choice([1, 1, 2, 8, 64])):
        content[random.randrange(len(content))] ^= 1 << random.randrange(8)
    _overwrite(path, content)


def flipped_heads(path: Path, random: Random) -> None:
    """Some bits are others where a page says what is in it."""
    content = bytearray(path.read_bytes())
    for _ in range(random.choice([1, 2, 4])):
        content[random.randrange(len(content) // _PAGE) * _PAGE + random.randrange(64)] ^= 1 << random.randrange(8)
    _overwrite(path, content)


def overwritten(path: Path, random: Random) -> None:
    """A stretch of zeros, of ones, or of anything."""
    content = bytearray(path.read_bytes())
    at, length = random.randrange(len(content)), random.choice([16, 512, _PAGE, 5 * _PAGE])
    fill = random.choice([bytes(length), b"\xff" * length, random.randbytes(length)])
    content[at : at + length] = fill
    _overwrite(path, content)


def pages_swapped(path: Path, random: Random) -> None:
    """Two pages have changed places, or one stands twice."""
    content = bytearray(path.read_bytes())
    one, other = (random.randrange(1, len(content) // _PAGE) * _PAGE for _ in range(2))
    first, second = content[one : one + _PAGE], content[other : other + _PAGE]
    content[one : one + _PAGE] = second
    if random.random() < 0.5:
        content[other : other + _PAGE] = first
    _overwrite(path, content)


def lengthened(path: Path, random: Random) -> None:
    """There is something behind its end."""
    _overwrite(path, path.read_bytes() + random.randbytes(random.choice([1, 100, _PAGE])))


def another_program(path: Path, random: Random) -> None:
    """A database, but of another program, or of another time."""
    content = bytearray(path.read_bytes())
    place = random.choice([60, 68])
    content[place : place + 4] = struct.pack(">i", random.choice([0, 2, -1, 99, 2**31 - 1]))
    _overwrite(path, content)


def no_database(path: Path, random: Random) -> None:
    """Something else altogether."""
    _overwrite(path, random.choice([b"", b"SQLite format 3\0", b"PK\3\4" + bytes(200), random.randbytes(9000)]))


def blobs_swapped(path: Path, random: Random) -> None:
    """The bytes of two arrays have changed places."""
    with closing(sqlite3.connect(path)) as connection:
        names = [name for (name,) in connection.execute("SELECT sha256 FROM blobs")]
        one, other = random.sample(names, 2)
        for new, old in (("x", one), (one, other), (other, "x")):
            connection.execute("UPDATE blobs SET sha256 = ? WHERE sha256 = ?", (new, old))
        connection.commit()


def cells_changed(path: Path, random: Random) -> None:
    """A cell of any table is something else; what an honest program would write beside it is not."""
    with closing(sqlite3.connect(path)) as connection:
        for _ in range(random.choice([1, 2, 5])):
            table = random.choice(_tables(connection))
            columns = [row[1] for row in connection.execute(f"PRAGMA table_info({table})")]
            column, value = random.choice(columns), random.choice(_CELLS)
            rows = [row for (row,) in connection.execute(f"SELECT rowid FROM {table}")]
            with suppress(sqlite3.IntegrityError):  # a primary key is a number
                changed = f'UPDATE OR IGNORE {table} SET "{column}" = ? WHERE rowid = ?'
                connection.execute(changed, (value, random.choice(rows or [0])))
        connection.commit()


def rows_dropped(path: Path, random: Random) -> None:
    """Rows of a table are missing, or all of it."""
    with closing(sqlite3.connect(path)) as connection:
        table = random.choice(_tables(connection))
        if random.random() < 0.5:
            connection.execute(f"DELETE FROM {table} WHERE rowid % 3 = {random.randrange(3)}")
        else:
            connection.execute(f"DROP TABLE {table}")
        connection.commit()


def hostile_schema(path: Path, random: Random) -> None:
    """Something in the schema that would do something."""
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(random.choice(SCHEMAS))
        connection.commit()


def hostile_experiment(path: Path, random: Random) -> None:
    """An experiment that is sealed as it should be, and asks for what must not be."""
    import hashlib

    with closing(sqlite3.connect(path)) as connection:
        (text,) = connection.execute("SELECT content FROM texts WHERE name = 'experiment'").fetchone()
        raw = json.loads(text)
        random.choice(_EXPERIMENTS)(raw)
        content = json.dumps(raw)
        connection.execute(
            "UPDATE texts SET content = ?, sha256 = ? WHERE name = 'experiment'",
            (content, hashlib.sha256(content.encode()).hexdigest()),
        )
        connection.commit()


def left_runs_changed(path: Path, random: Random) -> None:
    """A run that Undo would bring back, sealed as it should be, is changed itself in one of the other ways."""
    import hashlib

    with closing(sqlite3.connect(path)) as connection:
        query = (
            "SELECT owner, bytes FROM arrays JOIN blobs USING (sha256) WHERE owner LIKE 'left %' AND length(bytes) > 0"
        )
        owner, content = random.choice(connection.execute(query).fetchall())
        inner = path.with_name("left.nnstudio")
        _overwrite(inner, content)
        random.choice([one for one in MUTATIONS if one not in (left_runs_changed, hostile_experiment)])(inner, random)
        changed = inner.read_bytes()
        name = hashlib.sha256(changed).hexdigest()
        connection.execute("INSERT OR IGNORE INTO blobs (sha256, bytes) VALUES (?, ?)", (name, changed))
        shape = json.dumps([len(changed)])
        connection.execute("UPDATE arrays SET sha256 = ?, shape = ? WHERE owner = ?", (name, shape, owner))
        connection.commit()


MUTATIONS: tuple[Mutation, ...] = (
    truncated,
    flipped,
    flipped_heads,
    overwritten,
    pages_swapped,
    lengthened,
    another_program,
    no_database,
    blobs_swapped,
    cells_changed,
    rows_dropped,
    hostile_schema,
    hostile_experiment,
    left_runs_changed,
)
SCHEMAS = (
    "CREATE TRIGGER t AFTER INSERT ON texts BEGIN DELETE FROM blobs; END;",
    "ALTER TABLE texts RENAME TO kept; CREATE VIEW texts AS SELECT * FROM kept;",
    "CREATE VIRTUAL TABLE searched USING fts5(content);",
    "DROP TABLE marks; CREATE VIRTUAL TABLE marks USING fts5(position, iterations, pc, text);",
    "CREATE TABLE other (a, b AS (zeroblob(1000000)));",
    "DROP TABLE edits; CREATE TABLE edits (position INTEGER PRIMARY KEY, kind TEXT, iterations INTEGER, pc INTEGER, "
    "slot TEXT, element TEXT, value AS (zeroblob(1000000000)));",
    "PRAGMA ignore_check_constraints = ON; CREATE TABLE slow (a CHECK (length(hex(zeroblob(100000000))) > a)); "
    "INSERT INTO slow VALUES (1);",
    "CREATE INDEX by_hex ON texts (hex(content));",
    "PRAGMA writable_schema = ON; UPDATE sqlite_master SET sql = 'CREATE TABLE texts (' || hex(zeroblob(200000)) || "
    "')' WHERE name = 'texts';",
    "PRAGMA writable_schema = ON; UPDATE sqlite_master SET rootpage = 1 WHERE name = 'blobs';",
    "PRAGMA writable_schema = ON; UPDATE sqlite_master SET rootpage = (SELECT rootpage FROM sqlite_master WHERE name = "
    "'states') WHERE name = 'texts';",
    "PRAGMA journal_mode = WAL; INSERT INTO about VALUES ('x', 'y');",
)
_DEEP = "[" * 100_000
_CELLS = (
    *(
        None,
        -1,
        0,
        1,
        2**31,
        2**63 - 1,
        1e308,
        float("inf"),
        "",
        "x",
        "\0",
        "1",
        "here",
        _DEEP,
        '{"a": 1}',
        "[]",
        "null",
    ),
    *(
        b"",
        b"\xff\xfe",
        bytes(100),
        '[["W1", [0, 0], 1]]',
        "[-1]",
        "[99999999, 99999999]",
        "<f8",
        "|O",
        ">c16",
        "state 1",
    ),
)


def _huge_layer(raw: dict) -> None:
    raw["network"]["layers"][0]["units"] = 10**9


def _outside(raw: dict) -> None:
    raw["data"]["source"] = {"kind": "file", "path": "/etc/passwd"}


def _elsewhere(raw: dict) -> None:
    raw["data"]["source"] = {"kind": "file", "path": "/dev/zero"}


def _other_network(raw: dict) -> None:
    raw["network"]["layers"][0]["units"] += 1


def _other_batch(raw: dict) -> None:
    raw["training"]["batch_size"] = 1


def _many_rows(raw: dict) -> None:
    raw["data"]["source"] = {"kind": "sample", "name": "circles", "rows": 10**12}


_EXPERIMENTS = (_huge_layer, _outside, _elsewhere, _other_network, _other_batch, _many_rows)


def mutated(original: Path, folder: Path, seed: int) -> Iterator[tuple[str, Path]]:
    """Endlessly, a name of what was done and a file that it was done to."""
    random = Random(seed)
    content = original.read_bytes()
    while True:
        mutation = random.choice(MUTATIONS)
        path = folder / "mutated.nnstudio"
        for suffix in ("-wal", "-shm", "-journal"):
            Path(f"{path}{suffix}").unlink(missing_ok=True)
        _overwrite(path, content)
        mutation(path, random)
        yield mutation.__name__, path


def _tables(connection: sqlite3.Connection) -> list[str]:
    return [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]


def _overwrite(path: Path, content: bytes | bytearray) -> None:
    path.write_bytes(content)
