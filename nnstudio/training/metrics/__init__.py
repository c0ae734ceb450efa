"""How good a network's outputs are: what is measured at the end of each epoch, with scikit-learn's exact meanings.

`metric` names what is measured. `classes` reads classes off the outputs, counts them in a confusion matrix, and derives
accuracy, balanced accuracy and macro F1 from it; `ranking` is the area under the ROC curve; `values` are the errors of
numbers. `judging` puts them together: a judge knows the targets of its rows and measures any outputs for them.
"""

from .classes import classes, confusion
from .judging import Judge, judge, metrics_of
from .metric import Metric

__all__ = ["Judge", "Metric", "classes", "confusion", "judge", "metrics_of"]
