"""Text that was copied is read as the table it is, or refused with the reason."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nnstudio.data.errors import DataError
from nnstudio.data.readers.pasted import block_of, read, text_of


def cells(text: str) -> dict[str, list[object]]:
    return {column.name: column.values.tolist() for column in read(text).columns}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a\tb\tc\n1\t2\tx\n3\t4\ty\n", {"a": [1.0, 3.0], "b": [2.0, 4.0], "c": ["x", "y"]}),
        ("1\t2\n3\t4\n", {"x1": [1.0, 3.0], "x2": [2.0, 4.0]}),
        ("a\tb\n1,5\t2\n2,5\t3", {"a": [1.5, 2.5], "b": [2.0, 3.0]}),
        ("a;b\r\n1,5;2\r\n", {"a": [1.5], "b": [2.0]}),
        ("\n\na,b\n1,2\n\n", {"a": [1.0], "b": [2.0]}),
        ('a\tb\n"two\nlines"\t1\n', {"a": ["two\nlines"], "b": [1.0]}),
        ("a\t\t\n1\t2\t\n", {"a": [1.0], "column 2": [2.0]}),
    ],
)
def test_a_block_is_a_table(text: str, expected: dict[str, list[object]]) -> None:
    assert cells(text) == expected


def test_a_missing_cell_at_the_end_of_a_row_is_missing() -> None:
    table = read("a\tb\tc\n1\t2\tx\n3\t4\n")
    assert table.column("c").filled.tolist() == [True, False]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "there is no text to paste"),
        (" \n\t\n", "there is no text to paste"),
        ("Hello world\n", "a single row of names"),
        ("Hello, my dear\nthis is no table\nbut a text, with commas, and so on\n", "line 2 has 1 cell, expected"),
        ("a\ta\n1\t2\n", "two columns named 'a'"),
        ('a\tb\n"unclosed\t1\n', "line 2: a quoted cell that begins there is never closed"),
        ("a\0b\t1\n", "characters that are no text"),
    ],
)
def test_a_text_that_is_no_table_says_why(text: str, reason: str) -> None:
    with pytest.raises(DataError, match=reason):
        read(text)


@given(
    st.lists(st.lists(st.text(max_size=5).filter(lambda text: "\r" not in text), min_size=2, max_size=2), max_size=4)
)
def test_a_block_that_is_copied_is_pasted_as_it_was(block: list[list[str]]) -> None:
    assert block_of(text_of(block)) == block


@given(st.text(max_size=60) | st.text("ab1,;\t\n\"' .-", max_size=60))
def test_any_text_is_a_table_or_refused(text: str) -> None:
    try:
        table = read(text)
    except DataError:
        return
    assert table.rows > 0
    assert len({len(column.values) for column in table.columns}) == 1


def test_more_text_than_an_experiment_holds_is_refused_unread():
    with pytest.raises(DataError, match="6,000,000 characters, more than 5,000,000; save it as a file"):
        read("1\t2\n" * 1_500_000)
