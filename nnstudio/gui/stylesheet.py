"""The one style sheet: quiet cards on a grey ground, no box around a box, one accent."""

from nnstudio import resources

from .theme import Theme

_TEMPLATE = """
* {{ font-size: 13px; }}
QMainWindow, QDialog {{ background: {ground}; }}
QDialog[card="true"] {{ background: {panel}; }}
QMainWindow::separator {{ background: {ground}; width: 8px; height: 8px; }}
QMainWindow::separator:hover {{ background: {hover}; }}
QMenuBar {{ background: {ground}; padding: 2px 8px; }}
QMenuBar::item {{ padding: 4px 8px; border-radius: 4px; }}
QMenuBar::item:selected {{ background: {hover}; }}
QMenu {{ background: {panel}; border: 1px solid {line}; border-radius: 6px; padding: 4px; }}
QMenu::item {{ padding: 5px 24px 5px 24px; border-radius: 4px; }}
QMenu::item:selected {{ background: {chosen}; }}
QMenu::item:disabled {{ color: {stale}; }}
QMenu::separator {{ height: 1px; background: {line}; margin: 4px 8px; }}
QToolBar {{ background: {panel}; border: none; border-bottom: 1px solid {line}; padding: 6px 8px; spacing: 2px; }}
QToolBar[margin="true"] {{ background: {ground}; border: none; padding: 0; margin: 0; }}
QToolBar::separator {{ background: {line}; width: 1px; margin: 6px 4px; }}
QToolButton {{ border: none; border-radius: 6px; padding: 6px 7px; color: {text}; background: transparent; }}
QToolButton:hover {{ background: {field}; }}
QToolButton:pressed {{ background: {hover}; }}
QToolButton:disabled {{ color: {stale}; }}
QToolButton:focus {{ border: 1px solid {accent}; padding: 5px 6px; }}
QToolBar QToolButton:checked {{ background: {chosen}; }}
QToolButton[primary="true"] {{ background: {accent}; color: {on_accent}; font-weight: 600; padding: 6px 12px; }}
QToolButton[primary="true"]:focus {{ border: 1px solid {text}; padding: 5px 11px; }}
QToolButton[primary="true"]:hover {{ background: {accent_hover}; }}
QToolButton[primary="true"]:disabled {{ background: {field}; color: {stale}; }}
QToolButton::menu-indicator {{ image: none; }}
QToolButton[compact="true"] {{ padding: 4px; }}
QToolButton[compact="true"]:focus {{ padding: 3px; }}
QToolButton[filled="true"] {{ background: {field}; }}
QToolButton[filled="true"]:hover, QToolButton[filled="true"]:focus {{ background: {hover}; }}
QStatusBar {{ background: {ground}; color: {muted}; }}
QStatusBar::item {{ border: none; }}
QStatusBar QLabel {{ color: {muted}; }}
QDockWidget {{ color: {text}; }}
QMainWindow > QTabBar {{ background: {ground}; qproperty-elideMode: ElideNone; qproperty-drawBase: false; }}
QMainWindow > QTabBar::tab {{ background: transparent; color: {muted}; border: none; padding: 4px 16px 6px 16px;
    border-top-left-radius: 8px; border-top-right-radius: 8px; font-size: 12px; }}
QMainWindow > QTabBar::tab:selected {{ background: {panel}; color: {text}; font-weight: 600; }}
QMainWindow > QTabBar::tab:hover:!selected {{ background: {hover}; }}
QMainWindow > QTabBar::tab:focus {{ color: {accent}; }}
#panel_header {{ background: {panel}; border-top-left-radius: 8px; border-top-right-radius: 8px; }}
#panel_body {{ background: {panel}; border-bottom-left-radius: 8px; border-bottom-right-radius: 8px; }}
#panel_title, QLabel[heading="true"] {{ font-weight: 600; }}
QLabel[muted="true"] {{ color: {muted}; }}
QLabel[small="true"] {{ font-size: 11px; }}
QLabel[error="true"] {{ color: {error}; }}
QLabel[good="true"] {{ color: {update}; font-weight: 600; }}
#lesson_task {{ background: {chosen}; border-radius: 8px; }}
QLabel[big="true"] {{ font-size: 18px; font-weight: 600; }}
QScrollArea, QScrollArea > QWidget > QWidget {{ background: transparent; border: none; }}
QPushButton {{ background: {field}; border: none; border-radius: 6px; padding: 6px 12px; color: {text}; }}
QPushButton:hover {{ background: {hover}; }}
QPushButton:focus {{ outline: none; border: 1px solid {accent}; padding: 5px 11px; }}
QPushButton:disabled {{ color: {stale}; }}
QPushButton[link="true"] {{ background: transparent; color: {accent}; font-weight: 600;
    padding: 2px 0; text-align: left; }}
QPushButton[link="true"]:hover {{ text-decoration: underline; }}
QPushButton[link="true"]:focus {{ border: none; padding: 2px 0; text-decoration: underline; }}
QPushButton[link="true"]:disabled {{ color: {stale}; }}
QPushButton[quiet="true"] {{ background: transparent; color: {muted}; font-size: 11px; padding: 2px 6px;
    text-align: left; }}
QPushButton[quiet="true"]:hover {{ background: {field}; }}
QPushButton[quiet="true"]:focus {{ padding: 1px 5px; }}
QPushButton::menu-indicator {{ image: none; width: 0; }}
QPushButton[primary="true"] {{ background: {accent}; color: {on_accent}; font-weight: 600; }}
QPushButton[primary="true"]:hover {{ background: {accent_hover}; }}
QPushButton[primary="true"]:disabled {{ background: {field}; color: {stale}; }}
QComboBox, QSpinBox, QDoubleSpinBox, QLineEdit {{ background: {field}; border: 1px solid {field};
    border-radius: 5px; padding: 3px 7px; min-height: 18px; color: {text}; }}
QSpinBox, QDoubleSpinBox, QLineEdit {{ selection-background-color: {accent}; selection-color: {on_accent}; }}
QComboBox:hover, QSpinBox:hover, QDoubleSpinBox:hover, QLineEdit:hover {{ border-color: {line}; }}
QComboBox:focus, QSpinBox:focus, QDoubleSpinBox:focus, QLineEdit:focus {{ border: 1px solid {accent}; }}
QAbstractSpinBox QLineEdit {{ padding: 0; border: none; min-height: 0; background: transparent; }}
QComboBox:disabled, QSpinBox:disabled, QDoubleSpinBox:disabled, QLineEdit:disabled {{ color: {stale}; }}
QComboBox {{ combobox-popup: 0; }}
QComboBox::drop-down {{ border: none; width: 18px; }}
QComboBox[tight="true"] {{ padding: 3px 0 3px 6px; }}
QComboBox::down-arrow {{ image: url({arrow}); width: 10px; height: 10px; }}
QComboBox QAbstractItemView {{ background: {panel}; border: 1px solid {line}; outline: none;
    selection-background-color: {chosen}; selection-color: {text}; padding: 4px; }}
QAbstractSpinBox::up-button, QAbstractSpinBox::down-button {{ width: 0; border: none; }}
QComboBox QAbstractItemView::item {{ min-height: 24px; padding: 0 6px; border-radius: 4px; }}
QComboBox QAbstractItemView::item:selected {{ background: {chosen}; color: {text}; }}
QComboBox QAbstractItemView::item:disabled {{ color: {stale}; }}
QCheckBox {{ spacing: 6px; }}
QCheckBox::indicator, QAbstractItemView::indicator {{ width: 14px; height: 14px; border: 1px solid {stale};
    border-radius: 4px; background: {panel}; }}
QCheckBox::indicator:checked, QAbstractItemView::indicator:checked {{ background: {accent}; border-color: {accent};
    image: url({check}); }}
QCheckBox::indicator:focus {{ border: 2px solid {accent}; width: 12px; height: 12px; }}
QCheckBox::indicator:disabled, QAbstractItemView::indicator:disabled {{ border-color: {line}; background: {field}; }}
QRadioButton::indicator {{ width: 14px; height: 14px; border: 1px solid {muted}; border-radius: 8px;
    background: {panel}; }}
QRadioButton::indicator:focus {{ border: 2px solid {accent}; width: 12px; height: 12px; }}
QRadioButton::indicator:checked {{ border: 5px solid {accent}; width: 6px; height: 6px; }}
QRadioButton::indicator:checked:focus {{ border-color: {text}; background: {panel}; }}
QAbstractItemView {{ background: {panel}; border: none; outline: none; selection-background-color: {chosen};
    selection-color: {text}; alternate-background-color: {panel}; gridline-color: {line}; }}
QHeaderView {{ background: {panel}; }}
QHeaderView::section {{ background: {panel}; color: {muted}; border: none; padding: 2px 6px; font-size: 11px; }}
QTableCornerButton::section {{ background: {panel}; border: none; }}
QScrollBar:vertical {{ background: transparent; width: 10px; margin: 0; }}
QScrollBar:horizontal {{ background: transparent; height: 10px; margin: 0; }}
QScrollBar::handle {{ background: {line}; border-radius: 4px; min-height: 24px; min-width: 24px; margin: 1px; }}
QScrollBar::handle:hover {{ background: {stale}; }}
QScrollBar::add-line, QScrollBar::sub-line {{ width: 0; height: 0; }}
QScrollBar::add-page, QScrollBar::sub-page {{ background: transparent; }}
QSlider::groove:horizontal {{ height: 4px; background: {hover}; border-radius: 2px; }}
QSlider::sub-page:horizontal {{ background: {accent}; border-radius: 2px; }}
QSlider::handle:horizontal {{ background: {accent}; width: 12px; height: 12px; margin: -4px 0; border-radius: 6px; }}
QToolTip {{ background: {panel}; color: {text}; border: 1px solid {line}; padding: 6px; }}
#topic_card {{ background: {panel}; border: 1px solid {line}; }}
#segmented {{ background: {field}; border-radius: 6px; }}
#segmented QToolButton {{ padding: 3px 5px; margin: 2px; border-radius: 4px; color: {muted}; font-size: 12px; }}
#segmented QToolButton[popupMode="1"] {{ padding-right: 15px; }}
#segmented QToolButton::menu-button {{ border: none; width: 14px; border-radius: 4px; }}
#segmented QToolButton::menu-button:hover {{ background: {hover}; }}
#segmented QToolButton::menu-arrow {{ image: url({arrow}); width: 9px; height: 9px; }}
#segmented QToolButton:checked {{ background: {panel}; color: {text}; font-weight: 600; }}
#segmented QToolButton:focus {{ border: 1px solid {accent}; padding: 2px 4px; }}
#segmented QToolButton[popupMode="1"]:focus {{ padding-right: 14px; }}
#banner {{ background: {banner}; border-radius: 6px; }}
#banner QLabel {{ color: {text}; }}
#cell_note {{ background: {panel}; color: {error}; border: 1px solid {error}; border-radius: 4px;
    padding: 4px 8px; font-size: 12px; }}
QFrame[card="true"] {{ background: {panel}; border-radius: 8px; }}
#gradient_slots::item {{ padding: 0 6px; }}
#import_rows::item, #import_columns::item, #prepared_columns::item, #samples_table::item,
#prediction_table::item {{ padding: 0 3px; }}
#add_step {{ padding-left: 0; color: {accent}; font-weight: 600; }}
#import_flaws::item {{ min-height: 24px; padding: 0 6px; border-radius: 4px; }}
#import_flaws::item:selected {{ background: {chosen}; color: {text}; }}
#chip {{ background: {field}; border-radius: 6px; }}
QProgressBar {{ background: {field}; border: none; border-radius: 3px; max-height: 6px; }}
QProgressBar::chunk {{ background: {accent}; border-radius: 3px; }}
QSplitter::handle {{ background: transparent; }}
"""


def stylesheet(theme: Theme) -> str:
    """The style sheet in the colours of `theme`."""
    arrow = resources.path("icons", f"chevron-{'dark' if theme.dark else 'light'}.svg").as_posix()
    check = resources.path("icons", f"check-{'dark' if theme.dark else 'light'}.svg").as_posix()
    hover = "#7fb0ff" if theme.dark else "#1553b3"
    banner = "#46301f" if theme.dark else "#fdebd3"
    return _TEMPLATE.format(**vars(theme), arrow=arrow, check=check, accent_hover=hover, banner=banner)
