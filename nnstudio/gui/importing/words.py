"""An import in short: what was looked at, and what will be learned."""

from nnstudio.data.excerpt import Excerpt
from nnstudio.data.readers.files import shown
from nnstudio.experiment.importing.draft import ImportDraft
from nnstudio.experiment.roles import Role
from nnstudio.explain.numbers import count

_NAMES_TO_LIST = 3


def looked_at(draft: ImportDraft) -> str:
    """How much of the file is shown: 48 rows · 8 columns."""
    preview = draft.preview
    rows, columns = preview.looked_at, len(preview.columns)
    read = _counted(rows, "row") if preview.whole else f"the first {_counted(rows, 'row')}"
    return f"{read} · {_counted(columns, 'column')} · {shown(str(preview.path))}"


def shown_rows(excerpt: Excerpt, draft: ImportDraft) -> str:
    """Which rows are shown in place of the first: rows 4 951 to 5 051."""
    first, last = excerpt.first + 1, excerpt.first + len(excerpt.rows)
    return f"rows {count(first)} to {count(last)} · {shown(str(draft.path))}"


def learned(draft: ImportDraft) -> str:
    """What is predicted from what."""
    inputs, targets = draft.plan.named(Role.INPUT), draft.plan.named(Role.TARGET)
    if not inputs or not targets:
        return ""
    return f"Learns to predict {_listed(targets)} from {_listed(inputs)}"


def _listed(names: tuple[str, ...]) -> str:
    if len(names) > _NAMES_TO_LIST:
        return f"{count(len(names))} columns"
    *first, last = names
    return f"{', '.join(first)} and {last}" if first else last


def _counted(number: int, what: str) -> str:
    return f"{count(number)} {what}{'' if number == 1 else 's'}"
