"""Arrays to work in, made once when an operation is, since nothing is allocated while it runs."""

import numpy as np


def pair(like: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    return np.empty_like(like), np.empty_like(like)


def triple(like: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    return np.empty_like(like), np.empty_like(like), np.empty_like(like)
