"""``eipsim bottlenecks`` and ``eipsim headroom``."""

import csv
import math

import pytest
import small_configs
from typer.testing import CliRunner

from eipsim import cli, composition
from eipsim.kpis import KPIS
from eipsim.results import read_results


def asked(folder, *words):
    return CliRunner().invoke(cli.app, [*words, "--results", str(folder)])


@pytest.mark.parametrize("verb", ["bottlenecks", "headroom"])
def test_an_experiment_that_was_not_run_is_told_without_a_traceback(tmp_path, verb):
    done = asked(tmp_path, verb, "recp_saving")

    assert done.exit_code == 2
    assert "holds no results: run `eipsim run experiment=recp_saving`" in " ".join(done.stderr.split())


@pytest.mark.slow
def test_both_are_told_of_what_was_run(tmp_path, monkeypatch):
    configs = small_configs.write_small_configs(tmp_path)
    monkeypatch.setattr(composition, "configs_folder", lambda: configs)
    few = ["context.hours=336", "experiment.replications=2", "experiment.alone_replications=0", "compute=local"]
    run = asked(tmp_path, "run", *few)
    assert run.exit_code == 0, run.output

    lost, spare = asked(tmp_path, "bottlenecks"), asked(tmp_path, "headroom", "--language", "vi")
    wrong = asked(tmp_path, "bottlenecks", "--scenario", "all_195")

    assert (lost.exit_code, spare.exit_code, wrong.exit_code) == (0, 0, 2), lost.output + spare.output
    assert "--scenario all_195: did you mean 'all_159'?" in " ".join(wrong.stderr.split())
    found = read_results("recp_savings", tmp_path)
    totals = [row.value for row in found.kpis if (row.scenario, row.kpi) == ("baseline", "lost_production_park_h")]
    assert len(totals) == 2
    assert "lost_production_park_h" in KPIS
    booked = math.fsum(row.lost_h for row in found.lost_hours if row.scenario == "baseline")
    assert booked == pytest.approx(math.fsum(totals) / 2, rel=1e-12)
    with (tmp_path / "headroom" / "rooms.csv").open(encoding="utf-8") as file:
        rooms = {(row["scenario"], row["limit"]): row for row in csv.DictReader(file)}
    assert float(rooms["baseline", "plant"]["capacity"]) == pytest.approx(3 * 167 * 24)
    assert float(rooms["all_159", "plant"]["used"]) > 0
    assert (tmp_path / "headroom" / "figures" / "headroom_vi.png").stat().st_size > 10_000
