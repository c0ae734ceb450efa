"""How rows can be split, in words, and how much of them can be kept."""

from nnstudio.data.spec import SplitBy

MOST_VALIDATION, MOST_TEST = 50, 40
WAYS = {
    SplitBy.STRATIFIED: ("At random, each class with its share", "Every part has about the same share of each class"),
    SplitBy.RANDOM: ("At random", "Without regard to classes"),
    SplitBy.GROUP: ("By group", "Rows of the same group stay together: nothing about a group is known beforehand"),
    SplitBy.ORDER: ("By order", "The first rows train, the last are kept: for rows in the order of time"),
    SplitBy.COLUMN: ("By a column", "A column of the table says which part a row belongs to"),
}


def percent(step: int) -> str:
    return f"{step} %"
