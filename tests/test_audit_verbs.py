"""``eipsim audit``."""

import csv
import io
from pathlib import Path

import pytest
import small_configs
from typer.testing import CliRunner

from eipsim import cli, composition


def audited(*words: object):
    return CliRunner().invoke(cli.app, ["audit", *(str(word) for word in words)])


@pytest.mark.slow
def test_the_audit_prints_a_table_and_a_sentence_for_each_finding_and_writes_them(tmp_path: Path):
    done = audited("--results", tmp_path)

    assert done.exit_code == 0, done.output
    written = {path.name for path in (tmp_path / "audit").rglob("*") if path.is_file()}
    assert written == {"findings.csv", "implied.csv", "manifest.json", "audit.png", "audit.svg"}
    rows = list(csv.DictReader(io.StringIO((tmp_path / "audit" / "implied.csv").read_text(encoding="utf-8"))))
    assert next(row for row in rows if row["set"].startswith("AMATA, 60"))["tco2_per_mwh"].startswith("0.8398")
    assert "programme, 37 enterprises, 2023-09-12: impossible" in done.stdout
    assert "needs factor 0.8458 of 2019 | CO2 and electricity: 5,820 t" in done.stdout


def test_figures_that_name_no_electricity_are_audited_without_a_slide(tmp_path: Path):
    claims = tmp_path / "mine.csv"
    head = "claim,date,park,scope,quantity,value,unit\n"
    claims.write_text(head + "a,2024-04,my park,60 implemented,CO2 avoided,1588,t/yr\n", encoding="utf-8")

    done = audited(claims, "--results", tmp_path)

    assert done.exit_code == 0, done.output
    assert {path.name for path in (tmp_path / "audit").rglob("*.*")} == {"findings.csv", "implied.csv", "manifest.json"}


def test_findings_can_be_had_as_csv():
    rows = list(csv.DictReader(io.StringIO(audited("--csv").stdout)))

    assert {row["verdict"] for row in rows} >= {"impossible", "consistent", "consistent only if"}
    assert any(row["claims"] == "hiepphuoc_co2 hiepphuoc_electricity" for row in rows)


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("nowhere.csv",), "nowhere.csv: there is no such file"),
        (("--trace", "amata_60_co"), "--trace amata_60_co: did you mean 'amata_60_co2'?"),
        (("--trace", "amata_area"), "--trace amata_area: nothing is simulated for it; traced can be amata_60_money"),
    ],
)
def test_a_mistake_is_told_without_a_traceback(words, message):
    done = audited(*words)

    assert done.exit_code == 2
    assert message in " ".join(done.stderr.split())


@pytest.mark.parametrize(
    ("claim", "words"),
    [
        ("amata_60_co2", ("S1", "0.8458 t/MWh of 2019", "not yet: `eipsim run`", "lighting_electricity")),
        ("amata_159_money", ("S3", "648/QD-BCT", "13,000 VND/m3", "this sum")),
        ("amata_60_lpg", ("47.3 GJ/t", "rows do nothing here")),
    ],
)
def test_a_figure_is_traced_to_rows_columns_and_factors(tmp_path: Path, monkeypatch, claim, words):
    configs = small_configs.write_small_configs(tmp_path)
    monkeypatch.setattr(composition, "configs_folder", lambda: configs)

    done = audited("--trace", claim, "--results", tmp_path)

    assert done.exit_code == 0, done.output
    assert [word for word in words if word not in done.stdout] == []
