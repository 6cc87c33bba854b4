"""The verb `results`, as a user types it."""

import csv
import io
import json
import re
import zipfile

import openpyxl
import pyarrow.parquet as pq
import pytest
from small_configs import write_small_configs
from typer.testing import CliRunner

from eipsim import cli, composition, screen
from eipsim.plots import slides
from eipsim.store import stored_keys

pytestmark = pytest.mark.slow

DAY = ["context.hours=24", "experiment.replications=2", "experiment.alone_replications=1", "compute.workers=1"]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Run the small experiment twice with different seeds and names."""
    configs = write_small_configs(tmp_path_factory.mktemp("small"))
    folder = tmp_path_factory.mktemp("results")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(composition, "configs_folder", lambda: configs)
        patch.setattr(slides, "draw_slides", lambda results: {})
        patch.setattr(slides, "encode_slides", lambda drawn: {"note.svg": b"<svg/>"})
        for name, seed in (("one", 1), ("two", 2)):
            done = CliRunner().invoke(
                cli.app, ["run", *DAY, f"experiment.name={name}", f"experiment.seed={seed}", "--results", str(folder)]
            )
            assert done.exit_code == 0, done.output
        yield folder


def invoke(folder, *arguments):
    return CliRunner().invoke(cli.app, ["results", *map(str, arguments), "--results", str(folder)])


def manifest(folder, name="one"):
    return json.loads((folder / name / "manifest.json").read_text(encoding="utf-8"))


def test_every_result_is_listed(folder):
    done = invoke(folder, "list")

    assert done.exit_code == 0, done.output
    assert f"one     {manifest(folder)['hash'][:8]}" in done.stdout
    assert "16 runs stored, 0 failed" in " ".join(done.stdout.split())


def test_a_table_over_a_sweep_has_no_code_of_its_own(tmp_path):
    (tmp_path / "one,by seed").mkdir()
    (tmp_path / "one,by seed" / "manifest.json").write_text('{"experiment": "one", "hash": "0123456789"}', encoding="utf-8")

    done = invoke(tmp_path, "list")

    assert re.search(r"one,by seed +01234567 +– +– +–", done.stdout), done.output


def test_a_result_shows_what_made_it(folder):
    done = invoke(folder, "show", "one")

    assert manifest(folder)["code"] in done.stdout
    assert "context.hours" in done.stdout
    assert "figures/note.svg" in " ".join(done.stdout.split())


def test_a_run_shows_how_it_went(folder):
    done = invoke(folder, "show", manifest(folder)["units"]["all_159"][1][:10])

    assert "all_159, replication 1" in done.stdout
    assert "settlements_per_s" in done.stdout


def test_a_question_is_answered_as_a_table_and_as_csv(folder):
    sql = "SELECT experiment, seed, count(*) AS n FROM experiments GROUP BY ALL ORDER BY ALL"

    table, text = invoke(folder, "query", sql), invoke(folder, "query", sql, "--csv")

    assert "2 rows" in table.stdout
    assert text.stdout == "experiment,seed,n\none,1,1\ntwo,2,1\n"


def test_a_difference_names_the_configuration_first(folder):
    done = invoke(folder, "diff", "one", "two")

    lines = [line.split() for line in done.stdout.splitlines() if line.strip()]
    assert ["experiment.seed", "1", "2"] in lines
    assert done.stdout.index("experiment.seed") < done.stdout.index("co2_park_t")


def test_a_result_does_not_differ_from_itself(folder):
    done = " ".join(invoke(folder, "diff", "one", "one").stdout.split())

    assert "They were asked the same and made by the same." in done
    assert "All KPIs of common scenarios are equal." in done


@pytest.mark.parametrize("kind", ["units", "alone_units"])
def test_a_run_gives_the_same_bytes_again(folder, kind):
    units = manifest(folder)[kind]
    key = units["implemented_60"][0] if kind == "units" else units[1][0]

    done = invoke(folder, "rerun", key[:12])

    assert done.exit_code == 0, done.output
    assert "of one: the same bytes in" in done.stdout


def test_a_run_that_comes_out_differently_is_told(folder, tmp_path):
    key = manifest(folder, "two")["units"]["baseline"][1]
    path = folder / "runs" / key / "unit.json.gz"
    data = path.read_bytes()
    path.write_bytes(data + b"\0")

    done = invoke(folder, "rerun", key)
    path.write_bytes(data)

    assert done.exit_code == 1
    assert "unit.json.gz: other bytes now" in done.stdout
    assert "came out differently" in done.stdout


def test_a_run_of_other_code_says_what_changed(folder, monkeypatch):
    from eipsim import replication, rerun
    from eipsim.store import maker_of_now

    now = maker_of_now()
    monkeypatch.setattr(replication, "code_fingerprint", lambda: "other")
    monkeypatch.setattr(rerun, "maker_of_now", lambda: now._replace(files={**now.files, "carriers.py": "0"}))

    done = invoke(folder, "rerun", manifest(folder)["units"]["baseline"][0])

    assert done.exit_code == screen.MISTAKE
    assert "is stale (carriers.py changed): go back to commit" in done.stderr


def test_a_run_whose_tables_changed_is_told(folder, monkeypatch):
    from eipsim import replication

    monkeypatch.setattr(replication, "described", lambda scenario, known: "another")

    done = invoke(folder, "rerun", manifest(folder)["units"]["baseline"][0])

    assert "describes another run now: a table or catalogue that it names has changed since" in done.stderr


def test_runs_that_are_not_known_are_told(folder):
    assert "holds no run 12345678" in invoke(folder, "rerun", "12345678").stderr


def test_a_run_without_a_result_can_not_be_done_again(tmp_path):
    from eipsim.store import write_unit

    write_unit(tmp_path, "abcdef", {})

    assert "no result was made of it" in invoke(tmp_path, "rerun", "abcd").stderr


def test_tables_are_exported_with_a_dictionary_that_explains_every_column(folder, tmp_path):
    done = invoke(folder, "export", "one", "--to", "csv", "--out", tmp_path)

    assert done.exit_code == 0, done.output
    texts = {path.stem: path.read_text(encoding="utf-8") for path in (tmp_path / "one").glob("*.csv")}
    tables = {name: list(csv.DictReader(io.StringIO(text))) for name, text in texts.items() if name != "dictionary"}
    explained = {(row["table"], row["column"]): row["meaning"] for row in csv.DictReader(io.StringIO(texts["dictionary"]))}
    assert all(explained[name, column] for name, rows in tables.items() if rows for column in rows[0])
    assert {row["kpi"] for row in tables["kpis"]} <= {row["kpi"] for row in tables["kpi_dictionary"]}
    assert len(tables["runs"]) == 8


def test_parquet_holds_the_same_numbers(folder, tmp_path):
    invoke(folder, "export", "one", "--to", "parquet", "--out", tmp_path)

    exported, own = pq.read_table(tmp_path / "one" / "kpis.parquet"), pq.read_table(folder / "one" / "kpis.parquet")
    assert str(exported["value"].to_pylist()) == str(own["value"].to_pylist())


def test_a_workbook_has_a_page_for_each_table(folder, tmp_path):
    invoke(folder, "export", "one", "--to", "xlsx", "--out", tmp_path)

    book = openpyxl.load_workbook(tmp_path / "one.xlsx")
    assert {"about", "claims", "savings", "kpis", "dictionary", "kpi_dictionary"} <= set(book.sheetnames)
    page = book["savings"]
    assert [cell.value for cell in page[1]][:3] == ["scenario", "kpi", "unit"]
    assert isinstance(page["F2"].value, float)
    assert book["about"]["A2"].value == "Synthetic catalogue: no row describes a real firm."


def test_a_supplement_has_everything_and_the_same_bytes_each_time(folder, tmp_path):
    for name in ("a", "b"):
        invoke(folder, "export", "one", "--out", tmp_path / name)

    archives = [zipfile.ZipFile(io.BytesIO((tmp_path / name / "one.zip").read_bytes())) for name in ("a", "b")]
    names = set(archives[0].namelist())
    assert {"one/README.txt", "one/config.json", "one/manifest.json", "one/csv/dictionary.csv", "one/figures/note.svg"} <= names
    assert {f"one/runs/{key}.json.gz" for own in manifest(folder)["units"].values() for key in own} <= names
    for name in names - {"one/one.xlsx"}:
        assert archives[0].read(name) == archives[1].read(name)
    assert "hash of the results: " + manifest(folder)["hash"] in archives[0].read("one/README.txt").decode()


def test_an_export_replaces_no_file(folder, tmp_path):
    (tmp_path / "one.xlsx").write_text("mine", encoding="utf-8")

    done = invoke(folder, "export", "one", "--to", "xlsx", "--out", tmp_path)

    assert done.exit_code == screen.MISTAKE
    assert "one.xlsx is there already" in " ".join(done.stderr.split())
    assert (tmp_path / "one.xlsx").read_text(encoding="utf-8") == "mine"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["export", "one", "--to", "xls"], "did you mean 'xlsx'"),
        (["export", "three"], "holds no result"),
        (["show", "thre"], "holds no result"),
        (["query", "SELECT"], "can't be answered"),
    ],
)
def test_mistakes_are_told_without_traceback(folder, arguments, said):
    done = invoke(folder, *arguments)

    assert done.exit_code == screen.MISTAKE
    assert said in done.stderr


def test_clearing_away_first_says_what_would_go(tmp_path, folder):
    from eipsim.store import write_unit

    write_unit(tmp_path, "abcdef", {})

    asked, done = invoke(tmp_path, "prune"), invoke(tmp_path, "prune", "--yes", "--unused")

    assert "Would go: 1 stale runs, 0 ruins" in asked.stdout
    assert "Gone: 1 stale runs, 0 ruins, 0 unused" in done.stdout
    assert stored_keys(tmp_path) == []
    assert len(stored_keys(folder)) == 16


def test_a_result_that_can_not_be_exported_says_so(tmp_path):
    (tmp_path / "draw").mkdir()
    (tmp_path / "draw" / "manifest.json").write_text('{"draw": 1}', encoding="utf-8")

    assert "has no table of KPIs" in invoke(tmp_path, "export", "draw").stderr
