"""All slides of an experiment, from its stored results to files."""

import importlib.util
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from made_up import BANDS, CLAIMED, END_USES_KW, IMPORT_KW, SOLAR_AVAILABLE_KW, SOLAR_USED_KW, drawn, savings_table
from matplotlib.figure import Figure

from eipsim.claims import ClaimRow
from eipsim.kpis.comparison import Saving
from eipsim.kpis.detail import END_USE, GRID_IMPORT, SOLAR_AVAILABLE, SOLAR_USED, SPILL, Detail, Tank
from eipsim.plots.slides import draw_slides, encode_slides, finding
from eipsim.results import Results, read_results, write_results, write_unit

STEPS = 16 * 48
SCRIPT = Path(__file__).parents[2] / "experiments" / "recp_savings.py"


def detail(scenario, tanks):
    series = {f"{END_USE}{name}": values[:STEPS] for name, values in END_USES_KW.items()}
    series |= {SOLAR_AVAILABLE: SOLAR_AVAILABLE_KW[:STEPS], SOLAR_USED: SOLAR_USED_KW[:STEPS]}
    series |= {GRID_IMPORT: IMPORT_KW[scenario][:STEPS], SPILL: np.zeros(STEPS)}
    levels = np.array([[0.0, 100.0, 384.0], [500.0, 1900.0, 300.0]])
    kept = {name: Tank(2000.0, 1700.0, levels) for name in tanks}
    return Detail(date(2022, 1, 1), 0.5, BANDS[:STEPS], series, kept, [])


def claim_rows():
    nan = float("nan")
    return tuple(
        ClaimRow(name, basis, "", "", unit, value, half, nan, nan, nan, nan, nan, nan, nan, "calibrated")
        for name, basis, unit, value, half in CLAIMED
    )


def stored(folder, tanks=("tank",), table=None):
    for scenario in IMPORT_KW:
        write_unit(folder, f"unit_{scenario}", {}, detail(scenario, tanks))
    units = {name: [f"unit_{name}"] for name in sorted(IMPORT_KW)}
    savings = tuple(Saving(*row) for row in (savings_table() if table is None else table).itertuples(index=False))
    rest = {name: () for name in ("kpis", "measures", "bills", "production")}
    results = Results(
        "recp_savings", claim_rows(), savings, **rest, manifest={"baseline": "baseline", "units": units}, folder=folder
    )
    write_results(results)
    return results


@pytest.mark.slow
def test_results_give_five_slides_whose_curves_begin_with_the_baseline(tmp_path):
    slides = draw_slides(stored(tmp_path))

    assert list(slides) == ["savings", "three_sums", "electricity_week", "load_duration", "tank"]
    assert finding(slides["three_sums"]).replace("\N{NO-BREAK SPACE}", " ").startswith("Of 36,256 t CO₂e in 384 h")

    lines = slides["load_duration"].axes[0].lines
    assert [line.get_ydata()[0] for line in lines] == pytest.approx([IMPORT_KW[name][:STEPS].max() / 1e3 for name in IMPORT_KW])


def test_a_park_without_a_tank_has_no_slide_of_it_and_two_tanks_have_two(tmp_path, monkeypatch):
    for name in ("draw_savings", "draw_three_sums", "draw_electricity_week", "draw_load_duration"):
        monkeypatch.setattr(f"eipsim.plots.slides.{name}", lambda *tables, **settings: Figure())

    without = draw_slides(stored(tmp_path / "none", tanks=()))
    both = draw_slides(stored(tmp_path / "both", tanks=("north", "south")))

    assert not any(name.startswith("tank") for name in without)
    assert [name for name in both if name.startswith("tank")] == ["tank_north", "tank_south"]


def test_a_baseline_alone_has_a_week_and_a_tank(tmp_path):
    slides = draw_slides(stored(tmp_path, table=savings_table().iloc[:0]))

    assert list(slides) == ["electricity_week", "tank"]


@pytest.mark.slow
def test_files_are_png_and_svg_and_name_their_language():
    files = encode_slides({"tank": drawn("tank", "vi")}, language="vi")

    assert set(files) == {"tank_vi.png", "tank_vi.svg"}
    assert files["tank_vi.png"].startswith(b"\x89PNG")
    assert b"<svg" in files["tank_vi.svg"][:1000]


@pytest.mark.slow
def test_the_script_for_readers_draws_what_was_stored_and_prints_what_it_finds(tmp_path, capsys):
    stored(tmp_path)
    spec = importlib.util.spec_from_file_location("recp_savings", SCRIPT)
    script = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(script)

    script.main(str(tmp_path))

    printed = capsys.readouterr().out.splitlines()
    assert len(printed) == 6
    assert printed[-1].startswith("10 files in ")
    assert len(list((tmp_path / "recp_savings" / "figures").glob("*.svg"))) == 5
    assert isinstance(read_results("recp_savings", tmp_path).table("savings"), pd.DataFrame)


def test_the_script_for_readers_is_short():
    assert len(SCRIPT.read_text(encoding="utf-8").splitlines()) <= 60
