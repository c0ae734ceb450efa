"""Every preparation gives the numbers of scikit-learn's, fitted to the same training rows and applied to the others."""

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from sklearn.decomposition import PCA
from sklearn.impute import MissingIndicator, SimpleImputer
from sklearn.preprocessing import (
    FunctionTransformer,
    MinMaxScaler,
    OneHotEncoder,
    OrdinalEncoder,
    PolynomialFeatures,
    RobustScaler,
    StandardScaler,
)
from sklearn.utils.class_weight import compute_class_weight

from nnstudio.data.pipeline import Clip, Components, Derive, Encode, Gaps, Polynomial, Scale, Step
from nnstudio.data.pipeline.clip import Limits
from nnstudio.data.pipeline.encode import Encoding
from nnstudio.data.pipeline.gaps import Gap
from nnstudio.data.pipeline.scale import Scaler
from nnstudio.data.preparation import PreparedData
from nnstudio.data.spec import ClassWeighting, SplitSpec

from .preparing import prepared, table

few = settings(max_examples=20)
SPLIT = SplitSpec(validation=0.25, test=0.15)
numbers = st.floats(-1000, 1000).map(lambda value: round(value, 3))
words = st.sampled_from(["fern", "moss", "oak", "Über", "9", "10", "a b"])


@st.composite
def matrices(draw, values=numbers, least=1, most=4):
    """A few columns of 8 to 30 rows."""
    rows, columns = draw(st.integers(8, 30)), draw(st.integers(least, most))
    return np.array(draw(st.lists(st.lists(values, min_size=columns, max_size=columns), min_size=rows, max_size=rows)))


@st.composite
def gappy(draw, values=numbers):
    """Columns with gaps, each with at least three cells that are filled in."""
    X = draw(matrices(values, most=3)).astype(object)
    for row, column in draw(st.sets(st.tuples(st.integers(0, len(X) - 1), st.integers(0, X.shape[1] - 1)), max_size=9)):
        X[row, column] = None
    return X


def made(X: np.ndarray, *steps: Step, split: SplitSpec = SPLIT) -> PreparedData:
    columns = {f"x{n + 1}": X[:, n].tolist() for n in range(X.shape[1])}
    return prepared(table(**columns, y=[float(row) for row in range(len(X))]), *steps, split=split)


def agrees(data: PreparedData, X: np.ndarray, transformer) -> None:
    """Whether all parts are what a transformer makes of them that is fitted to the training rows."""
    fitted = transformer.fit(X[data.train.rows])
    for part in (data.train, data.validation, data.test):
        if len(part.rows):
            expected = fitted.transform(X[part.rows])
            np.testing.assert_allclose(part.X, expected, rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize(
    ("how", "scaler"),
    [
        (Scaler.STANDARDIZE, StandardScaler()),
        (Scaler.MIN_MAX, MinMaxScaler()),
        (Scaler.ROBUST, RobustScaler()),
    ],
)
@few
@given(X=matrices())
def test_scaling(how, scaler, X):
    data = made(X, Scale(how=how))
    spread = X[data.train.rows].std(axis=0)
    assume(((spread == 0) | (spread > 1e-3)).all())  # between the two, it is a matter of taste what is constant
    agrees(data, X, scaler)


@few
@given(matrices(st.floats(-0.9, 1e6)))
def test_the_logarithm(X):
    agrees(made(X, Scale(how=Scaler.LOG)), X, FunctionTransformer(np.log1p))


@pytest.mark.parametrize(
    ("how", "strategy"), [(Gap.MEAN, "mean"), (Gap.MEDIAN, "median"), (Gap.MOST_FREQUENT, "most_frequent")]
)
@few
@given(X=gappy(st.integers(-3, 3).map(float)))
def test_gaps_among_numbers(how, strategy, X):
    numbers = X.astype(np.float64)
    assume((~np.isnan(numbers)).sum(axis=0).min() > 0)
    data = made(X, Gaps(how=Gap.CONSTANT, value=0.0))
    assume((~np.isnan(numbers[data.train.rows])).sum(axis=0).min() > 0)
    agrees(made(X, Gaps(how=how)), numbers, SimpleImputer(strategy=strategy))


@few
@given(gappy())
def test_gaps_filled_with_a_constant_and_marked(X):
    numbers = X.astype(np.float64)
    data = made(X, Gaps(how=Gap.CONSTANT, value=7.5, mark=True))
    assume((~np.isnan(numbers[data.train.rows])).sum(axis=0).min() > 0)  # an empty column is dropped there
    imputer = SimpleImputer(strategy="constant", fill_value=7.5, add_indicator=True)
    imputer.fit(numbers[data.train.rows])
    np.testing.assert_array_equal(data.train.X, imputer.transform(numbers[data.train.rows]))


@few
@given(gappy())
def test_gaps_that_are_marked_are_those_of_the_training_rows_in_every_part(X):
    numbers = X.astype(np.float64)
    data = made(X, Gaps(how=Gap.CONSTANT, mark=True))
    indicator = MissingIndicator(features="missing-only", error_on_new=False).fit(numbers[data.train.rows])
    for part in (data.train, data.validation, data.test):
        if len(part.rows):
            np.testing.assert_array_equal(part.X[:, X.shape[1] :], indicator.transform(numbers[part.rows]))


@few
@given(gappy(words))
def test_gaps_among_words_filled_with_a_word(X):
    assume(not _all_numbers(X))
    data = made(X, Gaps(how=Gap.CONSTANT, value="none"), Encode())
    assume((X[data.train.rows] != np.array(None)).any(axis=0).all())
    imputer = SimpleImputer(strategy="constant", fill_value="none", missing_values=None).fit(X[data.train.rows])
    filled = imputer.transform(X)
    known = [_order(column) for column in filled[data.train.rows].T]
    encoder = OneHotEncoder(categories=known, sparse_output=False, handle_unknown="ignore").fit(filled)
    for part in (data.train, data.validation, data.test):
        if len(part.rows):
            np.testing.assert_array_equal(part.X, encoder.transform(filled[part.rows]))


@few
@given(gappy(words))
def test_gaps_among_words(X):
    assume(not _all_numbers(X))
    data = made(X, Gaps(how=Gap.CONSTANT, value="none"), Encode())
    filled = X[data.train.rows] != np.array(None)
    assume(filled.any(axis=0).all())
    data = made(X, Gaps(how=Gap.MOST_FREQUENT), Encode(how=Encoding.ORDINAL))
    imputer = SimpleImputer(strategy="most_frequent", missing_values=None).fit(X[data.train.rows])
    imputed = imputer.transform(X[data.train.rows])
    encoder = OrdinalEncoder(categories=[_order(column) for column in imputed.T])
    np.testing.assert_array_equal(data.train.X, encoder.fit_transform(imputed))


def _all_numbers(X: np.ndarray) -> bool:
    """Whether a column would be read as one of numbers."""
    return any(sum(cell in ("9", "10") for cell in c) * 2 >= sum(cell is not None for cell in c) for c in X.T)


def _order(column: np.ndarray) -> list[str]:
    present = sorted(set(column.tolist()))
    return sorted(present, key=float) if all(word.isdigit() for word in present) else present


@pytest.mark.parametrize("how", [Encoding.ONE_HOT, Encoding.ORDINAL])
@few
@given(X=matrices(words))
def test_encoding(how, X):
    X = X.astype(object)
    assume(not _all_numbers(X))
    data = made(X, Encode(how=how))
    order = [_order(column) for column in X[data.train.rows].T]
    if how is Encoding.ONE_HOT:
        encoder = OneHotEncoder(categories=order, handle_unknown="ignore", sparse_output=False)
    else:
        encoder = OrdinalEncoder(categories=order, handle_unknown="use_encoded_value", unknown_value=-1)
    agrees(data, X, encoder)


@pytest.mark.parametrize("interactions_only", [False, True])
@few
@given(X=matrices(st.floats(-10, 10), most=3), degree=st.integers(2, 4))
def test_polynomial_terms(interactions_only, X, degree):
    step = Polynomial(degree=degree, interactions_only=interactions_only)
    agrees(made(X, step), X, PolynomialFeatures(degree, interaction_only=interactions_only, include_bias=False))


@few
@given(matrices(st.floats(-10, 10), least=2, most=2))
def test_the_inputs_of_the_playground(X):
    x1, x2 = X.T
    data = made(X, Derive(), split=SplitSpec())
    assert data.input_names == ("x1", "x2", "x1²", "x2²", "x1·x2", "sin x1", "sin x2")
    expected = np.column_stack((x1, x2, x1**2, x2**2, x1 * x2, np.sin(x1), np.sin(x2)))
    np.testing.assert_allclose(data.train.X, expected, rtol=1e-15)


@few
@given(matrices(least=2), st.integers(1, 2))
def test_principal_components_up_to_their_sign(X, count):
    _compare_components(X, Components(count=count), count)


@few
@given(matrices(least=2), st.floats(0.1, 0.99))
def test_as_many_components_as_carry_a_share_of_the_variance(X, share):
    _compare_components(X, Components(share=share), share)


def test_components_of_many_columns_and_rows():
    rng = np.random.default_rng(0)
    X = rng.normal(size=(1200, 110)) * np.linspace(1.0, 10.0, 110)
    data = made(X, Components(count=10), split=SplitSpec())
    expected = PCA(n_components=10, svd_solver="full").fit_transform(X)
    signs = np.sign((data.train.X * expected).sum(axis=0))
    np.testing.assert_allclose(data.train.X * signs, expected, rtol=0, atol=1e-12 * np.abs(X).max())


def _compare_components(X: np.ndarray, step: Components, asked: int | float) -> None:
    data = made(X, step)
    learned = X[data.train.rows]
    sizes = np.linalg.svd(learned - learned.mean(axis=0), compute_uv=False)
    assume(sizes.min() > 1e-3)
    assume((np.diff(sizes) < -1e-2 * sizes[0]).all())  # directions of equal size are anybody's choice
    pca = PCA(n_components=asked, svd_solver="full").fit(learned)
    for part in (data.train, data.validation, data.test):
        if len(part.rows):
            expected = pca.transform(X[part.rows])
            signs = np.sign((part.X * expected).sum(axis=0))
            assert part.X.shape == expected.shape
            np.testing.assert_allclose(part.X * signs, expected, rtol=0, atol=1e-12 * max(1.0, np.abs(X).max()))


@few
@given(matrices(), st.floats(0.0, 0.4), st.floats(0.6, 1.0))
def test_clipping_by_quantiles(X, low, high):
    data = made(X, Clip(how=Limits.QUANTILES, low=low, high=high))
    limits = np.quantile(X[data.train.rows], (low, high), axis=0)
    for part in (data.train, data.validation, data.test):
        np.testing.assert_allclose(part.X, np.clip(X[part.rows], *limits), rtol=1e-12, atol=1e-12)


@few
@given(st.lists(st.sampled_from("aabbbbc"), min_size=8, max_size=40))
def test_balanced_class_weights(kinds):
    assume(min(kinds.count(kind) for kind in set(kinds)) > 1)
    assume(len(set(kinds)) > 1)
    dataset = table(x=[float(row) for row in range(len(kinds))], y=kinds)
    data = prepared(dataset, class_weights=ClassWeighting.BALANCED, split=SplitSpec(validation=0.25))
    learned = np.array(kinds)[data.train.rows]
    expected = compute_class_weight("balanced", classes=np.array(data.classes), y=learned)
    by_class = dict(zip(data.classes, expected, strict=True))
    assert data.train.weights is not None
    np.testing.assert_allclose(data.train.weights, [by_class[kind] for kind in learned], rtol=1e-14)
    assert data.train.weights.mean() == pytest.approx(1.0)
