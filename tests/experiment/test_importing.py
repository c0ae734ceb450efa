"""What is proposed for a new table, what is chosen instead, and what it is called in words."""

import numpy as np
import pytest

from nnstudio.data.numerals import Numerals
from nnstudio.data.pipeline import Encode, Gaps, Scale
from nnstudio.data.pipeline.encode import Encoding
from nnstudio.data.pipeline.gaps import Gap
from nnstudio.data.pipeline.scale import Scaler
from nnstudio.data.preview import preview
from nnstudio.data.spec import ColumnSpec, ColumnType, FileSource, Reading, SplitBy, Unreadable
from nnstudio.experiment import file
from nnstudio.experiment.importing.choices import GapUse, Scaling
from nnstudio.experiment.importing.draft import ImportDraft
from nnstudio.experiment.importing.words import flaw_words, held_by, made_of
from nnstudio.experiment.open import open_file, open_table
from nnstudio.experiment.roles import Role
from nnstudio.training.run import build

CITIES = ("Bonn", "Ulm", "Köln")
HEADER = "number;name;day;size;city;bought;always;nothing"


def shop(path, rows=60):
    """A spreadsheet as people have them: with gaps, text, dates, decimal commas, and columns that help nobody."""
    lines = [HEADER]
    for n in range(rows):
        size = "" if n % 7 == 3 else f"{n % 13},{n % 10}"
        city = "" if n % 11 == 5 else CITIES[n % 3]
        lines.append(f"{n + 1};p{n};{n % 28 + 1:02}.{n % 12 + 1:02}.2026;{size};{city};{'yes' if n % 2 else 'no'};7;")
    path.write_text("\n".join(lines) + "\n", "utf-8")
    return path


def written(path, header, *lines):
    path.write_text("\n".join((header, *lines)) + "\n")
    return path


@pytest.fixture
def draft(tmp_path):
    return ImportDraft(preview(shop(tmp_path / "shop.csv")))


def input_column(opened, name):
    """All rows of an input in the table's units."""
    return opened.data.raw(np.arange(opened.table.rows))[:, opened.data.features.index(name)]


def words(draft):
    return {name: made_of(draft.plan, name) for name in draft.plan.columns}


def spec(draft):
    return draft.plan.spec(FileSource("shop.csv"))


def test_each_column_gets_the_role_that_helps(draft):
    assert draft.problem == ""
    assert words(draft) == {
        "number": "left out: it numbers the rows",
        "name": "left out: a different text in every row",
        "day": "1 input in days",
        "size": "1 input",
        "city": "3 inputs",
        "bought": "2 classes to tell apart",
        "always": "left out: the same in every row",
        "nothing": "left out: every cell is empty",
    }


def test_what_is_proposed_is_a_run_that_works(tmp_path):
    experiment = open_file(shop(tmp_path / "shop.csv"))
    said = experiment.data
    assert said.inputs == ("day", "size", "city")
    assert said.pipeline == (Gaps(how=Gap.MEDIAN), Gaps(how=Gap.MOST_FREQUENT, columns=("city",)), Encode())
    assert {name: column.type for name, column in said.columns.items()} == {"day": ColumnType.DATE}
    assert (said.standardize, said.split.validation, said.split.by) == (True, 0.2, SplitBy.STRATIFIED)
    run = build(experiment)
    run.machine.run_iteration()
    assert np.isfinite(run.machine.cost)
    assert run.data.input_names == ("day", "size", "city=Bonn", "city=Köln", "city=Ulm")


def test_inputs_that_all_have_gaps_or_are_text_are_no_reason_to_refuse_a_table(tmp_path):
    lines = (f"{n * 5 % 17 if n % 3 else ''},{'uv'[n % 2]},{'pq'[n % 5 // 3]}" for n in range(40))
    opened = open_table(written(tmp_path / "t.csv", "a,b,kind", *lines))
    assert opened.experiment.data.inputs == ("a", "b")
    assert opened.data.input_names == ("a", "b=u", "b=v")


def pixels(path, header, rows=120):
    """The layout in which MNIST goes around as text: a label, and the pixels of a picture."""
    drawn = np.random.default_rng(1).integers(0, 256, (rows, 784))
    drawn[:, :30] = 0
    lines = [",".join(map(str, (n % 10, *row))) for n, row in enumerate(drawn.tolist())]
    return written(path, *(header, *lines) if header else lines)


@pytest.mark.parametrize("header", [",".join(("label", *(f"pixel{n}" for n in range(784)))), ""])
def test_the_label_beside_pixels_is_ten_classes(tmp_path, header):
    path = pixels(tmp_path / "digits.csv", header)
    opened = open_table(path)
    assert opened.data.classes == tuple("0123456789")
    assert (opened.table.images.height, len(opened.data.input_names)) == (28, 784)
    assert (opened.experiment.network.layers[-1].units, opened.experiment.cost) == (10, "cross_entropy")
    assert opened.experiment.data.columns[opened.experiment.data.targets[0]].type is ColumnType.CATEGORICAL
    shown = ImportDraft(preview(path))
    assert made_of(shown.plan, shown.plan.named(Role.TARGET)[0]) == "10 classes to tell apart"


def test_a_label_that_a_person_takes_for_a_number_is_one_and_not_asked_about(tmp_path):
    shown = ImportDraft(preview(written(tmp_path / "t.csv", "size,label", *(f"{n}.5,{n % 4}" for n in range(80)))))
    assert words(shown)["label"] == "4 classes to tell apart"
    shown.choose(("label",), type=ColumnType.NUMERIC)
    assert words(shown)["label"] == "a number to predict, not one of 4 classes"
    opened = open_table(shown.path, shown.reading, shown.shown)
    assert (opened.data.classes, opened.data.perhaps_classes) == ((), False)
    assert opened.experiment.data.columns["label"].type is ColumnType.NUMERIC


def test_labels_in_their_order_are_classes_though_the_first_rows_are_all_of_one(tmp_path):
    lines = (f"{n % 91}.5,{n // 1500}" for n in range(6000))
    shown = ImportDraft(preview(written(tmp_path / "t.csv", "size,label", *lines)))
    assert (shown.preview.whole, words(shown)["label"]) == (False, "1 class to tell apart")
    opened = open_table(shown.path, shown.reading, shown.shown)
    assert opened.data.classes == ("0", "1", "2", "3")


@pytest.mark.parametrize(
    ("header", "target", "classes"),
    [("size,class,sex", "class", "123"), ("class,size,y", "y", ""), ("size,target", "target", "")],
)
def test_numbers_are_classes_where_they_are_called_so_and_nothing_else_is_the_target(tmp_path, header, target, classes):
    cells = {"size": "{n}.5", "class": "{c}", "sex": "{s}", "y": "{c}", "target": "{c}"}
    lines = (
        ",".join(cells[name] for name in header.split(",")).format(n=n * 7 % 31, c=n % 3 + 1, s="mf"[n % 2])
        for n in range(60)
    )
    opened = open_table(written(tmp_path / "t.csv", header, *lines))
    assert (opened.experiment.data.targets, "".join(opened.data.classes)) == ((target,), classes)


def test_an_outcome_by_its_name_is_the_target_wherever_it_stands(tmp_path):
    lines = [f"{n % 2},{'m' if n % 3 else 'f'},{20 + n % 30},{'SCQ'[n % 3]}" for n in range(40)]
    opened = ImportDraft(preview(written(tmp_path / "titanic.csv", "Survived,Sex,Age,Embarked", *lines)))
    assert spec(opened).targets == ("Survived",)
    three = [f"{n % 3},{'m' if n % 2 else 'f'},{20 + n % 30},{'SCQ'[n % 3]}" for n in range(40)]
    counted = ImportDraft(preview(written(tmp_path / "counted.csv", "Survived,Sex,Age,Embarked", *three)))
    assert spec(counted).targets == ("Embarked",)


def test_a_table_whose_only_input_numbers_the_rows_keeps_it(tmp_path):
    path = written(tmp_path / "t.csv", "row,y", *(f"{n},{n * n / 7}" for n in range(40)))
    assert open_file(path).data.inputs == ("row",)


@pytest.mark.parametrize(
    ("name", "step", "left_out"), [("x", 1, False), ("height", 9, False), ("order_id", 9, True), ("userId", 9, True)]
)
def test_what_is_called_a_number_and_is_different_in_each_row_is_left_out(tmp_path, name, step, left_out):
    lines = (f"{(n * 7 % 40) * step},{n % 3},{n % 5}.5" for n in range(40))
    path = written(tmp_path / "t.csv", f"{name},b,y", *lines)
    assert (name not in open_file(path).data.inputs) is left_out


def test_what_is_the_same_in_the_first_rows_of_many_is_no_reason_to_leave_it_out(tmp_path):
    path = written(tmp_path / "t.csv", "a,b,y", *(f"{n // 4000},{n % 7},{n % 5}.5" for n in range(5000)))
    draft = ImportDraft(preview(path))
    assert not draft.preview.whole
    assert words(draft)["a"] == "1 input"


def test_roles_and_types_are_chosen_otherwise(draft):
    draft.set_role(("number", "always"), Role.INPUT)
    draft.set_role(("city",), Role.TARGET)
    draft.choose(("always",), type=ColumnType.CATEGORICAL)
    draft.set_split(validation=0.1, test=0.2, by=SplitBy.ORDER)
    said = spec(draft)
    assert said.targets == ("city",)
    assert said.inputs == ("number", "day", "size", "always")
    assert (said.split.validation, said.split.test, said.split.by) == (0.1, 0.2, SplitBy.ORDER)
    assert words(draft)["city"] == "3 classes to tell apart"
    assert words(draft)["bought"] == "left out"
    assert said.columns["always"].type is ColumnType.CATEGORICAL


def test_gaps_text_and_scales_are_treated_as_was_chosen_column_by_column(draft, tmp_path):
    draft.set_role(("number",), Role.INPUT)
    draft.choose(("size",), gaps=GapUse.MARKED, scaling=Scaling.MIN_MAX)
    draft.choose(("city",), gaps=GapUse.CONSTANT, encoding=Encoding.BINARY)
    draft.choose(("number",), scaling=Scaling.NONE)
    assert spec(draft).standardize is False
    assert spec(draft).pipeline == (
        Gaps(how=Gap.MEDIAN, mark=True, columns=("size",)),
        Gaps(how=Gap.CONSTANT, columns=("city",)),
        Encode(how=Encoding.BINARY, columns=("city",)),
        Scale(how=Scaler.STANDARDIZE, columns=("day",)),
        Scale(how=Scaler.MIN_MAX, columns=("size",)),
    )
    opened = open_table(draft.path, draft.reading, draft.shown)
    assert opened.data.input_names == (
        "number",
        "day",
        "size",
        "city bit 1",
        "city bit 2",
        "city bit 3",
        "size missing",
    )
    sizes = opened.data.train.X[:, 2]
    assert (sizes.min(), sizes.max()) == (0, 1)


def test_values_are_predicted_as_they_are_where_that_is_chosen(draft):
    draft.set_role(("size",), Role.TARGET)
    assert open_table(draft.path, draft.reading, draft.shown).experiment.data.standardize_targets
    draft.choose(("size",), scaling=Scaling.NONE)
    assert not open_table(draft.path, draft.reading, draft.shown).experiment.data.standardize_targets


def test_numbers_are_predicted_together_and_classes_alone(draft):
    draft.set_role(("number", "size"), Role.TARGET)
    assert draft.plan.named(Role.TARGET) == ("size",), "beside classes there is room for no other"
    draft.set_role(("number",), Role.TARGET)
    assert draft.plan.named(Role.TARGET) == ("number", "size")
    draft.set_role(("number", "size"), Role.WEIGHT)
    assert draft.plan.named(Role.WEIGHT) == ("size",)


def test_a_way_to_fill_gaps_goes_with_the_type_it_is_for(draft):
    draft.choose(("size",), gaps=GapUse.MEAN)
    draft.choose(("size",), type=ColumnType.CATEGORICAL)
    assert draft.plan.columns["size"].gaps is GapUse.MOST_FREQUENT


def test_a_group_keeps_its_rows_together(draft):
    draft.set_role(("city",), Role.GROUP)
    assert (spec(draft).group, spec(draft).split.by) == ("city", SplitBy.GROUP)


def test_a_column_may_say_the_part_of_each_row(draft):
    draft.set_split(by=SplitBy.COLUMN)
    assert "choose the column that says the part" in draft.problem
    draft.set_split(part="city")
    assert (spec(draft).split.column, spec(draft).inputs) == ("city", ("day", "size"))


def test_all_columns_like_one_are_used_like_it(draft):
    draft.set_role(("number",), Role.INPUT)
    draft.choose(("number",), scaling=Scaling.ROBUST)
    draft.take_all_like("number")
    assert draft.plan.named(Role.INPUT) == ("number", "day", "size", "city", "always", "nothing")
    assert draft.plan.columns["size"].scaling is Scaling.ROBUST
    draft.set_role(("city",), Role.IGNORED)
    draft.take_all_like("city")
    assert draft.plan.columns["day"].role is Role.IGNORED
    assert draft.plan.columns["bought"].role is Role.TARGET


def test_what_cannot_be_is_said(draft):
    draft.set_role(("bought",), Role.IGNORED)
    assert "no column is the target" in draft.problem
    draft.set_role(("bought",), Role.TARGET)
    draft.set_role(("day", "size", "city"), Role.IGNORED)
    assert "no column is an input" in draft.problem
    draft.set_role(("name",), Role.INPUT)
    draft.choose(("name",), type=ColumnType.NUMERIC)
    assert "row 1, column 'name': 'p0' is not a number" in draft.problem
    draft.set_role(("name",), Role.IGNORED)
    draft.set_role(("size",), Role.INPUT)
    draft.set_split(by=SplitBy.GROUP)
    assert "no column is the group" in draft.problem


def test_cells_that_are_no_numbers_leave_a_column_out_and_are_listed(tmp_path):
    lines = (f"{'oops' if n == 4 else n},{n % 7},{n % 2}" for n in range(40))
    draft = ImportDraft(preview(written(tmp_path / "t.csv", "a,b,y", *lines)))
    assert words(draft)["a"] == "left out: 1 cell is not a number"
    assert words(draft)["y"] == "yes or no to predict"
    (flaw,) = draft.preview.all_flaws
    said = "row 5 (line 6), column 'a': 'oops' is not a number; correct it or delete the row"
    assert flaw_words(flaw, draft.preview.names) == said


def test_what_was_shown_is_recorded_and_what_the_whole_file_tells_better_is_not(draft):
    assert (draft.reading.delimiter, draft.reading.header) == (";", True)
    assert (draft.reading.decimal, draft.reading.encoding) == (None, None)
    wished = Reading(encoding="latin-1", decimal=",")
    again = ImportDraft(preview(draft.path, wished), wished)
    assert (again.reading.decimal, again.reading.encoding) == (",", "latin-1")


def test_what_was_shown_holds_for_the_rest_of_the_file(tmp_path):
    lines = (f"{n % 9},{n % 7},{n % 5}.5" for n in range(5000))
    draft = ImportDraft(preview(written(tmp_path / "t.csv", "a,b,y", *lines, *(["1,x,0.5"] * 5000))))
    with pytest.raises(Exception, match=r"row 5001.*column 'b': 'x' is not a number"):
        open_table(draft.path, draft.reading, draft.shown)


def test_what_a_column_holds_is_said_in_short(draft):
    held = {profile.name: held_by(profile, draft.plan.table.column(profile.name)) for profile in draft.preview.columns}
    assert (held["number"], held["size"], held["always"]) == ("1 … 60", "0 … 12.5", "7")
    assert (held["name"], held["city"]) == ("p0, p1, p2 …", "Bonn, Ulm, Köln")


def test_numbers_with_units_are_numbers(tmp_path):
    lines = [f"{n % 50} %;{n + 1000:,}.50 $;p{n};{'yes' if n % 3 else 'no'}".replace(",", "'") for n in range(60)]
    path = written(tmp_path / "t.csv", "rate;price;name;y", *lines)
    draft = ImportDraft(preview(path))
    assert words(draft) == {
        "rate": "1 input in %",
        "price": "1 input in $",
        "name": "left out: a different text in every row",
        "y": "2 classes to tell apart",
    }
    opened = open_table(draft.path, draft.reading, draft.shown)
    columns = opened.experiment.data.columns
    assert columns["price"] == ColumnSpec(ColumnType.NUMERIC, numbers=Numerals("$", "'"))
    assert input_column(opened, "price")[:2].tolist() == [1000.5, 1001.5]
    assert file.decode(file.encode(opened.experiment)).data.columns == columns


def test_numbers_that_may_be_two_are_text_until_a_sign_is_chosen(tmp_path):
    lines = [f"{n % 9 + 1}.{n:03} €;{'yes' if n % 3 else 'no'}" for n in range(60)]
    path = written(tmp_path / "t.csv", "price;y", *lines)
    draft = ImportDraft(preview(path))
    assert words(draft)["price"] == "left out: a different text in every row"
    draft.choose(("price",), role=Role.INPUT, type=ColumnType.NUMERIC, insisted=True)
    assert "whether '1.000 €' is 1 or 1000 cannot be told; choose the decimal sign of the file" in draft.problem
    for decimal, first in ((",", 2001.0), (".", 2.001)):
        wished = Reading(decimal=decimal)
        again = ImportDraft(preview(path, wished), wished)
        assert words(again)["price"] == "1 input in €"
        opened = open_table(path, again.reading, again.shown)
        assert input_column(opened, "price")[1] == first


def test_classes_that_look_like_numbers_with_a_unit_may_be_the_target(tmp_path):
    path = written(tmp_path / "t.csv", "a,size", *(f"{n}.5,{5 * (n % 3)} mm" for n in range(60)))
    draft = ImportDraft(preview(path))
    assert words(draft)["size"] == "a number to predict"
    draft.choose(("size",), type=ColumnType.CATEGORICAL, insisted=True)
    assert words(draft)["size"] == "3 classes to tell apart"
    assert open_table(path, draft.reading, draft.shown).data.classes == ("0 mm", "10 mm", "5 mm")


def test_cells_that_are_no_numbers_are_taken_as_gaps_where_that_is_chosen(tmp_path):
    lines = (f"{'n.m.' if n % 7 == 4 else n},{n % 7},{n % 2}" for n in range(40))
    path = written(tmp_path / "t.csv", "a,b,y", *lines, "Total,,")
    draft = ImportDraft(preview(path))
    draft.set_unreadable(Unreadable.GAP)
    assert (words(draft)["a"], draft.problem) == ("1 input", "")
    draft.choose(("a",), gaps=GapUse.MARKED)
    opened = open_table(path, draft.reading, draft.shown)
    assert opened.experiment.data.columns == {"a": ColumnSpec(ColumnType.NUMERIC, unreadable=Unreadable.GAP)}
    assert np.isnan(input_column(opened, "a")).sum() == 7
    assert any(isinstance(step, Gaps) and step.mark for step in opened.experiment.data.pipeline)
    draft.set_unreadable(Unreadable.REFUSED)
    assert words(draft)["a"].startswith("left out: 7 cells")


@pytest.mark.parametrize(
    ("cell", "stray", "made", "said"),
    [
        ("2026-{:02}-{:02}", "unknown", "1 input in days", "'unknown' is not a date such as 2026-11-25"),
        ("{0}.{1} kg", "n.m.", "1 input in kg", "'n.m.' is not a number in kg"),
        ("{0}:{1:02}", "late", "1 input", "'late' is not a time such as 10:30"),
        ("{1:03},{0:03},000", "many", "1 input", "'many' is not a number"),
    ],
    ids=["dates", "units", "times", "thousands"],
)
def test_what_strays_among_dates_and_numbers_is_listed_and_taken_as_a_gap(tmp_path, cell, stray, made, said):
    cells = [stray if n == 9 else cell.format(n % 12 + 1, n % 28 + 1) for n in range(60)]
    path = written(tmp_path / "t.csv", "a;b;y", *(f"{one};{n % 7};{n % 2}" for n, one in enumerate(cells)))
    draft = ImportDraft(preview(path))
    (flaw,) = draft.flaws
    assert (flaw.row, flaw.column, flaw.what) == (9, 0, said)
    assert words(draft)["a"].startswith("left out: 1 cell is not a ")
    draft.set_unreadable(Unreadable.GAP)
    assert (words(draft)["a"], draft.problem) == (made, "")
    opened = open_table(path, draft.reading, draft.shown)
    assert np.flatnonzero(np.isnan(input_column(opened, "a"))).tolist() == [9]


def test_categories_that_look_like_numbers_but_for_one_stay_categories(tmp_path):
    lines = (f"{'large' if n % 5 == 0 else f'{n % 3} mm'},{n % 7},{'yes' if n % 2 else 'no'}" for n in range(60))
    assert words(ImportDraft(preview(written(tmp_path / "t.csv", "a,b,y", *lines))))["a"] == "4 inputs"


def test_a_column_without_any_number_is_not_taken_for_gaps_alone(tmp_path):
    path = written(tmp_path / "t.csv", "a,b,y", *(f"p{n},{n % 7},{n % 2}" for n in range(60)))
    draft = ImportDraft(preview(path))
    draft.choose(("a",), role=Role.INPUT, type=ColumnType.NUMERIC, insisted=True)
    assert [flaw.row for flaw in draft.flaws] == list(range(60))
    draft.set_unreadable(Unreadable.GAP)
    assert "row 1, column 'a': 'p0' is not a number" in draft.problem


def test_a_dash_among_numbers_is_a_gap(tmp_path):
    lines = (f"{'-' if n % 3 else n},{'–' if n % 9 == 4 else f'{n} kg'},{n % 2}" for n in range(40))
    draft = ImportDraft(preview(written(tmp_path / "t.csv", "a,b,y", *lines)))
    assert (words(draft)["a"], words(draft)["b"]) == ("1 input", "1 input in kg")
    opened = open_table(draft.path, draft.reading, draft.shown)
    assert np.isnan(input_column(opened, "a")).sum() == 26
    assert np.isnan(input_column(opened, "b")).sum() == 4
    assert np.isfinite(opened.data.train.X).all()
