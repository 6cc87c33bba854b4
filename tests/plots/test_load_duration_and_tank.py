"""Load duration curves, and the equalisation tank."""

import numpy as np
import pytest
from made_up import IMPORT_KW, LEVEL_M3, SPILL_M3_PER_H, draw_year_of_tank, drawn, texts, title

from eipsim.errors import DataError
from eipsim.plots.load_duration import draw_load_duration


def test_a_curve_falls_from_the_peak_to_the_least_import():
    left = drawn("load_duration").axes[0]

    for line, values in zip(left.lines, IMPORT_KW.values(), strict=True):
        curve = line.get_ydata()
        assert (np.diff(curve) <= 0).all()
        assert (curve[0], curve[-1]) == pytest.approx((values.max() / 1e3, values.min() / 1e3))


def test_the_difference_is_of_sorted_curves():
    right = drawn("load_duration").axes[1]

    top = [line.get_ydata()[0] for line in right.lines[:2]]
    assert top == pytest.approx(
        [(IMPORT_KW["baseline"].max() - IMPORT_KW[name].max()) / 1e3 for name in ("implemented_60", "all_159")]
    )


@pytest.mark.parametrize(
    ("factor", "words"),
    [
        (0.9, "lower the park's peak by 8.0 MW (10 %), from 80.0 MW to 72.0 MW"),
        (1.1, "raise the park's peak by 8.0 MW (10 %), from 80.0 MW to 88.0 MW"),
        (1.0, "leave the park's peak at 80.00 MW"),
    ],
)
def test_the_title_says_what_happens_to_the_peak(factor, words):
    flat = np.linspace(80_000, 30_000, 480)

    said = title(draw_load_duration({"baseline": flat, "all_159": factor * flat}))

    assert said == f"All 159 measures {'together ' if factor != 1 else ''}{words}"


def test_peaks_and_means_are_written_and_axes_have_units():
    words = texts(draw_load_duration({"baseline": np.full(48, 50_000.0), "all_159": np.full(48, 49_500.0)}))

    assert {
        "Baseline: peak 50.0 MW, mean 50.0 MW",
        "All 159 measures: 0.50 MW on average",
        "Grid import [MW]",
        "Hours with at least this import [h]",
        "Lower than the baseline by [MW]",
    } <= set(words)


def test_export_lies_below_zero():
    left = draw_load_duration({"baseline": np.linspace(500, 100, 48), "all_159": np.linspace(400, -200, 48)}).axes[0]

    assert left.get_ylim()[0] == pytest.approx(-0.2)


def test_series_that_do_not_fit_are_named():
    with pytest.raises(DataError, match="has 1 scenarios: give the baseline and at least one other"):
        draw_load_duration({"baseline": np.ones(48)})
    with pytest.raises(DataError, match="has series of baseline 48, all_159 47 steps"):
        draw_load_duration({"baseline": np.ones(48), "all_159": np.ones(47)})
    with pytest.raises(DataError, match="all_159 has a value that is not finite"):
        draw_load_duration({"baseline": np.ones(48), "all_159": np.full(48, np.nan)})


def test_the_tanks_title_counts_days_at_the_mark_and_what_spilled():
    spilt = f"{SPILL_M3_PER_H.sum() * 0.5:,.0f} m³"

    said = title(drawn("tank"))

    assert said == f"The equalisation tank reached its high mark on 7 days, and {spilt} of wastewater spilled"


def test_without_spill_the_title_says_so():
    assert title(draw_year_of_tank(spill_m3_per_h=0 * SPILL_M3_PER_H)).endswith("on 7 days, and nothing spilled")


def test_a_calm_year_says_how_full_the_tank_was():
    said = title(draw_year_of_tank(level_m3=np.minimum(LEVEL_M3, 2400), spill_m3_per_h=0 * SPILL_M3_PER_H))

    assert said == "The equalisation tank never reached its high mark; it was 60 % full at most"


def test_daily_spill_adds_up_to_the_year():
    year_spill = drawn("tank").axes[1]

    assert year_spill.patches[0].get_data().values.sum() == pytest.approx(SPILL_M3_PER_H.sum() * 0.5)


def test_the_close_view_shows_the_days_around_the_greatest_spill_and_every_change():
    near = drawn("tank").axes[2]

    days = near.lines[0].get_xdata()
    worst = int(np.argmax(SPILL_M3_PER_H.reshape(-1, 48).sum(axis=1)))
    assert days.min() <= worst < days.max()
    assert np.ptp(days) == pytest.approx(5.0)
    assert len(days) == 5 * 8 + 1


def test_the_daily_range_is_exact_between_changes():
    figure = draw_year_of_tank(level_h=[0.0, 36.0, 48.0], level_m3=[0.0, 3600.0, 0.0], spill_m3_per_h=np.zeros(96))

    band = figure.axes[0].collections[0].get_paths()[0].vertices[:, 1]
    assert band.max() == pytest.approx(3600.0)
    assert sorted(set(band.round(6)))[-2] == pytest.approx(2400.0)


def test_marks_and_units_are_written():
    words = texts(drawn("tank", "vi"))

    assert {"Mức cao 3.600 m³", "Đầy bể 4.000 m³", "Nước thải trong bể [m³]", "Lượng tràn ra sông [m³/ngày]"} <= set(words)


def test_all_that_is_wrong_with_a_tank_is_said_at_once():
    with pytest.raises(DataError, match=r"(?s)3 problems.*level_h falls.*level_m3 is empty.*high_mark_m3 = 5000 m3"):
        draw_year_of_tank(level_h=[0.0, 5.0, 4.0], level_m3=[1.0, 1.0, -3.0], high_mark_m3=5000)
    with pytest.raises(DataError, match=r"(?s)level_h has shape \(1,\).*step_h = 0.7 h"):
        draw_year_of_tank(level_h=[0.0], level_m3=[1.0, 2.0], step_h=0.7)
