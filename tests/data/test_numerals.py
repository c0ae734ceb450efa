"""Numbers with units and with signs between their thousands: read where they leave no doubt, and nowhere else."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nnstudio.data.numerals import Numerals, ways_to_read

UNITS = ("", "%", "€", "kg", "km/h", "m²", "°C", "Mio. €")
NARROW = "\u202f"


def only(*texts: str, decimals: str = ".,") -> Numerals | None:
    ways = ways_to_read(texts, decimals)
    return ways[0] if len(ways) == 1 else None


@pytest.mark.parametrize(
    ("text", "number", "numerals"),
    [
        ("37%", 37.0, Numerals("%")),
        ("0,8 %", 0.8, Numerals("%", decimal=",")),
        ("211.361,00 €", 211361.0, Numerals("€", ".", ",")),
        ("$1,142,240", 1142240.0, Numerals("$", ",")),
        ("-$5.50", -5.5, Numerals("$")),
        ("$-5.50", -5.5, Numerals("$")),
        ("US$ 5", 5.0, Numerals("US$")),
        ("EUR 12", 12.0, Numerals("EUR")),
        ("\u22125 °C", -5.0, Numerals("°C")),
        ("3 000 km", 3000.0, Numerals("km", " ")),
        (f"6{NARROW}341,50", 6341.5, Numerals("", " ", ",")),
        ("1’234.5", 1234.5, Numerals("", "'")),
        ("1.5E-3 mol", 0.0015, Numerals("mol")),
    ],
)
def test_one_number_may_tell_how_it_is_written(text, number, numerals):
    assert only(text) == numerals
    assert numerals.read(text) == number


@pytest.mark.parametrize(
    "text",
    [
        "",
        "€",
        "3:1",
        "10:60",
        "13:00 PM",
        "2024-01-05",
        "12-15",
        "1/2",
        "A/5 2121",
        "W001",
        "p0",
        "007 kg",
        "1 2 3",
        "€ 5 kg",
        "--5",
        "5_0",
    ],
)
def test_what_is_no_number_is_none(text):
    assert ways_to_read([text]) == ()


def test_a_single_sign_before_three_digits_leaves_a_doubt():
    point, comma = ways_to_read(["1.234 €", "12 €"])
    assert (point.read("1.234 €"), comma.read("1.234 €")) == (1.234, 1234.0)
    assert only("1.234 €", "12,50 €") == Numerals("€", ".", ",")
    assert only("1.234 €", "12 €", decimals=",") == Numerals("€", ".", ",")
    assert only("1.234 €", "12 €", decimals=".") == Numerals("€")


def test_a_unit_is_the_same_in_every_cell():
    assert ways_to_read(["5 kg", "5 g"]) == ways_to_read(["5 kg", "5"]) == ()
    assert math.isnan(Numerals("kg").read("5 g"))


def test_thousands_are_in_threes():
    for text in ("1,23,456 €", "1234,567.8 €", "12.34.567 €", "1.234.56 €"):
        assert ways_to_read([text]) == ()


@given(
    st.lists(st.decimals(-(10**9), 10**9, places=2), min_size=1, max_size=8),
    st.sampled_from(UNITS),
    st.sampled_from([(",", "."), (".", ","), ("'", "."), (" ", ","), (" ", ".")]),
)
def test_what_is_written_with_cents_is_read_back(values, unit, signs):
    between, decimal = signs
    texts = []
    for value in values:
        whole, cents = f"{value:,.2f}".split(".")
        texts.append(f"{whole.replace(',', between)}{decimal}{cents} {unit}".strip())
    ways = ways_to_read(texts)
    assert len(ways) == 1
    assert [ways[0].read(text) for text in texts] == [float(value) for value in values]


@pytest.mark.parametrize(
    ("texts", "clock", "values"),
    [
        (["10:30", "0:15", "23:59"], "hours", [10.5, 0.25, 23 + 59 / 60]),
        (["1:09:23", "00:00:30"], "hours", [1 + 9 / 60 + 23 / 3600, 30 / 3600]),
        (["59:30", "1:09:23"], "minutes", [59.5, 69 + 23 / 60]),
        (["5:32.4", "5:31,9"], "minutes", [5 + 32.4 / 60, 5 + 31.9 / 60]),
        (["12:00 AM", "12:30 pm", "1:15 p.m."], "hours", [0.0, 12.5, 13.25]),
        (["-0:30:00", "26:15:00"], "hours", [-0.5, 26.25]),
    ],
)
def test_times_count_in_what_stands_first(texts, clock, values):
    (way,) = ways_to_read(texts)
    assert way == Numerals(clock=clock)
    assert [way.read(text) for text in texts] == pytest.approx(values, abs=1e-12)
    assert math.isnan(way.read("noon"))


@given(st.times())
def test_a_time_of_day_is_read_whatever_it_is(time):
    (way,) = ways_to_read([time.strftime("%H:%M:%S")])
    assert way.read(time.strftime("%H:%M:%S")) == pytest.approx(time.hour + time.minute / 60 + time.second / 3600)
