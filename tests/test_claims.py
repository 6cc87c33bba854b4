import math

import pytest

from eipsim.claims import COUNTED, SIMULATED, Shown, claims_table, published_claims
from eipsim.errors import DataError
from eipsim.experiment_run import left_out_in

HEAD = "claim,source,date,park,scope,quantity,value,unit,basis,boundary,rounding_half_width,provenance,note\n"

SHOWN = {
    ("implemented_60", "electricity_assessed_kwh"): Shown(2.0e6, 1.8e6, 1.7e6, 1.9e6),
    ("all_159", "money_assessed_vnd"): Shown(79.2e9, 70e9, 69e9, 71e9),
}


def table(**more):
    rows = claims_table(published_claims(), SHOWN, {"amata_measures_found": 159.0}, **more)
    return {row.claim: row for row in rows}


def written(tmp_path, *lines):
    path = tmp_path / "claims.csv"
    path.write_text(HEAD + "".join(f"{line}\n" for line in lines), encoding="utf-8")
    return path


def test_every_published_claim_has_a_row():
    assert [row.claim for row in claims_table(published_claims(), {}, {})] == [claim.claim for claim in published_claims()]


def test_what_is_simulated_and_counted_is_published():
    assert {*SIMULATED, *COUNTED} <= {claim.claim for claim in published_claims()}


def test_a_realised_claim_is_reproduced_by_the_simulation():
    row = table()["amata_60_electricity"]

    assert (row.basis, row.reproduced, row.simulated, row.low, row.high) == ("realised", 1.8e6, 1.8e6, 1.7e6, 1.9e6)
    assert row.difference_frac == pytest.approx(1.8 / 1.871 - 1)


def test_a_catalogue_claim_is_reproduced_by_the_desk_and_shown_beside_the_meters():
    row = table()["amata_159_money"]

    assert (row.basis, row.unit) == ("catalogue", "M VND/yr")
    assert (row.reproduced, row.simulated, row.low, row.high) == pytest.approx((79_200, 70_000, 69_000, 71_000))
    assert row.difference_frac == pytest.approx(0.0)


def test_the_other_basis_swaps_what_reproduces_a_claim():
    rows = table(reversed_basis=True)

    assert (rows["amata_60_electricity"].basis, rows["amata_60_electricity"].reproduced) == ("catalogue", 2.0e6)
    assert (rows["amata_159_money"].basis, rows["amata_159_money"].reproduced) == ("realised", pytest.approx(70_000))


def test_a_count_is_reproduced_by_counting():
    row = table()["amata_measures_found"]

    assert (row.published, row.reproduced, row.difference_frac) == (159.0, 159.0, 0.0)


def test_what_nothing_answers_stays_empty():
    row = table()["saitex_water_per_jean"]

    assert row.published == 1.5
    assert all(math.isnan(x) for x in (row.reproduced, row.difference_frac, row.simulated, row.low, row.left_out_low))


def test_the_rounding_of_a_figure_is_kept():
    assert table()["amata_60_lpg"].rounding_half_width == 0.05
    assert math.isnan(table()["amata_area"].rounding_half_width)


def test_all_that_is_wrong_with_a_table_is_said_at_once(tmp_path):
    path = written(
        tmp_path,
        "a,text,2024,AMATA,park,area,5 13,ha,,,,input,",
        "b,text,2024,AMATA,park,area,513,ha,guessed,,,input,",
        "b,text,2024,AMATA,park,area,513,ha,,,,rumour,",
    )

    with pytest.raises(DataError) as error:
        published_claims(path)

    assert str(error.value).splitlines()[1:] == [
        "  line 2, value = '5 13': must be a number with a decimal point",
        "  line 3, basis = 'guessed': must be realised, catalogue or empty",
        "  line 4, claim = 'b': is there twice",
        "  line 4, provenance = 'rumour': must be one of input, calibrated, derived, reproduced, audited, assumed, context",
    ]


def test_a_table_without_a_column_is_refused(tmp_path):
    path = tmp_path / "claims.csv"
    path.write_text("claim,value\na,1\n", encoding="utf-8")

    with pytest.raises(DataError, match="header lacks column source, date"):
        published_claims(path)


def test_what_the_others_predict_stands_beside_a_claim_if_it_is_known():
    rows = table(left_out={"amata_60_electricity": (1.1e6, 2.9e6)})

    row = rows["amata_60_electricity"]
    assert (row.left_out_low, row.left_out_high) == (1.1e6, 2.9e6)
    assert math.isnan(rows["amata_60_water"].left_out_low)


def test_what_is_left_out_is_read_from_the_ensemble_of_the_same_folder(tmp_path):
    assert left_out_in(tmp_path) == {}
    (tmp_path / "catalogue_ensemble").mkdir()
    (tmp_path / "catalogue_ensemble" / "left_out.csv").write_text("claim,low,high\namata_60_lpg,1.5,40\n", encoding="utf-8")

    assert left_out_in(tmp_path) == {"amata_60_lpg": (1.5, 40.0)}
