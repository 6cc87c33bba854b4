from dataclasses import replace
from datetime import date

import pytest
from one_factory import EXAMPLES, PRICES, example, park_of

from eipsim.errors import CatalogueError, Problems
from eipsim.measures import MEASURES
from eipsim.measures.catalogue import (
    check_catalogue,
    examine,
    explained_columns,
    load_catalogue,
    load_desk_figures,
    load_remarks,
    to_rows,
)
from eipsim.readers.catalogue_table import DESK, catalogue_text, catalogue_workbook, read_catalogue_sheet


@pytest.fixture
def measures():
    """One measure of each type, with the values that are not usual."""
    found = [example(MEASURES, kind, id=f"m{k:02d}") for k, kind in enumerate(sorted(EXAMPLES))]
    own = {"installation_downtime_h": 8.0, "decay_frac_per_yr": 0.0}
    found[0] = replace(found[0], other_vnd_per_yr=1.25e6, status="implemented", **own)
    return tuple(found)


@pytest.fixture
def path(tmp_path, measures):
    file = tmp_path / "catalogue.csv"
    file.write_text(catalogue_text(to_rows(measures, park_of(), PRICES)), encoding="utf-8")
    return file


def edited(path, old, new):
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return path


def test_a_catalogue_reads_back_as_it_was_written(path, measures):
    assert load_catalogue(path) == measures


def in_excel(path):
    """Return the same catalogue as a workbook."""
    file = path.with_suffix(".xlsx")
    file.write_bytes(catalogue_workbook(read_catalogue_sheet(path, Problems("here", CatalogueError))))
    return file


def test_a_catalogue_in_excel_holds_the_same_measures(path, measures):
    assert load_catalogue(in_excel(path)) == measures


def test_codes_days_and_notes_change_no_measure(tmp_path, measures):
    row = to_rows(measures[:1], park_of(), PRICES)[0]
    remarks = {"arc_code": "2.4236.2", "identified_on": "2021-03-01", "implemented_on": "2021-06-30", "note": "đã làm"}
    file = tmp_path / "remarked.csv"
    file.write_text(catalogue_text([row | remarks]), encoding="utf-8")

    assert load_catalogue(file) == measures[:1]
    assert load_remarks(file)["m00"] == ("2.4236.2", date(2021, 3, 1), date(2021, 6, 30), "đã làm")
    file.write_text(catalogue_text([row]), encoding="utf-8")
    assert load_remarks(file)["m00"] == ("", None, None, "")


def test_problems_of_file_rows_and_park_are_found_together_with_their_cells(path):
    edited(path, "lighting_led", "lighting_lid")
    edited(path, "m00,factory_1,air,", "m00,factory_1,airs,")
    edited(path, "id,", "id,fctory,")
    lines = path.read_text(encoding="utf-8").splitlines()
    path.write_text("\n".join([lines[0], *(line.replace(",", ",x,", 1) for line in lines[1:])]), encoding="utf-8")

    found = examine(in_excel(path), park_of())

    assert [line for line in found.problems.lines if "m14" in line] == [
        "row m14, column type (E16) = 'lighting_lid': did you mean 'lighting_led'?"
    ]
    assert "header has column 'fctory', which no type of measure has: did you mean 'factory'?" in found.problems.lines
    assert "row m00, column end_use (D2) = 'airs': factory_1 has no such end use; did you mean 'air'?" in found.problems.lines
    assert len(found.problems.lines) == 3
    assert len(found.measures) == len(found.rows) - 1


def test_a_word_that_is_nearly_right_is_named_with_the_nearest(path):
    edited(path, "good_housekeeping,implemented", "good_housekeping,implemented")

    with pytest.raises(CatalogueError, match=r"= 'good_housekeping': Input should be .*; did you mean 'good_housekeeping'\?"):
        load_catalogue(path)


def test_desk_figures_read_back_as_they_are_worked_out(path, measures):
    recorded = load_desk_figures(path)

    for measure in measures:
        assert recorded[measure.id] == pytest.approx(measure.desk(park_of(), PRICES), rel=1e-8)


def test_a_row_holds_the_parameters_of_its_type_alone(measures):
    rows = {row["type"]: row for row in to_rows(measures, park_of(), PRICES)}

    assert rows["lighting_led"]["led_lm_per_w"] == 130
    assert "led_lm_per_w" not in rows["air_leaks"]
    assert "other_vnd_per_yr" not in rows["lighting_led"]
    assert rows["air_leaks"]["other_vnd_per_yr"] == 1.25e6


def test_all_wrong_rows_are_named_at_once_with_the_nearest_name(path):
    edited(path, "lighting_led", "lighting_lid")
    edited(path, "m00,factory_1,air,air_leaks,good_housekeeping,implemented", "m00,factory_1,air,air_leaks,housekeeping,done")

    with pytest.raises(CatalogueError) as caught:
        load_catalogue(path)

    message = str(caught.value)
    assert "has 3 problems" in message
    assert "row m14, column type = 'lighting_lid': did you mean 'lighting_led'?" in message
    assert "row m00, column recp_category = 'housekeeping': Input should be" in message
    assert "row m00, column status = 'done': Input should be 'implemented' or 'proposed'" in message


def test_a_parameter_of_another_type_is_named(tmp_path, measures):
    row = to_rows(measures[:1], park_of(), PRICES)[0] | {"led_lm_per_w": 120.0}
    file = tmp_path / "wrong.csv"
    file.write_text(catalogue_text([row]), encoding="utf-8")

    with pytest.raises(CatalogueError, match=r"row m00, column led_lm_per_w is no parameter of air_leaks: "):
        load_catalogue(file)


def test_a_missing_parameter_is_named(tmp_path, measures):
    (solar,) = [m for m in measures if m.kind == "rooftop_solar"]
    row = to_rows([solar], park_of(), PRICES)[0]
    del row["roof_m2"]
    file = tmp_path / "wrong.csv"
    file.write_text(catalogue_text([row]), encoding="utf-8")

    with pytest.raises(CatalogueError, match=f"row {solar.id}, column roof_m2 is missing: Field required"):
        load_catalogue(file)


def test_a_row_that_contradicts_itself_is_named(tmp_path, measures):
    row = to_rows(measures[:1], park_of(), PRICES)[0] | {"size": 0.0}
    file = tmp_path / "wrong.csv"
    file.write_text(catalogue_text([row]), encoding="utf-8")

    with pytest.raises(CatalogueError, match=r"row m00, column other_vnd_per_yr does not fit the row: .*must be 0 at size 0"):
        load_catalogue(file)


def test_a_catalogue_that_fits_passes(measures):
    check_catalogue(measures, park_of())


def test_all_measures_that_do_not_fit_a_park_are_named(measures):
    wrong = [
        replace(measures[0], end_use="airs", other_vnd_per_yr=0.0),
        measures[1],
        replace(measures[2], size=9.0),
        *measures[3:],
    ]

    with pytest.raises(CatalogueError, match="has 2 problems") as caught:
        check_catalogue(wrong, park_of())

    assert "row m00, column end_use = 'airs': factory_1 has no such end use; did you mean 'air'?" in str(caught.value)
    assert "row m02, column size = 9: must be from 0 to 1.5" in str(caught.value)


def test_two_set_backs_share_what_the_machines_can_spare():
    first = example(MEASURES, "air_pressure", id="m1", size=1.0)
    second = example(MEASURES, "air_pressure", id="m2", size=1.0)

    with pytest.raises(CatalogueError, match=r"row m2, column size = 1: must be from 0 to 0\.5"):
        check_catalogue([second, first], park_of())


def test_dropping_a_row_lowers_the_sum_by_its_figures(path, measures):
    figures = load_desk_figures(path)
    row = measures[4].id

    kept = sum(f.vnd for name, f in figures.items() if name != row)

    assert sum(f.vnd for f in figures.values()) - kept == pytest.approx(figures[row].vnd)


def test_desk_columns_stand_in_the_order_of_the_figures():
    assert [column.removeprefix("saving_").removesuffix("_per_yr") for column in DESK] == list(
        load_desk_figures.__globals__["DeskFigures"]._fields
    )


def test_columns_are_explained_by_who_needs_them():
    rows = {name: rest for name, *rest in explained_columns(["led_lm_per_w", "other_vnd_per_yr", "note", "nonsense"])}

    assert rows["led_lm_per_w"] == ["lm/W", "by lighting_led", ""]
    assert rows["other_vnd_per_yr"] == ["VND/yr", "may be empty", ""]
    assert rows["note"][1] == "by no measure"
    assert rows["nonsense"] == ["", "by no measure", ""]
