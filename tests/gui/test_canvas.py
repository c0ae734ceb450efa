"""The drawn network, as a person uses it: look, point, choose, edit, step, by mouse and by keys."""

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from nnstudio.engine.ops import OpKind, Phase
from nnstudio.engine.spec import LayerSpec
from nnstudio.experiment.edits import Edit, set_layer, set_training, use_sample, with_layers
from nnstudio.explain import numbers
from nnstudio.gui.canvas import target as targets
from nnstudio.gui.canvas.plane import Plane, grid
from nnstudio.gui.canvas.reading import InputScales, Reading
from nnstudio.gui.canvas.target import Target
from nnstudio.gui.main_window import MainWindow
from nnstudio.gui.panels.canvas_panel import CanvasPanel
from nnstudio.gui.theme import Mode
from nnstudio.training import waypoints

_NONE = Qt.KeyboardModifier.NoModifier


def _panel(window: MainWindow) -> CanvasPanel:
    panel = window.panels["canvas_panel"]
    assert isinstance(panel, CanvasPanel)
    return panel


def _reading(window: MainWindow) -> Reading:
    reading = _panel(window)._reading
    assert reading is not None
    return reading


def _place(window: MainWindow, target: Target) -> QPoint:
    place = _panel(window).view.place_of(target)
    assert place is not None, f"{target} is not drawn"
    if target.kind is targets.Kind.WEIGHT:  # where edges cross, another may be nearer: look along it
        return _clear_place(window, target, place)
    return place


def _clear_place(window: MainWindow, target: Target, middle: QPoint) -> QPoint:
    view = _panel(window).view
    gap = view.edges.gaps[target.layer - 1]
    number = view.edges.number(target)
    assert number is not None
    for t in np.linspace(0.05, 0.95, 181):
        x = gap.left + gap.width * (1.5 * t * (1 - t) ** 2 + 1.5 * t**2 * (1 - t) + t**3)
        y = gap.starts[number] + (gap.ends[number] - gap.starts[number]) * (3 * t**2 - 2 * t**3)
        place = QPoint(round(x), round(y))
        if view.target_at(place) == target:
            return place
    pytest.fail(f"{target} cannot be pointed at")


def _point(window: MainWindow, target: Target) -> None:
    QTest.mouseMove(_panel(window).view.viewport(), _place(window, target))


def _click(window: MainWindow, target: Target) -> None:
    place = _place(window, target)
    QTest.mouseMove(_panel(window).view.viewport(), place)
    QTest.mouseClick(_panel(window).view.viewport(), Qt.MouseButton.LeftButton, _NONE, place)


def _key(window: MainWindow, *keys: Qt.Key) -> None:
    view = _panel(window).view
    view.setFocus()
    for key in keys:
        QTest.keyClick(view, key)


def _rows(window: MainWindow) -> dict[str, str]:
    return {fact.name: fact.value for fact in _panel(window).card.facts.rows}


def _step_to(window: MainWindow, kind: OpKind, layer: int) -> None:
    session = window.context.session
    while True:
        op = session.machine.op
        session.step_over()
        if op.kind is kind and op.layer == layer:
            return


def _use_layers(window: MainWindow, *units: int) -> None:
    experiment = window.context.document.experiment
    hidden = tuple(LayerSpec(count, "tanh") for count in units)
    assert window.context.document.apply(
        Edit("Other layers", with_layers(experiment, (*hidden, experiment.network.layers[-1])))
    )


def test_clicking_a_weight_a_neuron_or_a_bias_chooses_it(window: MainWindow) -> None:
    selection = window.context.selection

    _click(window, targets.weight(2, 0, 2))
    assert (selection.chosen.slot, selection.chosen.index) == ("W2", (0, 2))
    selection.choose_sample(4)
    _click(window, targets.neuron(1, 3))
    assert (selection.chosen.slot, selection.chosen.index) == ("A1", (4, 3))
    _click(window, targets.bias(3, 0))
    assert (selection.chosen.slot, selection.chosen.index) == ("b3", (0,))


def test_what_is_chosen_elsewhere_is_marked_in_the_drawing(window: MainWindow) -> None:
    window.context.selection.choose("dW2", (1, 4))

    assert _panel(window).view.edges.chosen == targets.weight(2, 1, 4)


def test_every_weight_can_be_pointed_at(window: MainWindow) -> None:
    for layer, (units, inputs) in enumerate([(5, 2), (3, 5), (1, 3)], 1):
        for unit in range(units):
            for source in range(inputs):
                _place(window, targets.weight(layer, unit, source))


def test_the_card_of_a_weight_says_value_gradient_and_what_the_update_will_do(window: MainWindow) -> None:
    session = window.context.session
    _step_to(window, OpKind.WEIGHT_GRADIENT, 2)
    _point(window, targets.weight(2, 0, 2))
    rows = _rows(window)

    assert rows["W²₁₃"] == numbers.short(float(session.machine.value("W2")[0, 2]))
    assert rows["∂J/∂W²₁₃"] == numbers.short(float(session.machine.value("dW2")[0, 2]))
    foreseen = rows["after this update"]
    session.step_batch()
    assert foreseen == numbers.short(float(session.machine.value("W2")[0, 2]))


def test_the_card_marks_a_gradient_of_the_iteration_before_as_stale(window: MainWindow) -> None:
    window.context.session.step_over()
    _point(window, targets.weight(1, 0, 0))
    assert _rows(window)["∂J/∂W¹₁₁"].endswith(" stale")

    window.context.session.reset()
    _point(window, targets.weight(1, 0, 1))
    assert _rows(window)["∂J/∂W¹₁₂"] == "—"


def test_the_card_of_a_neuron_says_all_that_belongs_to_it(window: MainWindow) -> None:
    machine = window.context.session.machine
    window.context.selection.choose_sample(2)
    _point(window, targets.neuron(2, 1))
    rows = _rows(window)

    for name, slot in {"a²₂": "A2", "z²₂": "Z2", "∂J/∂a²₂": "dA2", "∂J/∂z²₂": "dZ2"}.items():
        assert rows[name] == numbers.short(float(machine.value(slot)[2, 1]))
    assert rows["b²₂"] == numbers.short(float(machine.value("b2")[1]))
    assert rows["sample"] == "3 of 10"


def test_the_card_follows_the_numbers_and_goes_with_the_pointer(window: MainWindow) -> None:
    card = _panel(window).card
    _point(window, targets.weight(3, 0, 1))
    assert card.isVisible()
    before = _rows(window)["W³₁₂"]

    for _ in range(5):
        window.context.session.step_batch()
    assert _rows(window)["W³₁₂"] != before

    QTest.mouseMove(_panel(window).view.viewport(), QPoint(2, 2))
    assert not card.isVisible()


def test_the_card_stays_inside_the_view(window: MainWindow) -> None:
    panel = _panel(window)
    for target in (targets.neuron(0, 0), targets.neuron(3, 0), targets.weight(1, 4, 1), targets.bias(2, 2)):
        window.context.selection.choose(target.slot, target.index(0))
        panel._hold(target)
        body = panel.card.geometry().adjusted(12, 12, -12, -12)
        assert panel.view.rect().contains(body)


def test_a_second_click_edits_and_enter_commits_with_either_decimal_sign(window: MainWindow) -> None:
    target, card = targets.weight(2, 0, 2), _panel(window).card
    machine = window.context.session.machine
    _click(window, target)
    assert not card.editing
    _click(window, target)
    assert card.editing
    assert card.editor.selectedText() == str(machine.value("W2")[0, 2])

    QTest.keyClicks(card.editor, "-1,25")
    QTest.keyClick(card.editor, Qt.Key.Key_Return)

    assert window.context.session.machine.value("W2")[0, 2] == -1.25
    assert not card.editing
    assert window.context.document.undo_stack.undoText().startswith("Set W²₁₃")


def test_escape_leaves_the_value_as_it_was(window: MainWindow) -> None:
    target, card = targets.bias(3, 0), _panel(window).card
    before = float(window.context.session.machine.value("b3")[0])
    QTest.mouseDClick(_panel(window).view.viewport(), Qt.MouseButton.LeftButton, _NONE, _place(window, target))
    assert card.editing
    QTest.keyClicks(card.editor, "7")
    QTest.keyClick(card.editor, Qt.Key.Key_Escape)

    assert not card.editing
    assert float(window.context.session.machine.value("b3")[0]) == before


def test_what_is_no_number_is_said_in_the_card_and_can_be_mended(window: MainWindow) -> None:
    window.context.selection.choose("b1", (0,))
    _key(window, Qt.Key.Key_Return)
    card = _panel(window).card
    QTest.keyClicks(card.editor, "half")
    QTest.keyClick(card.editor, Qt.Key.Key_Return)
    assert card.note == "not a number"
    assert card.editing

    card.editor.selectAll()
    QTest.keyClicks(card.editor, "0.5")
    assert card.note == ""
    QTest.keyClick(card.editor, Qt.Key.Key_Return)
    assert float(window.context.session.machine.value("b1")[0]) == 0.5


def test_an_initial_value_is_edited_in_the_experiment(window: MainWindow) -> None:
    window.context.session.reset()
    window.context.selection.choose("W1", (1, 0))
    _key(window, Qt.Key.Key_Return)
    card = _panel(window).card
    QTest.keyClicks(card.editor, "2")
    QTest.keyClick(card.editor, Qt.Key.Key_Return)

    assert window.context.document.experiment.parameters is not None
    assert window.context.session.machine.value("W1")[1, 0] == 2.0
    assert _rows(window)["W¹₂₁"] == "2"


def _train_long(window: MainWindow) -> None:
    experiment = window.context.document.experiment
    window.context.document.apply(set_training(experiment, epochs=1_000_000))
    window.context.session.train()


def test_while_training_the_card_says_to_pause_first(window: MainWindow, qtbot: QtBot) -> None:
    session, card = window.context.session, _panel(window).card
    _click(window, targets.weight(2, 0, 2))
    _train_long(window)
    try:
        qtbot.waitUntil(lambda: card.note == "pause to edit")
        _key(window, Qt.Key.Key_Return)
        assert not card.editing
    finally:
        session.pause()
        qtbot.waitUntil(lambda: session.paused)


def test_the_drawing_is_alive_while_training(window: MainWindow, qtbot: QtBot) -> None:
    session, before = window.context.session, _reading(window).edges[0].values.copy()
    _train_long(window)
    try:
        qtbot.waitUntil(lambda: not np.array_equal(_reading(window).edges[0].values, before))
    finally:
        session.pause()
        qtbot.waitUntil(lambda: session.paused)


def test_arrow_keys_and_space_reach_everything_and_say_where_they_are(window: MainWindow) -> None:
    chosen = window.context.selection
    view = _panel(window).view
    chosen.choose("W1")

    _key(window, Qt.Key.Key_Down)
    assert chosen.chosen.slot == "A1"
    _key(window, Qt.Key.Key_Down, Qt.Key.Key_Right)
    assert chosen.chosen.slot == "A2"
    assert "neuron in layer 2" in view.accessibleDescription()
    _key(window, Qt.Key.Key_Space)
    assert chosen.chosen.slot == "b2"
    _key(window, Qt.Key.Key_Space)
    assert chosen.chosen.slot == "W2"
    assert "W²" in view.accessibleDescription()
    assert "after the next update" in view.accessibleDescription()
    assert _panel(window).card.isVisible()
    _key(window, Qt.Key.Key_Escape)
    assert not _panel(window).card.isVisible()


def test_enter_on_a_neuron_edits_its_output_for_the_sample_or_where_that_is_not_known_its_bias(
    window: MainWindow,
) -> None:
    machine = window.context.session.machine
    window.context.selection.choose("A2", (3, 1))
    _key(window, Qt.Key.Key_Return)
    card = _panel(window).card
    assert card.editing
    card.editor.setText("0.5")
    QTest.keyClick(card.editor, Qt.Key.Key_Return)
    assert machine.value("A2")[3, 1] == 0.5
    assert machine.op.writes == ("Z3",)

    window.context.session.travel.back(waypoints.batch_before)
    window.context.session.step_over()
    window.context.selection.choose("A2", (3, 1))
    _key(window, Qt.Key.Key_Return)
    assert window.context.selection.chosen.slot == "b2"
    assert card.editing


def test_edges_show_weights_gradients_or_the_change_of_the_update(window: MainWindow) -> None:
    panel, session = _panel(window), window.context.session
    machine = session.machine
    assert np.array_equal(_reading(window).edges[1].values, machine.value("W2").ravel())

    panel.shown.choose("Gradients")
    assert np.array_equal(_reading(window).edges[1].values, machine.value("dW2").ravel())
    assert _reading(window).edges[1].valid

    panel.shown.choose("Change")
    change, before = _reading(window).edges[1].values, machine.value("W2").copy()
    session.step_batch()
    assert np.array_equal(change, (machine.value("W2") - before).ravel())


def test_gradients_not_yet_written_in_this_iteration_are_drawn_as_stale(window: MainWindow) -> None:
    _panel(window).shown.choose("Gradients")
    _step_to(window, OpKind.WEIGHT_GRADIENT, 2)

    assert [edges.valid for edges in _reading(window).edges] == [False, True, True]


def test_the_layer_at_work_is_lit_and_the_rest_steps_back(window: MainWindow) -> None:
    assert not any(_reading(window).work.dims(layer) for layer in range(4))

    _step_to(window, OpKind.ACTIVATION, 2)
    work = _reading(window).work
    assert work.phase is Phase.FORWARD
    assert [work.lights(layer) for layer in range(4)] == [False, False, True, False]
    assert [work.dims(layer) for layer in range(4)] == [True, False, False, True]

    window.context.session.step_batch()
    assert not any(_reading(window).work.dims(layer) for layer in range(4))


def test_a_gradient_flows_once_and_only_where_motion_is_wanted(window: MainWindow, qtbot: QtBot) -> None:
    flow = _panel(window).flow
    _step_to(window, OpKind.WEIGHT_GRADIENT, 3)
    assert not flow.running

    window.context.settings.motion = True
    _step_to(window, OpKind.WEIGHT_GRADIENT, 2)
    assert flow.running
    with qtbot.waitSignal(flow.ended):
        pass
    assert not flow.running


def test_the_scale_is_per_layer_or_of_the_whole_network_and_said(window: MainWindow) -> None:
    panel = _panel(window)
    largest = [float(np.abs(window.context.session.machine.value(f"W{layer}")).max()) for layer in (1, 2, 3)]
    assert panel.legend.button.text().startswith("per layer")
    assert [_reading(window).scale(layer, whole=False) for layer in (1, 2, 3)] == pytest.approx(largest)

    panel.legend.chosen.emit("network")
    assert numbers.short(max(largest), 3) in panel.legend.button.text()
    assert window.context.settings.value("canvas_scale", "") == "network"


def test_a_map_shows_the_neurons_output_over_the_plane(window: MainWindow) -> None:
    panel, run = _panel(window), window.context.session.run
    layout = panel._layout
    assert layout is not None
    plane = Plane(run.model, layout, run.data.train.X)
    plane.update(window.context.appearance.theme)
    image: QImage = plane._layers[3]._images[0]
    points = grid(run.data.train.X, 24)
    outputs = run.model.predict(points)[:, 0]
    for place in (int(np.argmin(outputs)), int(np.argmax(outputs))):
        colour = image.pixelColor(place % 24, place // 24)
        blue, orange = colour.blue() > colour.red(), colour.red() > colour.blue()
        assert blue if outputs[place] > 0.5 else orange
    assert points[0, 1] > points[-1, 1], "the second input rises upwards"


def test_another_topology_is_drawn_at_once(window: MainWindow) -> None:
    _use_layers(window, 8, 8)

    assert [len(column.drawn) for column in _panel(window)._layout.columns] == [2, 8, 8, 1]
    _place(window, targets.weight(2, 7, 7))


@pytest.mark.parametrize("key", [Qt.Key.Key_Return, Qt.Key.Key_Space, Qt.Key.Key_Down])
def test_keys_do_no_harm_where_the_chosen_weight_is_gone(window: MainWindow, key: Qt.Key) -> None:
    window.context.selection.choose("W2", (2, 4))
    _use_layers(window, 2)
    _key(window, key)

    assert not _panel(window).card.editing


def test_a_layer_without_biases_has_none_to_point_at(window: MainWindow) -> None:
    window.context.document.apply(set_layer(window.context.document.experiment, 0, bias=False))
    place = _panel(window).view.place_of(targets.bias(1, 0))

    assert _panel(window).view.target_at(place) != targets.bias(1, 0)


def test_a_large_network_is_drawn_with_few_neurons(window: MainWindow) -> None:
    _use_layers(window, 512, 512)
    columns = _panel(window)._layout.columns

    assert columns[1].hidden == 512 - len(columns[1].drawn)
    assert len(columns[1].drawn) <= 16
    assert len(_reading(window).edges[1].values) == len(columns[1].drawn) ** 2
    largest = float(np.abs(window.context.session.machine.value("W2")).max())
    assert _reading(window).edges[1].largest == pytest.approx(largest)


def test_a_weight_that_is_not_finite_is_drawn_and_said(window: MainWindow) -> None:
    window.context.session.machine.program.arena["W2"][0, 0] = np.nan
    window.context.session.refreshed.emit()
    _point(window, targets.weight(2, 0, 0))
    window.grab()

    assert _rows(window)["W²₁₁"] == "NaN"


def test_zoom_keeps_pointing_right_and_fits_again(window: MainWindow) -> None:
    view = _panel(window).view
    _key(window, Qt.Key.Key_Plus, Qt.Key.Key_Plus)
    assert view.transform().m11() > 1
    target = targets.neuron(1, 2)
    place = view.place_of(target)
    assert place is not None
    assert view.target_at(place) == target

    QTest.mouseDClick(view.viewport(), Qt.MouseButton.LeftButton, _NONE, QPoint(2, 2))
    assert view.transform().m11() == 1


def test_the_drawing_follows_size_and_theme(window: MainWindow, qtbot: QtBot) -> None:
    panel = _panel(window)
    window.resize(1280, 800)
    qtbot.waitUntil(lambda: panel._layout.width == panel.view.viewport().width())
    assert _reading(window) is not None

    window.context.appearance.set_mode(Mode.DARK)
    corner = panel.view.viewport().grab().toImage().pixelColor(1, 1)
    assert corner == QColor(window.context.appearance.theme.panel)
    window.context.appearance.set_mode(Mode.LIGHT)


def test_inputs_are_shaded_by_the_largest_of_all_rows_which_is_found_once() -> None:
    X = np.zeros((10_000, 3))
    X[7, 0], X[9_999, 0], X[5_000, 2] = 2.0, -5.0, -0.5
    scales = InputScales(X)
    assert scales.of((0, 1, 2)).tolist() == [5.0, 1.0, 0.5]
    assert scales.of((0, 2)).tolist() == [5.0, 0.5]
    X[:] = 9.0
    assert scales.of(range(3)).tolist() == [5.0, 1.0, 0.5]


def test_a_change_of_size_before_the_drawing_is_made_anew_for_other_data(
    window: MainWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawing, rebuild = _panel(window), CanvasPanel.rebuild

    def resize_and_rebuild(panel: CanvasPanel) -> None:
        panel.view.resized.emit()
        rebuild(panel)

    monkeypatch.setattr(CanvasPanel, "rebuild", resize_and_rebuild)
    window.context.document.apply(use_sample(window.context.document.experiment, "iris"))
    assert drawing._reading is not None
    assert len(drawing._reading.neurons[0].outputs) == 4


@pytest.mark.parametrize("sample", ["circles", "digits"])
def test_the_drawing_does_not_vanish_when_its_size_changes_during_training(
    window: MainWindow, sample: str, qtbot: QtBot
) -> None:
    window.context.document.apply(use_sample(window.context.document.experiment, sample))
    window.context.document.apply(set_training(window.context.document.experiment, epochs=100_000))
    window.action("train").trigger()
    with qtbot.waitSignal(window.context.session.refreshed):
        pass
    view = _panel(window).view
    before = _inked(view.grab().toImage())
    view.resized.emit()
    after = _inked(view.grab().toImage())
    window.action("pause").trigger()
    assert after > 0.9 * before


def _inked(image: QImage) -> int:
    """How many bytes of the picture are not those of its background, which most of its pixels have."""
    pixels = np.frombuffer(image.convertToFormat(QImage.Format.Format_RGB32).constBits(), np.uint8).reshape(-1, 4)
    return int(np.count_nonzero(pixels != np.median(pixels, axis=0)))
