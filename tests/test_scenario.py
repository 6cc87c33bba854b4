import dataclasses

import numpy as np
import pytest
from benches import MONDAY, batch_line, context, small_park

from eipsim.components import Crew
from eipsim.context import Context
from eipsim.end_uses import Lighting, Motors
from eipsim.errors import ConfigError, ParkError
from eipsim.scenario import Scenario, prepare, profile_names, simulate


def scenario(park=None, hours=336.0, **parts):
    return Scenario("it", park or small_park(), context(hours, parts.pop("share_frac", 0.0)), **parts)


@dataclasses.dataclass(frozen=True)
class Dim:
    """A measure that halves the lighting of a factory, and notes who came before."""

    id: str
    factory: str = "factory_0"

    def apply(self, park):
        use = park.end_use(self.factory, "lighting")
        return park.replace_end_use(self.factory, "lighting", dataclasses.replace(use, installed_kw=use.installed_kw / 2))


def used(run, component="factory_0"):
    return {c.port: run.amount(component=component, port=c.port) for c in run.columns if c.component == component}


def test_every_balance_closes_over_two_weeks():
    run = simulate(scenario(small_park().add_solar("factory_0", 400.0), share_frac=0.2))

    assert run.residual < 1e-9
    assert run.amount(component="meter_factory_0", port="export") > 0


def test_a_run_leaves_its_scenario_as_it_was_and_repeats_to_the_bit():
    it = scenario()
    before = repr(it)

    one, other = simulate(it), simulate(it)

    assert repr(it) == before
    assert np.array_equal(one.amounts, other.amounts)
    assert one.events == other.events


def test_declaration_order_changes_nothing():
    park = small_park()
    turned = dataclasses.replace(park, components=dict(reversed(park.components.items())))

    assert np.array_equal(simulate(scenario(park)).amounts, simulate(scenario(turned)).amounts)


def test_replications_and_seeds_differ():
    runs = [simulate(scenario(), replication=r, seed=s) for r, s in ((0, 1), (1, 1), (0, 2))]

    outputs = {run.amount(component="factory_0", port="output_0") for run in runs}
    assert len(outputs) == 3


def test_a_new_component_changes_nobodys_random_draws():
    park = small_park()

    alone, joined = simulate(scenario(park)), simulate(scenario(park.add_solar("factory_2", 100.0).add("new", Crew())))

    for k in range(4):
        assert used(alone, f"factory_{k}") == used(joined, f"factory_{k}")


def test_measures_are_applied_by_id_whatever_their_order():
    one, other = Dim("m1"), Dim("m2", "factory_1")

    built = scenario(measures=(one, other)).build()

    assert built.end_use("factory_0", "lighting").installed_kw == pytest.approx(10.0)
    assert repr(scenario(measures=(other, one)).build()) == repr(built)


def test_two_measures_on_one_end_use_multiply():
    park = small_park()

    none, twice = simulate(scenario(park)), simulate(scenario(park, measures=(Dim("a"), Dim("b"))))

    ports = ("lighting_electricity", "lighting_emergency")
    before, after = (sum(used(run)[port] for port in ports) for run in (none, twice))
    assert after == pytest.approx(before / 4)


def test_the_rules_in_force_cap_export():
    park = small_park().add_solar("factory_0", 100.0)

    assert scenario(park, share_frac=0.0).build().component("meter_factory_0").export_cap_kw == 0
    assert scenario(park, share_frac=0.2).build().component("meter_factory_0").export_cap_kw == pytest.approx(20.0)


def test_policies_become_components():
    assert "extra" in scenario(policies={"extra": Crew(size=2)}).build().components


def test_a_park_that_can_not_run_is_refused_before_anything_runs():
    with pytest.raises(ParkError, match=r"factory_0\.calendar"):
        simulate(scenario(small_park().replace("factory_0", calendar="none")))


@pytest.mark.parametrize("hours", [0.0, -1.0, 400.0])
def test_a_horizon_beyond_the_contexts_is_refused(hours):
    with pytest.raises(ConfigError, match="must be more than 0 and at most the horizon of 336 h"):
        simulate(scenario(), hours=hours)


def test_a_shorter_horizon_is_the_beginning_of_a_longer_one():
    whole, half = simulate(scenario()), simulate(scenario(), hours=168.0)

    assert half.hours == 168.0
    assert len(half.accounts) == 7
    tank = whole.levels["tank"]
    assert np.interp(100.0, *half.levels["tank"]) == pytest.approx(np.interp(100.0, *tank))


def test_prepared_once_it_runs_as_often_as_wanted():
    it = scenario()
    ready = prepare(it)

    runs = [ready.run(replication=k) for k in range(2)]

    assert np.array_equal(runs[1].amounts, simulate(it, replication=1).amounts)
    assert not np.array_equal(runs[0].amounts, runs[1].amounts)


def test_recorded_series_add_up_to_the_amounts():
    run = simulate(scenario(), record=("substation.supply", "factory_*.lighting_electricity"))

    assert len(run.series) == 5
    for name, series in run.series.items():
        component, port = name.split(".")
        assert series.sum() * 0.5 == pytest.approx(run.amount(component=component, port=port))


def test_profiles_are_found_by_what_ports_and_calendars_name():
    park = small_park(2, simple=1).add_solar("factory_0", 10.0, tilt_deg=5.0)

    assert profile_names(park) == {"calendar:two_shifts", "daylight", "solar:5:180"}


def test_resolution_zero_gives_exact_instants():
    run = simulate(scenario(), resolution_h=0.0)

    broke = [event.hour for event in run.events if event.what == "breakdown"]
    assert any(hour % 0.25 for hour in broke)


def test_a_day_of_stop_costs_output_and_no_energy_per_unit():
    line = batch_line(batch_h_median=None, mtbf_h=float("inf"))
    use = {"machines": Motors(shaft_kw=100.0, standby_frac=0.0), "lamps": Lighting(installed_kw=5.0)}
    park = small_park().replace("factory_0", lines=(line,), end_uses=use)

    runs = [simulate(scenario(p)) for p in (park, park.replace("factory_0", planned_stops_h=((24.0, 48.0),)))]

    units = [run.amount(component="factory_0", port="output_0") for run in runs]
    kwh = [run.amount(component="factory_0", port="machines_electricity") for run in runs]
    lamps = [run.amount(component="factory_0", port="lamps_electricity") for run in runs]
    assert units[0] - units[1] == pytest.approx(160.0)
    assert kwh[0] / units[0] == pytest.approx(kwh[1] / units[1])
    assert lamps[0] == pytest.approx(lamps[1])


def test_a_scenario_runs_in_a_real_context():
    real = Context.at(MONDAY, hours=48.0)

    run = simulate(Scenario("real", small_park().add_solar("factory_0", 100.0), real))

    assert run.residual < 1e-9
    assert {account.band for account in run.accounts} == {"normal", "peak", "offpeak"}
    assert run.amount(component="solar_factory_0", port="power") > 0
