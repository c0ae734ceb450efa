"""A moment of a run in words."""

from nnstudio.explain.numbers import count
from nnstudio.training.keyframes import Moment


def moment_words(moment: Moment, per_epoch: int) -> str:
    """The end of epoch 12; epoch 13, after mini-batch 2; epoch 13, mini-batch 3, before operation 5."""
    epochs, batches = divmod(moment.iterations, per_epoch)
    if moment.pc:
        return f"epoch {count(epochs + 1)}, mini-batch {count(batches + 1)}, before operation {moment.pc + 1}"
    if batches:
        return f"epoch {count(epochs + 1)}, after mini-batch {count(batches)}"
    return f"the end of epoch {count(epochs)}" if epochs else "the start"
