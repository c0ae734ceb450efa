"""The platform's own font; Inter where there is none, as on a machine without a desktop. Figures are tabular."""

from PySide6.QtGui import QFont, QFontDatabase, QGuiApplication

from nnstudio import resources


def install(app: QGuiApplication) -> None:
    """Choose the font of the program."""
    font = QFont(app.font())
    if app.platformName() in ("offscreen", "minimal") or not QFontDatabase.families():
        for file in sorted(resources.path("fonts").glob("*.otf")):
            QFontDatabase.addApplicationFont(str(file))
        font = QFont("Inter")
    font.setPixelSize(13)
    font.setFeature(QFont.Tag("tnum"), 1)
    app.setFont(font)
