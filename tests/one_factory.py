"""A park of one factory with every end use, small enough to calculate by hand."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
from benches import MONDAY, MadeUpContext, Unlimited

from eipsim.components import Factory, Feeder, Line
from eipsim.end_uses import (
    CompressedAir,
    Cooling,
    EndUse,
    Lighting,
    Materials,
    Motors,
    PlugLoad,
    ProcessHeat,
    WaterUse,
)
from eipsim.kernel.run import Run
from eipsim.measures import DeskPrices, Measure
from eipsim.park import Park, site_parents
from eipsim.scenario import Scenario, simulate
from eipsim.timebase import Horizon, WorkCalendar

END_USES = {
    "air": CompressedAir(demand_m3_per_min=20, leak_m3_per_min=5, capacity_m3_per_min=30),
    "boiler": ProcessHeat(carrier="lpg", useful_kw=400, surface_m2=40, flue_o2_frac=0.06, flue_c=220),
    "chiller": Cooling(envelope_kw_th=300, process_kw_th=100, standby_frac=0.2),
    "furnace": ProcessHeat(carrier="natural_gas", useful_kw=300, firing="furnace", flue_c=850, surface_m2=10, surface_c=200),
    "heaters": ProcessHeat(carrier="electricity", useful_kw=80, surface_m2=12, surface_c=180),
    "lights": Lighting(installed_kw=100, cooled_frac=0.5, emergency_frac=0, standby_frac=0.1),
    "materials": Materials(product_vnd_per_h=900_000, scrap_frac=0.1),
    "office": PlugLoad(nameplate_kw=30, driver="open"),
    "pumps": Motors(shaft_kw=120, load="pump", flow_frac=0.6, driver="always"),
    "water": WaterUse(process_m3_per_h=6, rinse_m3_per_h=4, sanitary_m3_per_h=2, leak_m3_per_h=0.3, chemicals_vnd_per_h=50_000),
}

LINE = Line(units_per_h=10, batch_h_median=4.5, set_up_h_median=0.5)
OPEN_H = 16 * 313
"""Two shifts on the 313 days of 2022 that are no Sundays."""

PRICES = DeskPrices(
    electricity_vnd_per_kwh={"22_110": 1650.0},
    shifted_vnd_per_kwh={"22_110": 1864.0},
    water_vnd_per_m3=13_000.0,
    wastewater_vnd_per_m3=8_500.0,
    fuel_vnd_per_gj={"lpg": 550e3, "natural_gas": 290e3, "diesel": 6e5, "fuel_oil": 4e5, "coal": 155e3, "biomass": 112e3},
    fuel_kgco2_per_gj={"lpg": 63.1, "natural_gas": 56.1, "diesel": 74.1, "fuel_oil": 77.4, "coal": 94.6, "biomass": 1.9},
    lpg_gj_per_t=47.3,
    grid_tco2_per_mwh=0.8458,
    horizon=Horizon(date(2022, 1, 1)),
)

EXAMPLES = {
    "air_leaks": {"end_use": "air", "size": 0.6},
    "air_nozzles": {"end_use": "air", "size": 10.0},
    "air_pressure": {"end_use": "air", "size": 0.8},
    "burner_tuning": {"end_use": "boiler", "size": 0.7},
    "chemical_saving": {"end_use": "water", "size": 0.4},
    "chiller_replacement": {"end_use": "chiller", "size": 0.5},
    "chiller_set_point": {"end_use": "chiller", "size": 1.5},
    "counter_current_rinsing": {"end_use": "water", "size": 0.5},
    "efficient_motor": {"end_use": "pumps", "size": 0.5},
    "fuel_switch": {"end_use": "boiler", "size": 0.4, "to_carrier": "biomass"},
    "heat_exchange": {"end_use": "boiler", "size": 60.0, "cooling_use": "chiller"},
    "heat_insulation": {"end_use": "boiler", "size": 0.8},
    "heat_recovery": {"end_use": "boiler", "size": 0.4},
    "idle_switch_off": {"end_use": "lights", "size": 0.5},
    "lighting_led": {"end_use": "lights", "size": 0.8},
    "load_shifting": {"end_use": "pumps", "size": 0.3},
    "material_saving": {"end_use": "materials", "size": 0.4},
    "power_factor_correction": {"size": 50.0},
    "rooftop_solar": {"size": 500.0, "roof_m2": 5200.0},
    "variable_speed_drive": {"end_use": "pumps", "size": 0.5},
    "water_fixtures": {"end_use": "water", "size": 0.5},
    "water_loop": {"end_use": "water", "size": 0.6},
}


class Bands(MadeUpContext):
    """A made-up context with the bands of the legacy tariff on a working day."""

    def profile(self, name: str) -> np.ndarray:
        hour = np.arange(self.horizon.steps(self.step_h)) * self.step_h
        clock, sunday = hour % 24, (hour // 24) % 7 == 6
        peak = (((clock >= 9.5) & (clock < 11.5)) | ((clock >= 17) & (clock < 20))) & ~sunday
        off_peak = (clock >= 22) | (clock < 4)
        bands = {"band:peak": peak, "band:offpeak": off_peak, "band:normal": ~peak & ~off_peak}
        return bands[name].astype(float) if name in bands else super().profile(name)


def park_of(**end_uses: EndUse) -> Park:
    """Return the park, with some end uses changed or added."""
    tenant = Factory(
        place="site_1",
        calendar="two_shifts",
        lines=(LINE,),
        end_uses={**END_USES, **end_uses},
        assessed=True,
        power_factor_frac=0.85,
    )
    unlimited = {
        f"all {carrier}": Unlimited(carrier, place)
        for carrier, place in [
            ("electricity", "busbar"),
            ("water", "water_main"),
            ("wastewater", "sewer"),
            ("lpg", "fuel_depot"),
            ("natural_gas", "fuel_depot"),
            ("biomass", "fuel_depot"),
        ]
    }
    return Park(
        name="toy",
        components={"factory_1": tenant, "feeder": Feeder(place="feeder_1", to="busbar", interruptions_per_yr=0), **unlimited},
        calendars={"two_shifts": WorkCalendar(shifts=((6, 14), (14, 22)))},
        parents=site_parents("site_1", "feeder_1"),
    )


def example(kinds: dict[str, type[Measure]], kind: str, **changes: object) -> Measure:
    """Return a measure of a type that fits the park."""
    given = {"id": "m1", "factory": "factory_1", "recp_category": "good_housekeeping", **EXAMPLES[kind], **changes}
    return kinds[kind](**given)


def week(park: Park, *measures: Measure) -> Run:
    """Simulate a week from a Monday."""
    context = Bands(Horizon(MONDAY, 168.0))
    return simulate(Scenario("week", park, context, measures), resolution_h=0.25)


def without_changes(park: Park) -> Park:
    """Return an equal park of other objects."""
    return replace(park, components={name: replace(c) for name, c in park.components.items()})
