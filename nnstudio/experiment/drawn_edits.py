"""The edit that puts drawn points into an experiment."""

from dataclasses import replace

from nnstudio.data.drawn import Sheet, is_sheet
from nnstudio.data.spec import InlineSource

from .document import USUAL_BATCH_SIZE, Experiment
from .edits import DRAWN, Edit, named_after_data


def use_sheet(experiment: Experiment, sheet: Sheet, label: str) -> Edit:
    """Learn from these points. An experiment that is called after its data, or as it came with the program, is renamed;
    mini-batches of all points stay such as more are drawn, up to the usual size."""
    old, training = experiment.data, experiment.training
    drawing = is_sheet(old)
    title = experiment.name if drawing else named_after_data(experiment, DRAWN)
    if isinstance(old.source, InlineSource) and drawing and training.batch_size >= len(old.source.rows):
        training = replace(training, batch_size=max(training.batch_size, USUAL_BATCH_SIZE))
    parameters = experiment.parameters if drawing else None
    return Edit(label, replace(experiment, name=title, data=sheet.spec(old), training=training, parameters=parameters))
