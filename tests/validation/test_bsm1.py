"""The wastewater plant against the benchmark BSM1 of the IWA, recorded from bsm2-python (see record_bsm1.py)."""

import json
from pathlib import Path

import numpy as np
import pytest
from benches import bench
from toys import User

from eipsim.components import WastewaterPlant

RECORD = json.loads(Path(__file__).with_name("bsm1.json").read_text(encoding="utf-8"))
BENCHMARK = RECORD["open_loop"]["1"]
YEAR_H = 8760.0


def used_kwh(day):
    return day["aeration_kwh_per_d"] + day["pumping_kwh_per_d"] + day["mixing_kwh_per_d"]


def plant():
    """Blowers and recycles follow the flow, mixers do not; set at the benchmark's flow and nowhere else."""
    follows = BENCHMARK["aeration_kwh_per_d"] + BENCHMARK["pumping_kwh_per_d"]
    return WastewaterPlant(
        train_m3_per_h=600.0,
        treatment_kwh_per_m3=follows / BENCHMARK["flow_m3_per_d"],
        fixed_kw=BENCHMARK["mixing_kwh_per_d"] / 24,
        mtbf_h=np.inf,
    )


def year_at(flow_m3_per_d):
    """A year at a steady flow."""
    settings = {"profiles": {"calendar:work": np.ones(1)}, "step_h": YEAR_H}
    return bench(plant(), YEAR_H, User({}, {"equalised": flow_m3_per_d / 24}, place="plant"), **settings)


def test_the_record_is_the_benchmarks_published_steady_state():
    assert BENCHMARK["flow_m3_per_d"] == 18_446
    assert BENCHMARK["effluent_cod_g_per_m3"] == pytest.approx(47.55, abs=0.005)
    assert BENCHMARK["cod_removed_frac"] == pytest.approx(0.875, abs=0.0005)
    assert BENCHMARK["effluent_tss_g_per_m3"] == pytest.approx(12.497, abs=0.0005)
    assert BENCHMARK["effluent_snh_g_per_m3"] == pytest.approx(1.7333, abs=0.00005)
    assert BENCHMARK["effluent_sno_g_per_m3"] == pytest.approx(10.4152, abs=0.00005)
    assert used_kwh(BENCHMARK) / BENCHMARK["flow_m3_per_d"] == pytest.approx(0.2152, abs=0.00005)


def test_a_plant_set_to_the_benchmark_uses_its_electricity_in_a_year():
    run = year_at(18_446.0)

    assert run.amount(component="it", port="power") == pytest.approx(1_448_888, rel=0.001)
    assert run.amount(component="it", port="inflow") == pytest.approx(18_446 * 365, rel=1e-9)


@pytest.mark.parametrize("load", ["0.7", "1.3"])
def test_at_other_flows_it_uses_what_a_plant_uses_that_holds_its_oxygen(load):
    day = RECORD["follows_load"][load]

    run = year_at(day["flow_m3_per_d"])

    assert run.amount(component="it", port="power") / 365 == pytest.approx(used_kwh(day), rel=0.01)


def test_a_plant_that_is_never_adjusted_uses_the_same_at_every_flow_and_is_not_ours():
    days = RECORD["open_loop"]

    assert used_kwh(days["0.7"]) == used_kwh(days["1"]) == used_kwh(days["1.3"])
    assert year_at(days["0.7"]["flow_m3_per_d"]).amount(port="power") / 365 < 0.75 * used_kwh(days["0.7"])
