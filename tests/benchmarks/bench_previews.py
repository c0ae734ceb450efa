"""Looking into a file before it is opened: how long each kind of file takes to show its first rows.

    python tests/benchmarks/bench_previews.py [--rows 60000] [--only csv xlsx]

Images of 28 × 28 pixels as text, arrays, IDX, ARFF, Parquet and a folder of pictures; a table of 1,000,000 × 20 as
text; workbooks of 100,000 rows. The time is the median of five looks, none of them the first: what a reader imports is
imported by then. A file that cannot be made here, for want of what writes it, is a row that says so.
"""

import argparse
import gzip
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
from bench_data import mixed, pixels
from bench_formats import images, write_idx

from nnstudio.data.preview import preview

LOOKS = 5
WIDE = 785
WORKBOOK = (100_000, 10)
LARGE = 1_000_000


def wide_csv(folder: Path, rows: int) -> Path:
    pixels(folder / "wide.csv", rows)
    return folder / "wide.csv"


def long_csv(folder: Path, _rows: int) -> Path:
    mixed(folder / "long.csv", LARGE)
    return folder / "long.csv"


def npy(folder: Path, rows: int) -> Path:
    np.save(folder / "images.npy", images(rows))
    return folder / "images.npy"


def npz(folder: Path, rows: int) -> Path:
    np.savez_compressed(folder / "images.npz", x=images(rows), y=np.arange(rows) % 10)
    return folder / "images.npz"


def idx(folder: Path, rows: int) -> Path:
    return write_idx(folder, images(rows), bytes, "")


def packed_idx(folder: Path, rows: int) -> Path:
    return write_idx(folder, images(rows), gzip.compress, ".gz")


def arff(folder: Path, rows: int) -> Path:
    path = folder / "images.arff"
    with path.open("w") as file:
        file.write("@relation images\n" + "".join(f"@attribute c{n} numeric\n" for n in range(WIDE - 1)) + "@data\n")
        file.writelines(",".join(map(str, row)) + "\n" for row in images(rows).tolist())
    return path


def parquet(folder: Path, rows: int) -> Path:
    frame = pd.DataFrame(images(rows).astype(np.float64), columns=[f"c{number}" for number in range(WIDE - 1)])
    frame.to_parquet(folder / "images.parquet")
    return folder / "images.parquet"


def xlsx(folder: Path, _rows: int) -> Path:
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    sheet = book.create_sheet()
    for row in _cells():
        sheet.append(row)
    book.save(folder / "book.xlsx")
    return folder / "book.xlsx"


def ods(folder: Path, _rows: int) -> Path:
    """By hand: what writes such files takes minutes for so many rows."""
    import zipfile

    rows = "".join(
        "<table:table-row>"
        + "".join(
            f'<table:table-cell office:value-type="float" office:value="{cell}"/>'
            if isinstance(cell, float)
            else f'<table:table-cell office:value-type="string"><text:p>{cell}</text:p></table:table-cell>'
            for cell in row
        )
        + "</table:table-row>"
        for row in _cells()
    )
    of = "urn:oasis:names:tc:opendocument:xmlns:"
    content = (
        f'<?xml version="1.0"?><office:document-content xmlns:office="{of}office:1.0" xmlns:table="{of}table:1.0" '
        f'xmlns:text="{of}text:1.0"><office:body><office:spreadsheet><table:table table:name="one">{rows}'
        "</table:table></office:spreadsheet></office:body></office:document-content>"
    )
    with zipfile.ZipFile(folder / "book.ods", "w", zipfile.ZIP_DEFLATED) as book:
        book.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet", zipfile.ZIP_STORED)
        book.writestr("content.xml", content)
        book.writestr(
            "META-INF/manifest.xml",
            f'<?xml version="1.0"?><manifest:manifest xmlns:manifest="{of}manifest:1.0">'
            '<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/>'
            "</manifest:manifest>",
        )
    return folder / "book.ods"


def _cells() -> list[list[object]]:
    rows, columns = WORKBOOK
    numbers = np.random.default_rng(0).random((rows, columns)).round(4).tolist()
    return [[f"c{number}" for number in range(columns)], *numbers]


def pictures(folder: Path, rows: int) -> Path:
    from PIL import Image

    root = folder / "pictures"
    for digit in range(10):
        (root / f"digit {digit}").mkdir(parents=True)
    for number, image in enumerate(images(rows).reshape(-1, 28, 28)):
        Image.fromarray(image).save(root / f"digit {number % 10}" / f"{number}.png", compress_level=1)
    return root


KINDS: tuple[Callable[[Path, int], Path], ...] = (
    wide_csv,
    long_csv,
    npy,
    npz,
    idx,
    packed_idx,
    arff,
    parquet,
    xlsx,
    ods,
    pictures,
)


def look(path: Path) -> float:
    begun = time.perf_counter()
    preview(path)
    return time.perf_counter() - begun


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=60_000)
    parser.add_argument("--only", nargs="*", default=[kind.__name__ for kind in KINDS])
    arguments = parser.parse_args()
    for make in KINDS:
        if make.__name__ in arguments.only:
            with tempfile.TemporaryDirectory() as folder:
                show(make, Path(folder), arguments.rows)


def show(make: Callable[[Path, int], Path], folder: Path, rows: int) -> None:
    try:
        path = make(folder, rows)
    except ImportError as error:
        print(f"  {make.__name__:12} {error.name} is not installed")
        return
    first = look(path)
    times = [look(path) for _ in range(LOOKS)]
    usual = statistics.median(times)
    print(f"  {make.__name__:12} {1000 * usual:4.0f} ms   the first {1000 * first:.0f} ms", flush=True)


if __name__ == "__main__":
    main()
