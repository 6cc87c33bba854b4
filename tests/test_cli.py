"""The command line: what it prints, writes and answers, and how it takes mistakes."""

import csv
import io
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from small_configs import write_small_configs
from typer.testing import CliRunner

from eipsim import cli, composition, screen, sweep, work
from eipsim.errors import ShortageError
from eipsim.plots import slides

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[1]
BASE_SOLAR = ("baseline", "solar_kwh")
WEEK = ["context.hours=168", "experiment.replications=2", "compute.workers=1"]
DAY = ["context.hours=24", "experiment.replications=1", "experiment.alone_replications=0", "compute.workers=1"]


@pytest.fixture(scope="module")
def small_configs(tmp_path_factory):
    return write_small_configs(tmp_path_factory.mktemp("small"))


@pytest.fixture
def small(small_configs, monkeypatch):
    """Choose the small park, and draw one figure that costs nothing."""
    monkeypatch.setattr(composition, "configs_folder", lambda: small_configs)
    monkeypatch.setattr(slides, "draw_slides", lambda results: {"note": results.experiment})
    monkeypatch.setattr(slides, "encode_slides", lambda drawn: {f"{name}.svg": text.encode() for name, text in drawn.items()})


@pytest.fixture(scope="module")
def finished(small_configs, tmp_path_factory):
    """Run the small experiment once; return its folder and what was printed."""
    folder = tmp_path_factory.mktemp("results")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(composition, "configs_folder", lambda: small_configs)
        done = CliRunner().invoke(cli.app, ["run", *WEEK, "--results", str(folder)])
    return folder, done


def invoke(*arguments):
    return CliRunner().invoke(cli.app, [str(argument) for argument in arguments])


def test_a_run_prints_savings_years_and_the_files_it_wrote(finished):
    folder, done = finished

    assert done.exit_code == 0, done.output
    for words in ("Savings of implemented_60: 2 measures", "Years as they were", "balance_residual_frac", "not simulated yet"):
        assert words in done.stdout
    assert "95 % interval (chance only, inputs fixed)" in " ".join(done.stdout.split())
    assert "Synthetic catalogue: no row describes a real firm." in done.stdout
    written = [path for path in (folder / "recp_savings").rglob("*") if path.is_file()]
    assert {"claims.csv", "savings.csv", "kpis.parquet", "manifest.json", "savings.png", "savings.svg"} <= {
        p.name for p in written
    }
    assert all(str(path) in done.stdout for path in written)


def test_what_is_written_elsewhere_than_on_a_terminal_is_plain(finished):
    _, done = finished

    assert "\x1b" not in done.output
    assert "recp_savings: 8 of 8 runs done" in done.stderr


@pytest.mark.usefixtures("small")
def test_a_second_run_reads_what_is_there(finished):
    folder, first = finished
    before = {path: path.stat().st_mtime_ns for path in (folder / "runs").rglob("unit.json.gz")}

    again = invoke("run", *WEEK, "--results", folder)

    assert again.stdout.split("Synthetic catalogue")[0] == first.stdout.split("Synthetic catalogue")[0]
    assert {path: path.stat().st_mtime_ns for path in (folder / "runs").rglob("unit.json.gz")} == before


@pytest.mark.usefixtures("small")
def test_a_sweep_writes_one_result_for_each_value(tmp_path):
    done = invoke("run", "-m", *DAY, "experiment.seed=1,2", "--results", tmp_path)

    assert done.exit_code == 0, done.output
    assert sorted(path.parent.name for path in tmp_path.glob("*/manifest.json")) == [
        "recp_savings,by experiment_seed",
        "recp_savings,seed=1",
        "recp_savings,seed=2",
    ]
    assert "1 of 2: experiment.seed=1" in done.stdout


@pytest.mark.usefixtures("small")
def test_a_sweep_ends_with_one_table_over_its_variants(tmp_path):
    swept = ["park.solar_kwp=0,400", "context.date=2022-01-01,2026-07-01"]

    done = invoke("run", "-m", *DAY, *swept, "--results", tmp_path)

    assert done.exit_code == 0, done.output
    assert "4 variants: 12 of 12 runs done" in done.stderr
    assert "3 of 3 runs done" not in done.stderr
    assert re.search(r"^ 2026-07-01 +400 +implemented_60 ", done.stdout, flags=re.MULTILINE)
    assert "e-1" not in done.stdout
    rows = list(csv.DictReader(io.StringIO((tmp_path / "recp_savings,by date solar_kwp/comparison.csv").read_text())))
    solar = {(row["date"], row["solar_kwp"]): float(row["mean"]) for row in rows if (row["scenario"], row["kpi"]) == BASE_SOLAR}
    assert list(solar) == [("2022-01-01", "0"), ("2026-07-01", "0"), ("2022-01-01", "400"), ("2026-07-01", "400")]
    assert solar["2022-01-01", "0"] == 0
    assert solar["2022-01-01", "400"] > 300
    assert "The variants side by side" in done.stdout
    asked = invoke("results", "query", "SELECT DISTINCT solar_kwp, date FROM kpis ORDER BY ALL", "--csv", "--results", tmp_path)
    assert asked.stdout == "solar_kwp,date\n0,2022-01-01\n0,2026-07-01\n400,2022-01-01\n400,2026-07-01\n"


def test_an_experiment_can_declare_its_sweep(tmp_path, small_configs, monkeypatch):
    configs = tmp_path / "configs"
    shutil.copytree(small_configs, configs)
    text = (
        (configs / "experiment" / "recp_savings.yaml").read_text(encoding="utf-8").replace("name: recp_savings", "name: dates")
    )
    declared = text + "sweep:\n  context.date: [2022-01-01, 2026-07-01]\n  experiment.seed: [1, 2]\n"
    (configs / "experiment" / "dates.yaml").write_text(declared, encoding="utf-8")
    monkeypatch.setattr(composition, "configs_folder", lambda: configs)

    found = sweep.load_sweep(["experiment=dates", "experiment.seed=5"], multirun=False)

    assert [variant.text for variant in found] == ["context.date=2022-01-01", "context.date=2026-07-01"]
    assert [variant.plan.settings.seed for variant in found] == [5, 5]
    assert found[0].plan.park is found[1].plan.park


def test_variants_share_what_they_have_in_common(small_configs, monkeypatch):
    monkeypatch.setattr(composition, "configs_folder", lambda: small_configs)

    one, other = (variant.plan for variant in sweep.load_sweep(["experiment.seed=1,2"]))

    assert one.park is other.park
    assert one.scenarios["all_159"].measures is other.scenarios["all_159"].measures


@pytest.mark.usefixtures("small")
@pytest.mark.parametrize(
    ("flag", "told"),
    [
        ("-q", ""),
        ("-v", "baseline, replication 0: "),
        ("--log-json", '{"level": "info", "message": "baseline, replication 0: '),
    ],
)
def test_as_much_is_told_as_was_asked_for(flag, told, tmp_path):
    done = invoke("run", flag, *DAY, "--results", tmp_path)

    assert done.exit_code == 0, done.output
    if told:
        assert done.stderr.startswith(told)
        assert len(done.stderr.splitlines()) == 3
    else:
        assert done.output == ""


@pytest.mark.usefixtures("small")
def test_a_run_that_fails_ends_it_or_is_left_out_and_named(tmp_path, monkeypatch):
    real = work.do

    def fail(unit):
        if unit.label == "all_159, replication 1":
            raise ShortageError("nothing to share")
        return real(unit)

    monkeypatch.setattr(work, "do", fail)

    stopped = invoke("run", *DAY, "experiment.replications=3", "--results", tmp_path)
    gone_on = invoke("run", *DAY, "experiment.replications=3", "compute.on_error=continue", "--results", tmp_path)
    failures = invoke("results", "query", "SELECT label, message FROM failures", "--csv", "--results", tmp_path)

    assert stopped.exit_code == screen.MISTAKE
    assert "all_159, replication 1 failed: nothing to share" in stopped.stderr
    assert gone_on.exit_code == 0, gone_on.output
    assert "1 runs failed and are left out, the first: all_159, replication 1: nothing to share" in gone_on.stdout
    assert failures.stdout == 'label,message\n"all_159, replication 1",nothing to share\n'


@pytest.mark.usefixtures("small")
def test_a_launcher_of_hydra_is_answered_with_our_word():
    assert "hydra/launcher=ray: sets Hydra itself, which eipsim uses for composing only: write compute=ray" in " ".join(
        invoke("run", "-m", "hydra/launcher=ray").stderr.split()
    )


@pytest.mark.usefixtures("small")
def test_a_record_is_accepted_reproduced_and_differences_are_named(tmp_path, monkeypatch):
    short = sweep.load_sweep(DAY, multirun=False)
    monkeypatch.setattr(sweep, "load_sweep", lambda overrides, multirun: short)

    accepted = invoke("reproduce", "--accept", "--results", tmp_path)
    same = invoke("reproduce", "--results", tmp_path)
    table = tmp_path / "record" / "recp_savings" / "savings.csv"
    table.write_text(
        table.read_text(encoding="utf-8").replace("all_159,water_assessed_m3", "all_159,rain_m3"), encoding="utf-8"
    )
    different = invoke("reproduce", "--results", tmp_path)

    assert (accepted.exit_code, same.exit_code, different.exit_code) == (0, 0, 1), accepted.output + same.output
    assert "Accepted as the record of recp_savings." in accepted.stdout
    assert "is reproduced" in same.stdout
    assert "savings.csv, all_159 rain_m3: recorded, and missing now" in different.stdout
    assert "2 differences" in different.stdout


@pytest.mark.usefixtures("small")
def test_reproducing_without_a_record_says_how_to_make_one(tmp_path, monkeypatch):
    short = sweep.load_sweep(DAY, multirun=False)
    monkeypatch.setattr(sweep, "load_sweep", lambda overrides, multirun: short)

    done = invoke("reproduce", "--results", tmp_path)

    assert done.exit_code == screen.MISTAKE
    assert "write it with `eipsim reproduce --accept`" in done.stderr


@pytest.mark.parametrize(
    ("overrides", "said"),
    [
        (["experiment=recp_saving"], "did you mean 'recp_savings'?"),
        (["experiment.replications=0"], "experiment.replications = 0: must be greater than or equal to 1"),
        (["experiment.replications=ten"], "experiment.replications = 'ten': must be an integer or 'auto'"),
        (
            ["compute.workers=many"],
            "What was asked for has 1 problem:\n  compute.workers = 'many': must be an integer or 'auto'",
        ),
        (["experiment.replications"], "is not an override"),
        (["park.components.tank.capacity_m3=-3"], "park.components.tank.capacity_m3 = -3: must be greater than 0"),
        (["park.components.river.type=rivver"], "park.components.river.type = 'rivver': did you mean 'river'?"),
        (["+park.components.tank.colour=red"], "park.components.tank.colour is unknown"),
        (["park.factories.lines=nowhere/lines.csv"], "there is no such file"),
        (["experiment.scenarios.all_159.measures.catalogue=no.csv"], "there is no such file"),
        (["experiment.scenarios.all_159.measures.without=[S9]"], "'S9' is no measure of amata_159.csv"),
        (["experiment.scenarios.all_159.measures.status=[planned]"], "must be 'implemented' or 'proposed'"),
        (["context.date=yesterday"], "context.date = 'yesterday'"),
        (["context.hours=-1"], "context.hours = -1: must be greater than 0"),
        (["context.step_h=0.7"], "must be one of 0.25, 0.5, 1"),
        (["compute.workers=0"], "compute.workers"),
        (["experiment.record=[nobody.nothing]"], "nobody.nothing"),
        (["experiment.alone_replications=20"], "alone_replications"),
        (["+rain=heavy"], "rain is unknown"),
        (["experiment.seed=1,2"], "add -m"),
        (["experiment.type=guess"], "experiment.type = 'guess'"),
        (["park.calendars.one_shift.days_per_week=8"], "must be 5, 6 or 7"),
        (["park=3"], "there is no configs/park/3.yaml"),
        (["park.components=3"], "park.components"),
        (["experiment.scenarios.baseline=3"], "must be a mapping"),
        (["~experiment.scenarios.baseline"], "have no 'baseline'"),
        (["~experiment.seed"], "experiment.seed is missing"),
    ],
)
@pytest.mark.usefixtures("small")
def test_a_mistake_is_told_on_one_screen_without_traceback(overrides, said, tmp_path):
    done = invoke("run", *overrides, "--results", tmp_path)

    assert done.exit_code == screen.MISTAKE, done.output
    assert said in done.stderr
    assert "Traceback" not in done.output
    assert not list(tmp_path.iterdir())


@pytest.mark.usefixtures("small")
def test_mistakes_of_all_kinds_are_told_together():
    done = invoke("run", "experiment.sed=3", "context.hours=-1", "park.components.tank.capacity_m3=-3", "context=amata_2023")

    assert [line.split(":")[0].split(" = ")[0].strip() for line in done.stderr.splitlines()] == [
        "What was asked for has 4 problems",
        "context=amata_2023",
        "experiment.sed=3",
        "park.components.tank.capacity_m3",
        "context.hours",
    ]


def test_help_names_the_verbs():
    done = invoke("--help")

    assert done.exit_code == 0
    assert {"run", "reproduce"} <= set(done.stdout.split())


def test_an_unknown_verb_is_answered_with_the_nearest():
    done = invoke("rnu")

    assert done.exit_code == screen.MISTAKE
    assert "Did you mean 'run'?" in done.stderr


def test_the_version_is_shown():
    assert invoke("--version").stdout.startswith("eipsim ")


@pytest.mark.slow
def test_ctrl_c_says_what_is_kept_and_the_next_run_goes_on(small_configs, tmp_path):
    script = (
        "import signal; signal.signal(signal.SIGINT, signal.default_int_handler); "  # a job in the background ignores it
        "from pathlib import Path; from eipsim import cli, composition; "
        f"composition.configs_folder = lambda: Path({str(small_configs)!r}); cli.main()"
    )
    arguments = ["run", "experiment.replications=40", "compute.workers=2", "--results", str(tmp_path)]
    process = subprocess.Popen(
        [sys.executable, "-c", script, *arguments], stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)}, start_new_session=True,
    )  # fmt: skip
    deadline = time.monotonic() + 120
    while not list(tmp_path.glob("runs/*/unit.json.gz")) and time.monotonic() < deadline and process.poll() is None:
        time.sleep(0.1)
    os.killpg(process.pid, signal.SIGINT)
    _, told = process.communicate(timeout=120)

    assert process.returncode == screen.INTERRUPTED, told
    assert "runs are kept. The same command goes on from there." in " ".join(told.split())
    assert "Traceback" not in told
    assert list(tmp_path.glob("runs/*/unit.json.gz"))
