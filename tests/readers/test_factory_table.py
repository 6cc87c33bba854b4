"""Tables of factories become factories, and every wrong cell is named."""

from functools import partial

import pytest

from eipsim.components import Factory, Line
from eipsim.end_uses import END_USES, Lighting, Motors
from eipsim.errors import DataError
from eipsim.readers.factory_table import Parts, read_factories

PARTS = Parts(partial(Factory, assessed=True), Line, END_USES)
FACTORIES = "id,factory,feeder,calendar,workers,roof_m2,output_unit,confidence\nF01,mill,feeder_1,one_shift,40,900,t,C\n"
LINES = "factory,line,units_per_h,batch_h_median,confidence\nmill,1,3,,C\nmill,0,2.5,4,C\n"
END_USES_TABLE = (
    "factory,end_use,type,driver,installed_kw,shaft_kw,load,daylit,source,confidence\n"
    "mill,lighting,lighting,,12,,,true,counted,C\n"
    "mill,saws,motors,line:0,,90,fan,,nameplates,C\n"
)


def read(folder, factories=FACTORIES, lines=LINES, end_uses=END_USES_TABLE):
    tables = {"factories.csv": factories, "lines.csv": lines, "end_uses.csv": end_uses}
    for name, text in tables.items():
        (folder / name).write_text(text, encoding="utf-8")
    return read_factories(*(folder / name for name in tables), PARTS)


def test_rows_become_a_factory_with_lines_in_the_order_of_their_numbers_and_typed_end_uses(tmp_path):
    site = read(tmp_path)["mill"]

    assert (site.feeder, site.roof_m2, site.output_unit) == ("feeder_1", 900.0, "t")
    assert site.factory.lines == (Line(units_per_h=2.5, batch_h_median=4), Line(units_per_h=3))
    assert site.factory.end_uses == {
        "lighting": Lighting(installed_kw=12, daylit=True),
        "saws": Motors(driver="line:0", shaft_kw=90, load="fan"),
    }
    assert (site.factory.place, site.factory.workers, site.factory.assessed) == ("mill", 40, True)


def test_every_wrong_cell_of_all_three_tables_is_one_problem_with_file_line_and_column(tmp_path):
    factories = FACTORIES.replace(",40,900,", ",forty,-900,")
    lines = LINES.replace("mill,0,2.5", 'mill,0,"2,5"')
    end_uses = END_USES_TABLE.replace(",90,fan", ",90,van").replace("lighting,,12", "lighting,,")

    with pytest.raises(DataError) as caught:
        read(tmp_path, factories, lines, end_uses)

    assert str(caught.value).splitlines()[0] == "Factory tables has 3 problems:"
    assert "lines.csv line 3, column 'units_per_h' = '2,5': input should be a valid number" in str(caught.value)
    assert "end_uses.csv line 2, column 'installed_kw' is empty: a lighting needs installed_kw" in str(caught.value)
    assert "end_uses.csv line 3, column 'load' = 'van': input should be 'constant', 'fan' or 'pump'" in str(caught.value)


def test_wrong_cells_of_a_factory_are_named_once_its_parts_are_right(tmp_path):
    with pytest.raises(DataError) as caught:
        read(tmp_path, FACTORIES.replace(",40,900,", ",forty,-900,"))

    assert "factories.csv line 2, column 'workers' = 'forty': input should be a valid integer" in str(caught.value)
    assert "factories.csv line 2, column 'roof_m2' = '-900': input should be greater than or equal to 0" in str(caught.value)


@pytest.mark.parametrize(
    ("table", "old", "new", "said"),
    [
        ("end_uses", "saws,motors", "saws,motor", "end_uses.csv line 3, column 'type' = 'motor': did you mean 'motors'?"),
        (
            "end_uses",
            "shaft_kw",
            "shaft_kW",
            "header, column 'shaft_kW' is no parameter of any end use: did you mean 'shaft_kw'",
        ),
        ("end_uses", ",90,fan,,", ",90,fan,true,", "line 3, column 'daylit' = 'true': a motors has no such parameter"),
        ("end_uses", "mill,saws", "mil,saws", "end_uses.csv line 3, column 'factory' = 'mil': did you mean 'mill'?"),
        ("end_uses", "mill,saws", "mill,lighting", "end_uses.csv line 3 repeats mill lighting of line 2"),
        ("end_uses", "mill,saws", "mill,", "end_uses.csv line 3, column 'end_use' is empty: a row needs it"),
        ("lines", "mill,1,3", "mill,2,3", "lines.csv, factory 'mill' has lines 0, 2: number them 0, 1, 2, …"),
        (
            "lines",
            "units_per_h",
            "units_per_hour",
            "lines.csv line 2, column 'units_per_hour' = '3': a line has no such parameter",
        ),
        ("factories", "mill,feeder_1", "mill,", "factories.csv line 2, column 'feeder' is empty: a site needs feeder"),
        ("factories", "roof_m2", "roof", "factories.csv line 2, column 'roof' = '900': a factory has no such parameter"),
        ("factories", "factory", "name", "factories.csv has no rows with column 'factory'"),
    ],
)
def test_what_is_wrong_with_a_row_or_a_header_is_said(tmp_path, table, old, new, said):
    text = {"factories": FACTORIES, "lines": LINES, "end_uses": END_USES_TABLE}[table]
    assert old in text

    with pytest.raises(DataError) as caught:
        read(tmp_path, **{table: text.replace(old, new, 1)})

    assert said in str(caught.value)


def test_a_factory_without_end_uses_is_refused(tmp_path):
    with pytest.raises(DataError, match="factory 'mill' has no end use: give it at least one row"):
        read(tmp_path, end_uses=END_USES_TABLE.splitlines()[0] + "\n")


def test_what_only_the_whole_row_can_tell_is_said_without_a_column(tmp_path):
    end_uses = "factory,end_use,type,carrier,useful_kw,flue_c,confidence\nmill,boiler,process_heat,coal,100,600,C\n"

    with pytest.raises(DataError, match=r"end_uses\.csv line 2 flue_c = 600: must be at most 450 °C for a boiler"):
        read(tmp_path, end_uses=end_uses)
