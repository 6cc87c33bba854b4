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


def test_a_file_that_is_not_there_is_said_to_be(tmp_path):
    with pytest.raises(DataError, match="there is no such file"):
        read_catalogue(tmp_path / "none.csv")


def test_numbers_are_written_so_that_they_read_back_the_same():
    text = table_text(("a", "b", "c"), [{"a": 0.1 + 0.2, "b": 1e6, "c": "x"}])

    assert text == "a,b,c\n0.30000000000000004,1000000,x\n"
