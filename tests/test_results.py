import json
import math
from datetime import date

import numpy as np
import pytest

from eipsim.claims import ClaimRow
from eipsim.errors import ResultsError
from eipsim.kernel.run import Event
from eipsim.kpis import Saving
from eipsim.kpis.detail import Detail, Tank
from eipsim.reproduction import differences
from eipsim.results import (
    BillRow,
    KpiRow,
    LostRow,
    MeasureRow,
    ProductionRow,
    Results,
    accept,
    read_results,
    write_figures,
    write_results,
    write_unit,
)
from eipsim.store import files

NAN = math.nan
CLAIM = ClaimRow("a", "realised", "meters", "money, saved", "VND", 5.0, 0.5, 5.1, 0.02, 5.1, 4.9, 5.3, NAN, NAN, "calibrated")
SAVING = Saving("all", "electricity_assessed_kwh", "kWh", 12.0, NAN, 10.0, 9.0, 11.0, 10.5, 3)
DETAIL = Detail(
    date(2022, 1, 1),
    0.5,
    ["peak", "normal"],
    {"grid_import_kw": np.array([1.5, 2.5])},
    {"tank": Tank(60.0, 51.0, np.array([[0.0, 1.0], [12.0, 6.0]]))},
    [Event(1.0, "tank", "high", 51.0)],
)


def results(folder, *, saving=SAVING):
    return Results(
        "tiny",
        claims=(CLAIM,),
        savings=(saving,),
        kpis=(KpiRow("all", 0, "electricity_assessed_kwh", "kWh", 1 / 3),),
        measures=(MeasureRow("m1", "candles", "air_leaks", "electricity_assessed_kwh", "kWh", 12.0, NAN),),
        bills=(BillRow("all", "candles", "water", 10.0, "m3", 130_000.0),),
        production=(ProductionRow("all", "candles", 0, 100.0, 10.0, 1.0, 0.5, 0.0, 9.0),),
        lost_hours=(LostRow("all", "candles", 0, "shortage", "water", "water_main", "water_works", "out", 0.5),),
        manifest={"units": {"all": ["abc"]}, "seed": 2022},
        folder=folder,
    )


def test_series_levels_and_events_are_read_as_they_were_written(tmp_path):
    write_unit(tmp_path, "abc", {}, DETAIL)

    found = results(tmp_path).detail("all")

    assert (found.start, found.step_h, found.bands, found.events) == (DETAIL.start, 0.5, DETAIL.bands, DETAIL.events)
    assert found.series["grid_import_kw"].tolist() == [1.5, 2.5]
    assert found.tanks["tank"].high_m3 == 51.0
    assert found.tanks["tank"].level_m3.tolist() == [[0.0, 1.0], [12.0, 6.0]]


def test_detail_of_an_unknown_scenario_names_the_nearest(tmp_path):
    with pytest.raises(ResultsError, match="tiny has no scenario 'al': did you mean 'all'"):
        results(tmp_path).detail("al")


def test_detail_of_a_deleted_run_says_so(tmp_path):
    with pytest.raises(ResultsError, match="tiny, all: run abc is gone: run the experiment again"):
        results(tmp_path).detail("all")


def test_results_are_read_as_they_were_written(tmp_path):
    files = write_results(results(tmp_path))

    found = read_results("tiny", tmp_path)

    assert sorted(path.name for path in files) == sorted(path.name for path in (tmp_path / "tiny").iterdir())
    assert found.kpis == results(tmp_path).kpis
    assert found.manifest == results(tmp_path).manifest
    assert str(found.claims) == str(results(tmp_path).claims)
    assert str(found.savings) == str(results(tmp_path).savings)
    assert found.bills == results(tmp_path).bills
    assert found.production == results(tmp_path).production


def test_tables_have_the_columns_that_were_promised(tmp_path):
    write_results(results(tmp_path))

    heads = {
        name: (tmp_path / f"tiny/{name}.csv").read_text(encoding="utf-8").splitlines()[0] for name in ("claims", "savings")
    }

    assert heads == {
        "claims": "claim,basis,boundary,quantity,unit,published,rounding_half_width,reproduced,difference_frac,simulated,"
        "low,high,left_out_low,left_out_high,provenance",
        "savings": "scenario,kpi,unit,naive_sum,alone_sum,saving,low,high,saving_unadjusted,replications",
    }
    assert list(results(tmp_path).table("kpis")) == ["scenario", "replication", "kpi", "unit", "value"]


def test_what_is_not_known_is_an_empty_cell(tmp_path):
    write_results(results(tmp_path))

    lines = (tmp_path / "tiny/claims.csv").read_text(encoding="utf-8").splitlines()

    assert lines[1] == 'a,realised,meters,"money, saved",VND,5,0.5,5.1,0.02,5.1,4.9,5.3,,,calibrated'


def test_tables_are_frames(tmp_path):
    frame = results(tmp_path).table("savings")

    assert frame.loc[0, "saving"] == 10.0


def test_an_unknown_table_names_the_nearest(tmp_path):
    with pytest.raises(ResultsError, match="no table 'saving': did you mean 'savings'"):
        results(tmp_path).table("saving")


def test_results_that_are_not_there_say_how_to_get_them(tmp_path):
    write_results(results(tmp_path))

    with pytest.raises(ResultsError, match=r"tinny holds no results: run .*did you mean 'tiny'"):
        read_results("tinny", tmp_path)


def test_a_table_with_other_columns_is_refused(tmp_path):
    write_results(results(tmp_path))
    (tmp_path / "tiny/savings.csv").write_text("scenario,kpi\nall,x\n", encoding="utf-8")

    with pytest.raises(ResultsError, match=r"savings\.csv has columns scenario, kpi: must have scenario, kpi, unit"):
        read_results("tiny", tmp_path)


def test_a_cell_that_is_no_number_is_named_by_line(tmp_path):
    write_results(results(tmp_path))
    path = tmp_path / "tiny/savings.csv"
    path.write_text(path.read_text(encoding="utf-8").replace("12,", "twelve,"), encoding="utf-8")

    with pytest.raises(ResultsError, match=r"savings\.csv, line 2: could not convert string to float: 'twelve'"):
        read_results("tiny", tmp_path)


def test_a_missing_table_is_named(tmp_path):
    write_results(results(tmp_path))
    (tmp_path / "tiny/bills.csv").unlink()

    with pytest.raises(ResultsError, match=r"bills\.csv is not there: run the experiment again"):
        read_results("tiny", tmp_path)


def recorded(tmp_path):
    write_results(results(tmp_path))
    write_figures(tmp_path, "tiny", {"sums.svg": b"<svg/>", "sums.png": b"png"})
    return accept("tiny", tmp_path)


def test_what_was_accepted_is_the_record(tmp_path):
    files = recorded(tmp_path)

    record = tmp_path / "record/tiny"
    assert [path.relative_to(record).as_posix() for path in files] == [
        "claims.csv",
        "figures/sums.png",
        "figures/sums.svg",
        "savings.csv",
    ]
    assert differences("tiny", tmp_path) == []


def test_a_record_holds_neither_manifest_nor_date(tmp_path):
    recorded(tmp_path)

    assert not (tmp_path / "record/tiny/manifest.json").exists()


def test_a_new_record_takes_the_place_of_the_old_one(tmp_path):
    recorded(tmp_path)
    (tmp_path / "tiny/figures/sums.png").unlink()

    files = accept("tiny", tmp_path)

    assert sorted(path.name for path in files) == ["claims.csv", "savings.csv", "sums.svg"]
    assert [path.name for path in (tmp_path / "record").iterdir()] == ["tiny"]


def test_every_difference_from_the_record_is_named(tmp_path):
    recorded(tmp_path)
    write_results(results(tmp_path, saving=replace_row(SAVING, saving=10.1, alone_sum=11.0)))
    write_figures(tmp_path, "tiny", {"sums.svg": b"<svg></svg>", "tank.svg": b""})
    (tmp_path / "tiny/figures/sums.png").unlink()

    assert differences("tiny", tmp_path) == [
        "savings.csv, all electricity_assessed_kwh, alone_sum: recorded nothing, now 11",
        "savings.csv, all electricity_assessed_kwh, saving: recorded 10, now 10.1",
        "figures/sums.png: recorded, and not drawn now",
        "figures/tank.svg: drawn now, and not recorded",
        "figures/sums.svg: drawn differently",
    ]


def test_rows_that_come_or_go_are_named(tmp_path):
    recorded(tmp_path)
    write_results(results(tmp_path, saving=replace_row(SAVING, scenario="some")))

    assert differences("tiny", tmp_path) == [
        "savings.csv, all electricity_assessed_kwh: recorded, and missing now",
        "savings.csv, some electricity_assessed_kwh: new, and not recorded",
    ]


@pytest.mark.parametrize("change", [1e-7, -1e-7])
def test_what_other_platforms_differ_by_is_no_difference(tmp_path, change):
    recorded(tmp_path)
    write_results(results(tmp_path, saving=replace_row(SAVING, saving=10.0 * (1 + change))))

    assert differences("tiny", tmp_path) == []


def test_rounding_around_zero_is_no_difference(tmp_path):
    write_results(results(tmp_path, saving=replace_row(SAVING, low=3e-12)))
    accept("tiny", tmp_path)
    write_results(results(tmp_path, saving=replace_row(SAVING, low=-2e-11)))

    assert differences("tiny", tmp_path) == []


def test_without_a_record_nothing_can_be_compared(tmp_path):
    write_results(results(tmp_path))

    with pytest.raises(ResultsError, match="holds no record: write it with `eipsim reproduce --accept`"):
        differences("tiny", tmp_path)


def test_without_results_nothing_can_be_compared_or_accepted(tmp_path):
    (tmp_path / "record/tiny").mkdir(parents=True)

    with pytest.raises(ResultsError, match="holds no results: run `eipsim run experiment=tiny`"):
        differences("tiny", tmp_path)
    with pytest.raises(ResultsError, match=r"claims\.csv is not there: run `eipsim run experiment=tiny`"):
        accept("tiny", tmp_path)


def test_a_failed_write_leaves_the_old_table(tmp_path, monkeypatch):
    write_results(results(tmp_path))
    before = (tmp_path / "tiny/claims.csv").read_bytes()

    def interrupt(*args, **kwargs):
        raise KeyboardInterrupt

    monkeypatch.setattr(files.os, "fdopen", interrupt)
    with pytest.raises(KeyboardInterrupt):
        write_results(results(tmp_path))

    assert (tmp_path / "tiny/claims.csv").read_bytes() == before
    assert [path.name for path in (tmp_path / "tiny").iterdir() if path.name.startswith(".")] == []


def test_the_manifest_is_plain_json(tmp_path):
    write_results(results(tmp_path))

    assert json.loads((tmp_path / "tiny/manifest.json").read_text(encoding="utf-8"))["seed"] == 2022


def replace_row(row, **changes):
    return row._replace(**changes)
