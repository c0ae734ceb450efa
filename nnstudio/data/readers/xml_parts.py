"""The parts of a workbook that are XML, followed element by element, never held as a whole."""

from xml.parsers import expat

from nnstudio.data.errors import DataError
from nnstudio.data.progress import Progress, silent
from nnstudio.data.readers.archives import Archive


def follow(packed: Archive, part: str, parser: expat.XMLParserType, progress: Progress = silent) -> None:
    """Give a part to a parser, piece by piece; a DataError says where it is no XML."""
    done, whole = 0, packed.sizes[part] or 1
    try:
        for piece in packed.pieces(part):
            progress(done / whole)
            done += len(piece)
            parser.Parse(piece)
        parser.Parse(b"", True)
    except expat.ExpatError as error:
        raise DataError(f"{packed.path.name} is damaged: {part}: {error}; save it anew") from None
