"""The priors of a synthetic catalogue are read as kinds of measures."""

import pytest

from eipsim.errors import DataError
from eipsim.measures import MEASURES, SupplierMeasure
from eipsim.readers.measure_cost_table import read_measure_costs
from eipsim.readers.measure_option_table import read_measure_options

HEADER = "option,type,recp_category,rows,size_median_frac,size_sigma,adoption_frac,parameters\n"


def read(folder, *lines):
    path = folder / "options.csv"
    path.write_text(HEADER + "\n".join(lines) + "\n", encoding="utf-8")
    return read_measure_options(path)


def test_packaged_options_make_159_rows_of_types_that_have_a_cost():
    options = read_measure_options()

    assert sum(option.rows for option in options) == 159
    assert set(MEASURES) == set(read_measure_costs())
    not_drawn = {"air_nozzles", "chemical_saving", "heat_exchange", "power_factor_correction"}
    not_drawn |= {kind for kind, measure in MEASURES.items() if issubclass(measure, SupplierMeasure)}
    assert {option.type for option in options} == set(MEASURES) - not_drawn, (
        "needs loads, two end uses, a low power factor or a supplier, or came after the catalogue"
    )


def test_packaged_options_keep_to_the_shares_of_categories_that_were_written_down():
    written = {
        "good_housekeeping": 0.30,
        "process_control": 0.17,
        "equipment_modification": 0.20,
        "technology_change": 0.14,
        "on_site_recovery": 0.10,
        "input_material_change": 0.05,
    }

    rows = {name: sum(o.rows for o in read_measure_options() if o.recp_category == name) for name in written}

    assert {name: share / 159 for name, share in rows.items()} == pytest.approx(written, abs=0.05)


def test_parameters_are_numbers_where_they_are_written_as_numbers(tmp_path):
    (option,) = read(tmp_path, "a,efficient_motor,technology_change,3,0.2,1.5,0.2,motor_kw=15 new_class=IE3")

    assert option.values() == {"motor_kw": 15.0, "new_class": "IE3"}


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("a,air_leaks,good_housekeeping,-1,0.2,1.5,0.2,", "rows must be 0 or more"),
        ("a,air_leaks,good_housekeeping,1,1.2,1.5,0.2,", r"size_median_frac in \(0, 1\]"),
        ("a,air_leaks,good_housekeeping,1,0.2,0,0.2,", r"size_sigma in \(0, 3\]"),
        ("a,air_leaks,good_housekeeping,1,0.2,1.5,1,", "adoption_frac = 1 must be from 0 to below 1"),
        ("a,air_leaks,good_housekeeping,1,0.2,1.5,0.2,motor_kw", "parameters 'motor_kw' must be written name=value"),
        ("a,air_leaks,good_housekeeping,one,0.2,1.5,0.2,", "line 2, column 'rows' = 'one': must be a whole number"),
    ],
)
def test_an_option_that_makes_no_sense_is_refused(tmp_path, line, said):
    with pytest.raises(DataError, match=said):
        read(tmp_path, line)


def test_an_option_that_stands_twice_is_refused(tmp_path):
    line = "a,air_leaks,good_housekeeping,1,0.2,1.5,0.2,"

    with pytest.raises(DataError, match="an option stands in more than one line"):
        read(tmp_path, line, line)
