"""The menu by which a laboratory saves its picture: PNG, SVG, or its numbers as CSV."""

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from PySide6.QtCore import QRectF, QSize, QStandardPaths, Qt
from PySide6.QtGui import QAction, QPainter
from PySide6.QtWidgets import QFileDialog, QMenu

from nnstudio.gui.context import Context
from nnstudio.gui.plots.chart import Chart
from nnstudio.gui.plots.export import Exportable, ExportError, save
from nnstudio.gui.plots.legend import Key, Legend
from nnstudio.gui.plots.picture import Table
from nnstudio.gui.widgets.icon_button import IconButton

_MARGIN, _LEGEND, _WIDEST = 16, 24, 1000
_KINDS = ("png", "svg", "csv")


class ChartExport:
    """A chart as it is shown, with its legend above it, and its numbers."""

    def __init__(self, title: str, chart: Chart, keys: Sequence[Key], table: Table) -> None:
        self.title, self.ground = title, chart.theme.panel
        self._chart, self._table = chart, table
        self._legend = Legend(Qt.Orientation.Horizontal)
        self._legend.show_keys(keys, chart.theme)
        self._above = _LEGEND if keys else 0

    def size(self) -> QSize:
        size = self._chart.size()
        width = max(size.width(), min(self._legend.sizeHint().width(), _WIDEST))
        return QSize(width + 2 * _MARGIN, size.height() + 2 * _MARGIN + self._above)

    def paint(self, painter: QPainter) -> None:
        self._legend.paint(painter, QRectF(_MARGIN, _MARGIN - 4, self.size().width() - 2 * _MARGIN, 18))
        painter.translate(_MARGIN, _MARGIN + self._above)
        self._chart.paint(painter, shapes=True)

    def table(self) -> tuple[Sequence[str], Iterable[Sequence[object]]]:
        header, rows = self._table
        return header, rows


class SaveButton(IconButton):
    """`export` makes what is to be saved."""

    def __init__(self, name: str, context: Context, export: Callable[[], Exportable]) -> None:
        super().__init__(name, "ph.dots-three-outline-fill", "Save this picture", context.appearance)
        self._context, self._export = context, export
        menu = QMenu(self)
        for kind in _KINDS:
            menu.addAction(f"Save as {kind.upper()}…").setData(kind)
        menu.triggered.connect(self._ask)
        self.setPopupMode(IconButton.ToolButtonPopupMode.InstantPopup)
        self.setMenu(menu)

    def save(self, path: Path | str) -> bool:
        """Save the picture or its numbers, by the suffix; false, with the reason shown, if it can't be."""
        path = Path(path)
        try:
            save(self._export(), path)
        except ExportError as error:
            self._context.session.failed.emit(str(error))
            return False
        self._context.session.message.emit(f"Saved {path.name}")
        return True

    def _ask(self, action: QAction) -> None:
        kind, title = str(action.data()), self._export().title
        dialog = QFileDialog(self, f"Save {title.lower()}")
        dialog.setObjectName("save_laboratory_dialog")
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setNameFilter(f"{kind.upper()} (*.{kind})")
        dialog.setDefaultSuffix(kind)
        dialog.setDirectory(str(self._context.document.folder or _pictures()))
        dialog.selectFile(f"{self._context.document.experiment.name} - {title.lower()}.{kind}")
        dialog.fileSelected.connect(self.save)
        dialog.open()


def _pictures() -> Path:
    found = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.PicturesLocation)
    return Path(found) if found else Path.cwd()
