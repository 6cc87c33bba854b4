import pytest

from eipsim.errors import CatalogueError, DataError
from eipsim.readers.catalogue_table import COSTS, DESK, WHAT, catalogue_text, read_catalogue, table_text

ROW = {
    **dict(zip(WHAT, ("m1", "factory_1", "lights", "lighting_led", "good_housekeeping", "proposed", 0.5), strict=True)),
    **dict.fromkeys(DESK, 0.0),
    **dict(zip(COSTS, (1e6, 0.0, 8.0, 30.0, "C"), strict=True)),
}


def written(tmp_path, *rows):
    file = tmp_path / "rows.csv"
    file.write_text(catalogue_text(rows), encoding="utf-8")
    return file


def test_cells_are_numbers_or_text_and_empty_ones_are_left_out(tmp_path):
    file = written(tmp_path, {**ROW, "led_lm_per_w": 120.5, "new_class": "IE3"}, {**ROW, "id": "m2", "end_use": ""})

    first, second = read_catalogue(file)

    assert first.cells == {**ROW, "led_lm_per_w": 120.5, "new_class": "IE3"}
    assert (first.line, second.line) == (2, 3)
    assert "led_lm_per_w" not in second.cells
    assert second.cell("end_use") == ""


def test_columns_stand_in_one_order_whatever_the_rows(tmp_path):
    header = written(tmp_path, {**ROW, "b_kw": 1.0, "a_kw": 2.0}).read_text(encoding="utf-8").splitlines()[0]

    assert header.split(",") == [*WHAT, "a_kw", "b_kw", *DESK, *COSTS]


def test_all_wrong_cells_are_named_by_row_and_column(tmp_path):
    file = written(tmp_path, {**ROW, "size": "a lot"}, {**ROW, "id": "m2", "life_yr": ""}, {**ROW, "id": "m2"})

    with pytest.raises(CatalogueError) as caught:
        read_catalogue(file)

    message = str(caught.value)
    assert "row m1, column size = 'a lot': must be a number with a decimal point" in message
    assert "row m2, column life_yr is empty" in message
    assert "row m2, column id stands in line 3 and 4" in message


def test_missing_columns_are_named(tmp_path):
    file = tmp_path / "rows.csv"
    file.write_text("id,factory\nm1,factory_1\n", encoding="utf-8")

    with pytest.raises(CatalogueError, match="header has no column 'status'"):
        read_catalogue(file)


def test_columns_are_missed_in_a_file_without_rows_too(tmp_path):
    file = tmp_path / "rows.csv"
    file.write_text("id,factory\n", encoding="utf-8")

    with pytest.raises(CatalogueError, match="has 17 problems"):
        read_catalogue(file)


def test_a_file_that_is_not_there_is_said_to_be(tmp_path):
    with pytest.raises(DataError, match="there is no such file"):
        read_catalogue(tmp_path / "none.csv")


def test_numbers_are_written_so_that_they_read_back_the_same():
    text = table_text(("a", "b", "c"), [{"a": 0.1 + 0.2, "b": 1e6, "c": "x"}])

    assert text == "a,b,c\n0.30000000000000004,1000000,x\n"


def problems_of(tmp_path, *rows):
    with pytest.raises(CatalogueError) as caught:
        read_catalogue(written(tmp_path, *rows))
    return str(caught.value)


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("0,5", "write 0.5"),
        ("1.234,5", "write 1234.5"),
        ("12.500.000", "write 12500000"),
        ("1,234", "write 1.234 or 1234"),
        ("1,234,567.8", "write 1234567.8"),
        ("12 %", "write 0.12"),
        ("1 200", "write 1200"),
    ],
)
def test_a_number_as_it_is_written_in_viet_nam_is_refused_with_how_to_write_it(tmp_path, text, meant):
    place = f"row m1, column led_lm_per_w = {text!r}: must be a number with a decimal point: {meant}"

    assert place in problems_of(tmp_path, {**ROW, "led_lm_per_w": text})


def test_a_dot_that_may_mean_thousands_is_named_where_other_numbers_have_commas(tmp_path):
    message = problems_of(tmp_path, {**ROW, "led_lm_per_w": "120,5", "capital_vnd": "12.500"})

    assert "decimal commas (120,5), so that a dot may mean thousands in row m1, column capital_vnd = 12.500" in message


def test_a_row_that_is_mostly_empty_is_named_once(tmp_path):
    message = problems_of(tmp_path, ROW, {"id": "Tổng cộng", "size": 1.0})

    assert "row Tổng cộng, line 3: factory, type, recp_category, status" in message
    assert "has 1 problem" in message


@pytest.mark.parametrize(
    ("cells", "message"),
    [
        ({"identified_on": "31/12/2021"}, "column identified_on = '31/12/2021': must be a date like 2022-12-31"),
        ({"implemented_on": 44562}, "as Excel counts days this is 2022-01-01, so format the cell as a date"),
        ({"implemented_on": 3}, "column implemented_on = '3': must be a date like"),
        ({"arc_code": "2.42"}, "must be an assessment-recommendation code like 2.4236"),
        ({"implemented_on": "2022-01-01"}, "= 2022-01-01: the row is proposed: change its status"),
        (
            {"status": "implemented", "identified_on": "2022-02-01", "implemented_on": "2022-01-01"},
            "= 2022-01-01: lies before identified_on = 2022-02-01",
        ),
    ],
)
def test_wrong_codes_and_days_are_named(tmp_path, cells, message):
    assert message in problems_of(tmp_path, {**ROW, **cells})


def test_a_column_that_is_nearly_right_is_named_with_the_missing_one(tmp_path):
    file = tmp_path / "rows.csv"
    file.write_text(catalogue_text([ROW]).replace("status", "statuts", 1), encoding="utf-8")

    with pytest.raises(CatalogueError, match=r"header has no column 'status': did you mean 'statuts'\?"):
        read_catalogue(file)


def test_remarks_stand_behind_what_a_measure_is(tmp_path):
    row = {**ROW, "arc_code": "2.7142", "identified_on": "2021-03-01", "note": "đèn"}
    file = written(tmp_path, {**row, "a_kw": 1.0})

    assert file.read_text(encoding="utf-8").splitlines()[0].split(",")[7:11] == ["arc_code", "identified_on", "note", "a_kw"]
    assert read_catalogue(file)[0].cells == {**row, "a_kw": 1.0}
