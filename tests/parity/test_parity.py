"""Traces against numbers that PyTorch's autograd gave in float64, slot by slot."""

import json
from pathlib import Path

import numpy as np
import pytest

from nnstudio.experiment import file
from nnstudio.training.run import build
from nnstudio.training.trace import trace

CASES = sorted(Path(__file__).parent.glob("case_*.json"))
MAY_BE_FUSED_AWAY = ("dA", "Z", "dZ")


def test_the_cases_are_here():
    assert len(CASES) == 16


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_each_slot_has_the_value_of_autograd(path):
    case = json.loads(path.read_text())
    run = build(file.decode(json.dumps(case["experiment"])))
    traced = trace(run, len(case["expected"]))["iterations"]
    for expected, iteration in zip(case["expected"], traced, strict=True):
        written = {slot: value for op in iteration["ops"] for slot, value in op["writes"].items()}
        assert iteration["rows"] == expected.pop("rows")
        for slot, value in expected.items():
            if slot in written or not slot.startswith(MAY_BE_FUSED_AWAY):
                np.testing.assert_allclose(written[slot], value, rtol=1e-9, atol=1e-12, err_msg=slot)
