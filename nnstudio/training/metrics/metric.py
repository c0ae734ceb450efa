"""What is measured, and what it means."""

from enum import StrEnum


class Metric(StrEnum):
    """The cost J, what the data make of it (C = J − P, where P is the penalty), and what else says how good it is."""

    COST = "cost"
    DATA_COST = "data cost"
    ACCURACY = "accuracy"
    BALANCED_ACCURACY = "balanced accuracy"
    MACRO_F1 = "macro F1"
    ROC_AUC = "ROC AUC"
    MAE = "MAE"
    RMSE = "RMSE"
    R2 = "R²"

    @property
    def is_percentage(self) -> bool:
        """Whether it is a share of rows, which people read in per cent."""
        return self in (Metric.ACCURACY, Metric.BALANCED_ACCURACY)

    @property
    def ends_at_one(self) -> bool:
        """Whether it lies between 0 and 1, and 1 is the best."""
        return self.is_percentage or self in (Metric.MACRO_F1, Metric.ROC_AUC)

    @property
    def is_error(self) -> bool:
        """Whether it is at least 0, and 0 is the best."""
        return self in (Metric.MAE, Metric.RMSE)

    @property
    def heading(self) -> str:
        """As it stands alone, on a control."""
        return f"{self.value[0].upper()}{self.value[1:]}"

    @property
    def meaning(self) -> str:
        """In a sentence, for a tooltip."""
        return _MEANINGS[self]


_MEANINGS = {
    Metric.COST: "what training makes small: the cost of the data and the penalty together",
    Metric.DATA_COST: "the cost without its penalty",
    Metric.ACCURACY: "the share of rows whose predicted class is the true one",
    Metric.BALANCED_ACCURACY: "the share of right rows within each class, averaged over the classes: "
    "a rare class counts as much as a frequent one",
    Metric.MACRO_F1: "the harmonic mean of precision and recall of each class, averaged over the classes",
    Metric.ROC_AUC: "how likely a row of a class gets a higher output for it than a row of another: 0.5 is chance; "
    "for three or more classes the mean of one against the rest",
    Metric.MAE: "the mean absolute error, in the units of the target",
    Metric.RMSE: "the root of the mean squared error, in the units of the target",
    Metric.R2: "the share of the targets' variance that is explained: 1 is perfect, 0 no better than their mean",
}
