"""``eipsim catalogue``."""

import pytest
import small_configs
from openpyxl import load_workbook
from typer.testing import CliRunner

from eipsim import cli, composition
from eipsim.config import load_scenario


@pytest.fixture
def small(tmp_path, monkeypatch):
    configs = small_configs.write_small_configs(tmp_path)
    monkeypatch.setattr(composition, "configs_folder", lambda: configs)
    return configs / "measures" / "amata_159.csv"


def asked(*words):
    return CliRunner().invoke(cli.app, ["catalogue", *(str(word) for word in words)])


def told(done):
    return " ".join(done.output.split())


def test_categories_are_counted_and_summed(small):
    done = asked("show", small)

    assert done.exit_code == 0, done.output
    assert "equipment_modification 2 1" in told(done)
    assert "all 3 2" in told(done)


def test_measures_are_listed_with_their_codes(small, tmp_path):
    coded = tmp_path / "coded.xlsx"
    assert asked("convert", small, "--to", coded, "--codes").exit_code == 0

    assert "S2 candles compressed_air air_leaks 2.4236 implemented" in told(asked("show", coded, "--rows"))


def test_a_catalogue_goes_to_excel_and_back_byte_by_byte(small, tmp_path):
    there, back = tmp_path / "there.xlsx", tmp_path / "back.csv"

    done = asked("convert", small, "--to", there)
    asked("convert", there, "--to", back)

    assert "3 rows, 19 columns, and every cell reads back the same." in told(done)
    assert back.read_bytes() == small.read_bytes()


def test_a_workbook_says_what_its_columns_mean(small, tmp_path):
    asked("convert", small, "--to", tmp_path / "mine.xlsx", "--codes")

    page = load_workbook(tmp_path / "mine.xlsx")["columns"]
    told_of = {row[0]: row[1:] for row in page.iter_rows(values_only=True)}

    assert told_of["capital_vnd"][:2] == ("VND", "always")
    assert told_of["end_use"][1] == "may be empty"
    assert "air_leaks" in told_of["type"][2]
    assert told_of["arc_code"][1] == "by no measure"


def test_codes_that_are_there_are_kept(small, tmp_path):
    small.write_text(small.read_text(encoding="utf-8").replace("end_use,", "end_use,arc_code,", 1), encoding="utf-8")
    lines = small.read_text(encoding="utf-8").splitlines()
    own = [lines[0], lines[1].replace("lighting,", "lighting,2.7124,", 1), *(x.replace("air,", "air,,", 1) for x in lines[2:3])]
    small.write_text("\n".join(own) + "\n", encoding="utf-8")

    asked("convert", small, "--to", tmp_path / "coded.csv", "--codes")

    coded = (tmp_path / "coded.csv").read_text(encoding="utf-8")
    assert "lighting,2.7124,lighting_led" in coded
    assert "compressed_air,2.4236,air_leaks" in coded


def test_a_catalogue_that_fits_is_told_to(small):
    done = asked("check", small)

    assert done.exit_code == 0, done.output
    assert '3 measures in 2 factories, 2 of them implemented. All fit park "small".' in told(done)


def test_all_problems_are_told_with_exit_code_2(small):
    text = small.read_text(encoding="utf-8").replace("S3,cosmetics", "S3,cosmetic").replace("air_leaks", "air_leak")
    small.write_text(text.replace(",0.5,", ',"0,5",'), encoding="utf-8")

    done = asked("check", small)

    assert done.exit_code == 2
    assert "has 3 problems" in told(done)
    assert "row S1, column size = '0,5': must be a number with a decimal point: write 0.5" in told(done)
    assert "row S2, column type = 'air_leak': did you mean 'air_leaks'?" in told(done)
    assert "row S3, column factory = 'cosmetic': Park \"small\" has no factory 'cosmetic': did you mean 'cosmetics'?" in told(
        done
    )


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("--to", "a.pdf"), "--to a.pdf: must end in .xlsx or .csv"),
        (("--to", "nowhere/a.csv"), "there is no folder nowhere"),
        (("--to", "{here}"), "is there already: choose another name, or add --force"),
    ],
)
def test_a_file_that_can_t_be_written_is_refused(small, words, message):
    done = asked("convert", small, *(word.format(here=small) for word in words))

    assert done.exit_code == 2
    assert message in told(done)


def test_scenarios_take_their_measures_from_excel(small, tmp_path):
    asked("convert", small, "--to", tmp_path / "mine.xlsx")
    taken = f"experiment.scenarios.all_159.measures.catalogue={tmp_path}/mine.xlsx"

    scenario = load_scenario([taken], "all_159")

    assert [(one.id, one.size) for one in scenario.measures] == [("S1", 0.5), ("S2", 0.3), ("S3", 0.8)]
