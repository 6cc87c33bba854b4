"""Tables and series shaped like a run's, made of plain arithmetic, and every figure drawn of them."""

from collections.abc import Callable
from datetime import date
from functools import cache

import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from matplotlib.text import Text

from eipsim.claims import SIMULATED, published_claims
from eipsim.plots.abatement_cost import draw_abatement_cost
from eipsim.plots.adoption import draw_adoption
from eipsim.plots.attribution import draw_attribution
from eipsim.plots.audit import draw_audit
from eipsim.plots.bottlenecks import draw_bottlenecks
from eipsim.plots.choice import draw_choice
from eipsim.plots.convergence import draw_convergence
from eipsim.plots.detectable import draw_detectable
from eipsim.plots.effluent import draw_effluent
from eipsim.plots.electricity_week import draw_electricity_week
from eipsim.plots.ensemble import ROWS, draw_ensemble, draw_left_out
from eipsim.plots.headroom import draw_headroom
from eipsim.plots.load_duration import draw_load_duration
from eipsim.plots.outage_day import draw_outage_day
from eipsim.plots.reform import draw_reform
from eipsim.plots.road_map import draw_road_map
from eipsim.plots.savings import draw_savings
from eipsim.plots.scorecard import draw_scorecard
from eipsim.plots.sensitivity import draw_sensitivity
from eipsim.plots.storm import draw_storm
from eipsim.plots.tank import draw_tank
from eipsim.plots.three_sums import draw_three_sums
from eipsim.plots.waterfall import draw_waterfalls
from eipsim.plots.weather_year import draw_weather_year
from eipsim.readers.indicator_table import MET, read_indicators
from eipsim.readers.price_ranges import read_price_ranges
from eipsim.studies.adoption_outcome import MeasureRow, PolicyRow
from eipsim.studies.attribution import Attribution, AttributionSettings
from eipsim.studies.attribution_rows import TOTAL, CategoryShare, FactoryShare, Share
from eipsim.studies.audit import audit
from eipsim.studies.bottlenecks import CauseSum
from eipsim.studies.choice import Candidate, Chosen
from eipsim.studies.choice_run import Choice, GapRow, SetRow
from eipsim.studies.detectable import VERDICTS
from eipsim.studies.detectable_rows import MeasureProof, MeterRow
from eipsim.studies.economics import abatement_curve
from eipsim.studies.ensemble_report import IntervalRow
from eipsim.studies.headroom import Fit
from eipsim.studies.left_out import LeftOutRow
from eipsim.studies.road_map_run import CashRow, RoadMap, YearRow
from eipsim.studies.scorecard import scorecard
from eipsim.studies.sensitivity import Sensitivity, SensitivitySettings, concluded
from eipsim.studies.uncertain import values_at
from eipsim.studies.waterfall import STAGES, Waterfall, WaterfallSettings, stage_rows

SAVED = {
    ("implemented_60", "electricity_assessed_kwh", "kWh"): (2_064_000, 1_921_000, 1_871_400, 38_000),
    ("implemented_60", "lpg_assessed_t", "t"): (5.9, 5.7, 5.61, 0.06),
    ("implemented_60", "other_fuel_assessed_gj", "GJ"): (812, 790, 774, 9),
    ("implemented_60", "water_assessed_m3", "m3"): (29_500, 28_100, 27_817, 240),
    ("implemented_60", "co2_assessed_t", "t"): (1_790, 1_671, 1_604, 31),
    ("implemented_60", "money_assessed_vnd", "VND"): (7.1e9, 6.7e9, 6.6e9, 0.07e9),
    ("all_159", "electricity_assessed_kwh", "kWh"): (32_400_000, 29_100_000, 26_210_000, 140_000),
    ("all_159", "lpg_assessed_t", "t"): (512, 480, 447, 3.5),
    ("all_159", "other_fuel_assessed_gj", "GJ"): (92_400, 90_100, 81_700, 400),
    ("all_159", "water_assessed_m3", "m3"): (412_000, 380_000, 351_000, 2_900),
    ("all_159", "co2_assessed_t", "t"): (36_256, 33_020, 30_110, 160),
    ("all_159", "money_assessed_vnd", "VND"): (79.2e9, 72.0e9, 65.3e9, 0.5e9),
}
"""Naive sum, alone sum, saving, half of the interval."""

CLAIMED = (
    ("amata_60_money", "realised", "M VND/yr", 6600.0, 50.0),
    ("amata_60_electricity", "realised", "kWh/yr", 1_871_000.0, 500.0),
    ("amata_60_lpg", "realised", "t/yr", 5.6, 0.05),
    ("amata_60_water", "realised", "m3/yr", 27_817.0, 0.5),
    ("amata_60_co2", "realised", "t/yr", 1588.0, 0.5),
    ("amata_159_co2", "catalogue", "t/yr", 36_256.0, 0.5),
    ("amata_159_money", "catalogue", "M VND/yr", 79_200.0, 50.0),
)

START = date(2022, 1, 1)
HOUR = np.arange(17_520) * 0.5
OF_DAY = HOUR % 24
WEEKDAY = (HOUR // 24 + START.weekday()).astype(int) % 7
WORK = np.where(WEEKDAY == 6, 0.12, 1.0) * np.where((OF_DAY >= 6) & (OF_DAY < 22), 1.0, 0.55)
WOBBLE = 1 + 0.04 * np.sin(HOUR / 3.1) + 0.05 * np.sin(2 * np.pi * HOUR / 8760)
END_USES_KW = {
    "motors": 9000 * WORK * WOBBLE,
    "process_heat": 5200 * WORK,
    "cooling": 4600 * (0.35 + 0.65 * WORK) * (1 + 0.3 * np.sin(2 * np.pi * (OF_DAY - 9) / 24)),
    "compressed_air": 3700 * (0.3 + 0.7 * WORK),
    "lighting": 1900 * (0.2 + 0.8 * WORK),
    "water_use": 700 * WORK,
    "plug_load": 650 * (0.4 + 0.6 * WORK),
}
USE_KW = np.sum(list(END_USES_KW.values()), axis=0)
SUN = np.maximum(np.sin(np.pi * (OF_DAY - 6) / 12), 0) ** 1.3 * ((OF_DAY > 6) & (OF_DAY < 18))
SOLAR_AVAILABLE_KW = 9000 * SUN * (1 + 0.1 * np.sin(HOUR / 40))
SOLAR_USED_KW = np.minimum(SOLAR_AVAILABLE_KW, 0.42 * USE_KW)
PEAK = (WEEKDAY != 6) & (((OF_DAY >= 9.5) & (OF_DAY < 11.5)) | ((OF_DAY >= 17) & (OF_DAY < 20)))
BANDS = np.where(PEAK, "peak", np.where((OF_DAY >= 22) | (OF_DAY < 4), "offpeak", "normal")).tolist()

PARK_KW = 25_000 + 2.05 * USE_KW
IMPORT_KW = {
    "baseline": PARK_KW,
    "implemented_60": PARK_KW - 0.01 * USE_KW,
    "all_159": PARK_KW - 0.12 * USE_KW - SOLAR_USED_KW,
}

LEVEL_H = np.arange(0, 8760.5, 3.0)
STORMS = ((4300, 2600), (5200, 3300), (6011, 2300), (6700, 2800))
STORM = np.sum([np.exp(-0.5 * ((LEVEL_H - at) / 14) ** 2) * size for at, size in STORMS], axis=0)
DAILY = 1500 + 700 * np.sin(LEVEL_H * 2 * np.pi / 24) + 400 * np.sin(LEVEL_H * 2 * np.pi / 168)
LEVEL_M3 = np.clip(DAILY + STORM, 0, 4000)
SPILL_M3_PER_H = np.interp(HOUR, LEVEL_H, np.where(LEVEL_M3 >= 4000, 90.0, 0.0))


def savings_table() -> pd.DataFrame:
    rows = [
        (scenario, kpi, unit, naive, alone, saving, saving - half, saving + half, saving * 1.01, 10)
        for (scenario, kpi, unit), (naive, alone, saving, half) in SAVED.items()
    ]
    names = ["scenario", "kpi", "unit", "naive_sum", "alone_sum", "saving", "low", "high", "saving_unadjusted", "replications"]
    return pd.DataFrame(rows, columns=names)


def claims_table() -> pd.DataFrame:
    return pd.DataFrame(list(CLAIMED), columns=["claim", "basis", "unit", "published", "rounding_half_width"])


def draw_week(language: str = "en", **changes: object) -> Figure:
    given = {"solar_available_kw": SOLAR_AVAILABLE_KW, "solar_used_kw": SOLAR_USED_KW, "bands": BANDS, "start": START}
    uses = changes.pop("end_uses_kw", END_USES_KW)
    return draw_electricity_week(uses, **{**given, "language": language, **changes})


def draw_year_of_tank(language: str = "en", **changes: object) -> Figure:
    given = {"capacity_m3": 4000, "high_mark_m3": 3600, "spill_m3_per_h": SPILL_M3_PER_H, "start": START}
    level_h, level_m3 = changes.pop("level_h", LEVEL_H), changes.pop("level_m3", LEVEL_M3)
    return draw_tank(level_h, level_m3, **{**given, "language": language, **changes})


def draw_weather(language: str) -> Figure:
    """A year in which it rains on every tenth day."""
    day, hour = np.arange(365)[:, None], np.arange(24)
    return draw_weather_year(
        np.repeat(np.arange(1, 13), [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]),
        ghi_w_per_m2=np.maximum(0.0, 900.0 * np.sin((hour - 6) / 12 * np.pi)) + 0.0 * day,
        ambient_c=27.0 + 4.0 * np.sin((hour - 8) / 12 * np.pi) + 0.005 * day,
        rain_mm_per_h=np.where((day % 10 == 0) & (hour == 15), 20.0, 0.0),
        name="made up",
        language=language,
    )


def draw_curve(language: str) -> Figure:
    """Six measures of 60, 40, 40, 30, 29 and 1 t, the last far outside."""
    levers = [("M1", 60.0, -1e6, -5e5, 4e5), ("M2", 40.0, -9e5, -8e5, 1e5), ("M3", 40.0, 1e5, 3e5, 9e5)]
    levers += [("M4", 30.0, -2e6, -1.5e6, -1e6), ("M5", 29.0, 2e5, 4e5, 5e5), ("M6", 0.9, 8e6, 9e6, 9.9e6)]
    steps, _ = abatement_curve(levers)
    status = {name: "implemented" if name in {"M2", "M4"} else "proposed" for name, *_ in levers}
    return draw_abatement_cost(steps, status, rate_frac=0.12, language=language)


NAMES = ("baseline", "implemented_60", "all_159")


def draw_causes(language: str) -> Figure:
    """Breakdowns, crews, feeders and a hold-back order, in three scenarios."""
    parts = [("breakdown", "", "(several)", "", 900.0), ("held back", "", "equalisation_tank", "orders to hold back", 30.0)]
    parts += [("waiting for crew", "", f"repair_crew_{k}", "", 40.0 - k) for k in range(4)]
    parts += [("shortage", "electricity", f"feeder_{k}", "interruption", 20.0 - k) for k in range(4)]
    sums = [CauseSum(name, *part, part[-1] / 1100.0) for name in NAMES for part in parts]
    return draw_bottlenecks(sums, replications=10, language=language)


def draw_rooms(language: str) -> Figure:
    """Four limits, of which the tank binds, and one that is exceeded."""
    limits = [("water", "water_works", "m3/d", 20000.0, 30.0), ("wastewater", "tank", "m3/d", 10000.0, 30.0)]
    limits += [("electricity", "substation", "MVA", 126.0, 0.35), ("feeder", "feeders", "MVA", 130.0, 0.35)]
    rooms = []
    for k, name in enumerate(NAMES):
        for resource, limit, unit, capacity, tenant in limits:
            used = capacity * (1.05 if limit == "feeders" else 0.8 - 0.05 * k)
            spare = capacity - used
            fit = max(0.0, spare) // tenant
            rooms.append(Fit(name, resource, limit, unit, capacity, used, spare, spare, spare, tenant, fit, limit == "feeders"))
    return draw_headroom(rooms, replications=10, language=language)


def draw_what_is_taken(language: str) -> Figure:
    """Forty measures and three policies, one with the longest names of ours."""
    names = ("none", "green_loan", "law_of_2026")
    policies = [
        PolicyRow(name, 20 + k, 10, 30, 1e6, 2e4, 9e9, 2000 + 300 * k, 1500, 5000 + k, 300 * k, 0, 900, 1e10, 0, 0, 0)
        for k, name in enumerate(names)
    ]
    measures = [
        MeasureRow(f"M{k}", "implemented" if k < 15 else "proposed", 0.05 * 1.3**k, 1e7, (1 / (1 + 0.1 * 1.2**k), 0.5, 0.6))
        for k in range(40)
    ]
    return draw_adoption(policies, measures, language=language)


def draw_what_is_open(language: str) -> Figure:
    """Intervals of all quantities, some of them published, one of them nothing."""
    rows = [
        IntervalRow(group, quantity, "", *(0.0 if quantity == "lpg_assessed_t" else one / factor for one in ends), 200)
        for group, ends in (("the 60", (1.0, 2.0, 4.0)), ("the 99", (20.0, 31.0, 40.0)), ("all 159", (21.0, 33.0, 44.0)))
        for quantity, _, factor, _ in ROWS
    ]
    return draw_ensemble(rows, published_claims(), language=language)


def draw_what_others_predict(language: str) -> Figure:
    """Seven figures, two of them outside of what the others predict."""
    rows = [
        LeftOutRow(claim, "kWh/yr", 1e6, 90, 0.2e6 * k, 0.4e6 * k, 1e6 * k, 0.04 * k, *[0.7, 0.2, 0.1] * 2)
        for k, claim in enumerate([*SIMULATED][:7], 1)
    ]
    return draw_left_out(rows, language=language)


def draw_what_is_next(language: str) -> Figure:
    """Forty candidates, of which one in four is chosen for one of three years."""
    candidates = [Candidate(f"M{k}", 1e6 * 1.3**k, 0.0, 4e5 * 1.28**k, 10.0, 10.0) for k in range(40)]
    year_of = {f"M{k}": k % 3 for k in range(0, 40, 4)}
    rows = [SetRow(name, "candles", "air_leaks", year, 4e9, 2e9, 50.0) for name, year in year_of.items()]
    gaps = [GapRow("money_assessed_vnd", "VND", 2.1e10, 2.05e10, 2e10, 1.9e10, 2.2e10)]
    gaps += [GapRow("co2_assessed_t", "t", 4100.0, 4000.0, 3900.0, float("nan"), float("nan"))]
    chosen = Chosen(year_of, 1e10, 1.01e10)
    return draw_choice(Choice(chosen, chosen, tuple(rows), tuple(gaps), tuple(candidates), (), 0.12), language=language)


def draw_proofs(language: str) -> Figure:
    """Draw 17 factories of 9 measures each, whose savings go from a ten-thousandth to a third of the meter."""
    meters = [
        MeterRow(f"factory_{k}", "electricity", "kWh", 1e6 * k, 1e4, "production", 0.02, 0.01, True, 0.02 + 0.004 * k, 0.01)
        for k in range(1, 18)
    ]
    proofs = []
    for k in range(153):
        share, verdict = 1e-4 * 1.055**k, VERDICTS[min(4, 3 - k // 40 if k < 150 else 4)]
        head = f"M{k:03d}", f"factory_{1 + k % 17}", "lights", "lighting_led", "proposed", "electricity", "kWh"
        proofs.append(MeasureProof(*head, 1e6 * share, share, 0.02, 0.01, 0.5, 0.1, 0.1, 0.05, verdict))
    return draw_detectable(
        meters, proofs, {"implemented_60": proofs[:60], "all_159": proofs}, replications=10, language=language
    )


def draw_card(language: str) -> Figure:
    """Draw the 51 international indicators: two simulated ones, of which solar flips one."""
    indicators = read_indicators("international_v1")
    cards = {
        name: scorecard(
            indicators,
            {
                "solar_kwh": [kwh] * 4,
                "electricity_park_kwh": [950.0] * 4,
                "treated_m3": [99.0, 90.0] * 2,
                "spill_m3": [1.0] * 4,
            },
            {one.code: MET for one in indicators[::2]},
        )
        for name, kwh in {"baseline": 0.0, "implemented_60": 0.0, "all_159": 50.0}.items()
    }
    return draw_scorecard("international_v1", cards, language=language)


def draw_outage(language: str = "en", **changes: object) -> Figure:
    """A feeder out from 8 to 20 h, with generators for a third of its users and a battery for an hour."""
    hour = np.arange(48) * 0.5
    need_kw = 5_000.0 + 6_000.0 * ((hour >= 6) & (hour < 22))
    out = (hour >= 8) & (hour < 20)
    carried_kw = {
        "feeder": np.where(out, 0.0, need_kw),
        "generators": np.where(out, 3_600.0, 0.0),
        "batteries": np.where(out & (hour < 9), 1_500.0, 0.0),
    }
    names = ("outage", "outage_standby", "outage_159", "outage_159_standby")
    given = {
        "need_kw": need_kw,
        "carried_kw": carried_kw,
        "unserved_kwh": dict(zip(names, (132e3, 87e3, 129e3, 85e3), strict=True)),
        "lost_vnd": dict(zip(names, (1.4e9, 0.35e9, 1.4e9, 0.3e9), strict=True)),
    }
    given |= {"day": date(2022, 1, 5), "scenario": "outage_standby", "replications": 5, "language": language}
    return draw_outage_day(**{**given, **changes})


def draw_years(language: str) -> Figure:
    """Six simulated years and fourteen more."""
    cash, total = [], 0.0
    for k in range(20):
        capital, saving = (5e10 if k < 5 else 0.0), min(k, 5) * 1.4e10 * (1 if k < 12 else 0.5)
        total += saving - capital - 2.5e9
        cash.append(CashRow(2022 + k, k < 6, 20 * min(k, 5), capital, saving, 2e9, 5e8, 0.0, total, total / 1.1**k))
    years = [YearRow(2022 + k, "co2_assessed_t", "t", 5500.0 * k, 5400.0 * k, 5600.0 * k) for k in range(6)]
    return draw_road_map(RoadMap((), (), tuple(years), tuple(cash), 0.12, 3), language=language)


@cache
def sensitivity_of(study: str) -> Sensitivity:
    """Return a study of a plane and of a hinge, with a little chance."""
    uncertain = {"key": "context.irradiance_frac", "distribution": "uniform", "low": 0.0, "high": 1.0}
    settings = SensitivitySettings(
        study=study,
        parameters=dict.fromkeys(("irradiance_frac", "grid_factor_year", "tank_m3"), uncertain),
        outputs=("all_159.co2_assessed_t", "baseline.spill_m3"),
        replications=3,
        samples=64,
        resamples=50,
    )
    shares = settings.design()
    seeds = np.array([-1.0, 0.0, 1.0])
    plane = 34_000 + 3_000 * shares[:, 1:2] + 900 * shares[:, :1] * (1 + 0.01 * seeds) + 20 * seeds
    hinge = np.maximum(300 * (0.8 - shares[:, 2:]), 0) + 40 * shares[:, 1:2] + 10 * seeds * shares[:, 2:]
    outputs = dict(zip(settings.outputs, (plane, hinge), strict=True))
    return concluded("made_up", settings, shares, values_at(settings.parameters, shares), outputs)


def draw_study(study: str, slide: str) -> Callable[[str], Figure]:
    """Return what draws one slide of a study."""
    return lambda language: draw_sensitivity(sensitivity_of(study), language=language)[slide]


MONITORED_H = np.arange(1.0, 8761.0)
EFFLUENT_G_PER_M3 = {
    "cod": 35 + 12 * np.sin(MONITORED_H / 9) + 40 * np.exp(-0.5 * ((MONITORED_H - 6000) / 20) ** 2),
    "bod5": 6 + 3 * np.sin(MONITORED_H / 9),
    "tss": 20 + 9 * np.sin(MONITORED_H / 9),
    "total_n": 13 + 6 * np.sin(MONITORED_H / 15),
    "total_p": 2 + np.sin(MONITORED_H / 15),
}
LIMITS_G_PER_M3 = {"cod": 60.75, "bod5": 24.3, "tss": 40.5, "total_n": 16.2, "total_p": 3.24}


def draw_monitored(language: str = "en", samples: int = 8760, **changes: object) -> Figure:
    given = {"limits_g_per_m3": LIMITS_G_PER_M3, "standard": "QCVN 40:2011/BTNMT", "start": START, "hours": float(samples)}
    found = {name: values[-samples:] for name, values in changes.pop("found_g_per_m3", EFFLUENT_G_PER_M3).items()}
    return draw_effluent(MONITORED_H[:samples], found, **{**given, "language": language, **changes})


LAWS = {"law_2022": ("baseline", "all_159"), "law_2026": ("law_2026", "law_2026_159"), "two_part": ("two_part", "two_part_159")}
PAYERS = ("denim_laundry", "electronic_components", "food", "other_tenants", "operator")


def bills_table() -> pd.DataFrame:
    """Five payers whose bills of 1 to 5 bn change by 2 % steps, and measures that save a tenth, or 8 % under other laws."""
    rows = []
    for n, payer in enumerate(PAYERS, 1):
        for law, (without, measured) in LAWS.items():
            bill = n * 1e9 * {"law_2022": 1.0, "law_2026": 0.95 + 0.02 * n, "two_part": 1.1 - 0.02 * n}[law]
            saved = n * 1e9 * (0.10 if law == "law_2022" else 0.08)
            rows += [(without, payer, "electricity_peak", bill), (measured, payer, "electricity_peak", bill - saved)]
    return pd.DataFrame(rows, columns=["scenario", "factory", "item", "amount_vnd"])


STORM_SCENARIOS = ("baseline", "implemented_60", "all_159", "all_159_storage")
STORM_M3_PER_H = 400 * np.exp(-0.5 * ((np.arange(31 * 48) - 18 * 48) / 6) ** 2)


def draw_wet_month(language: str = "en", **changes: object) -> Figure:
    hours = np.arange(0.0, 744.5, 2.0)
    levels = {
        name: (hours, np.clip(800 + 1400 * np.exp(-0.5 * ((hours - 440 - 4 * k) / 9) ** 2), 0, 2000))
        for k, name in enumerate(STORM_SCENARIOS)
    }
    spill = {name: STORM_M3_PER_H * (STORM_M3_PER_H > 250) * (3 - k) / 3 for k, name in enumerate(STORM_SCENARIOS)}
    counted = {
        kpi: {name: [(4 - k) * scale * j for j in range(6)] for k, name in enumerate(STORM_SCENARIOS)}
        for kpi, scale in (("spill_m3", 120), ("spilled_cod_kg", 40), ("exceedance_h", 3), ("wet_lines_stopped_h", 1.5))
    }
    given = {"spill_m3_per_h": spill, "level_m3": levels, "counted": counted, "start": date(2022, 10, 1), "language": language}
    return draw_storm(STORM_M3_PER_H, **{**given, "high_mark_m3": 1700.0, "capacity_m3": 2000.0, **changes})


WATCHED = {
    "kpi": "co2_assessed_t",
    "unit": "t",
    "differences": {
        "implemented_60": [1_600 + 30 * np.sin(2.1 * k**1.3) for k in range(40)],
        "all_159": [34_000 + 150 * np.sin(1.7 * k**1.2) for k in range(40)],
    },
}
STOPPING = {"relative_frac": 0.005, "absolute": 5.0, "confidence_frac": 0.95, "enough": 31}

CATEGORIES = ("rooftop_solar", "equipment_modification", "input_material_change", "technology_change", "good_housekeeping",
              "process_control", "on_site_recovery", "by_product", "product_change")  # fmt: skip


def attribution_of(total: float = 30_110.0) -> Attribution:
    """Return shares that halve from one category, and one measure, to the next, with one that costs."""
    unit, kpi, parts = "t", "co2_assessed_t", [0.5**k for k in range(1, len(CATEGORIES))]
    sums = [(1.1 * total * part, 0.9 * total * part, total * part, 0.02 * total * part) for part in [*parts, -0.02]]
    categories = [CategoryShare(name, kpi, unit, 9, *own) for name, own in zip(CATEGORIES, sums, strict=True)]
    shares = [
        Share(f"M{k:03d}", "electronic_components", name, "counter_current_rinsing", kpi, unit, *own, "exact")
        for k, (name, own) in enumerate(zip(CATEGORIES, sums, strict=True), start=98)
    ]
    whole = FactoryShare(TOTAL, kpi, unit, 159, 1.1 * total, 0.9 * total, total, 12.0, total)
    settings = AttributionSettings(scenario="all_159", kpis=(kpi,), replications=2)
    return Attribution(settings, tuple(shares), (whole,), tuple(categories), (), {}, (), (), 276, 200)


def draw_credit(kind: str) -> Callable[[str], Figure]:
    """Return what draws the shares of categories or measures."""
    return lambda language: draw_attribution(attribution_of(), language=language)[f"attribution_{kind}_co2_assessed_t"]


def waterfall_of(scale: float = 1.0) -> Waterfall:
    """Return steps of all sizes: half of it, a millionth, nothing, one that adds, one that takes most."""
    found = np.array([1.0, 0.5, 0.499999, 0.499999, 0.75, 0.1]) * scale * 36_256
    values = {stage: np.outer([0.999, 1.0, 1.001], np.full(7, one)) for stage, one in zip(STAGES, found, strict=True)}
    less = {stage: 0.05 * one for stage, one in values.items()}
    rows = (*stage_rows("implemented_60", less), *stage_rows("all_159", values))
    return Waterfall(WaterfallSettings(replications=3), rows, 8760.0)


def draw_steps(language: str) -> Figure:
    return draw_waterfalls(waterfall_of(), language=language)["waterfall_co2_assessed_t"]


FIGURES: dict[str, Callable[[str], Figure]] = {
    "savings": lambda language: draw_savings(savings_table(), claims_table(), language=language),
    "three_sums": lambda language: draw_three_sums(savings_table(), language=language),
    "electricity_week": draw_week,
    "load_duration": lambda language: draw_load_duration(IMPORT_KW, language=language),
    "tank": draw_year_of_tank,
    "convergence": lambda language: draw_convergence(WATCHED, STOPPING, language=language),
    "tornado": draw_study("tornado", "tornado_baseline_spill_m3"),
    "factorial": draw_study("factorial", "tornado_baseline_spill_m3"),
    "heat_map": draw_study("lhs", "heat_map"),
    "weather_year": draw_weather,
    "abatement_cost": draw_curve,
    "audit": lambda language: draw_audit(audit(), read_price_ranges(), language=language),
    "adoption": draw_what_is_taken,
    "bottlenecks": draw_causes,
    "choice": draw_what_is_next,
    "road_map": draw_years,
    "detectable": draw_proofs,
    "headroom": draw_rooms,
    "effluent": draw_monitored,
    "storm": draw_wet_month,
    "reform": lambda language: draw_reform(bills_table(), LAWS, language=language),
    "effluent_month": lambda language: draw_monitored(language, 744),
    "scorecard": draw_card,
    "outage_day": draw_outage,
    "attribution_categories": draw_credit("categories"),
    "attribution_measures": draw_credit("measures"),
    "ensemble": draw_what_is_open,
    "left_out": draw_what_others_predict,
    "waterfall": draw_steps,
}


@cache
def drawn(name: str, language: str = "en") -> Figure:
    """Return a figure that many tests look at and none changes."""
    return FIGURES[name](language)


def texts(figure: Figure) -> list[str]:
    """Return all words that a figure shows, line breaks and no-break spaces as spaces."""
    return [shown(text.get_text()) for text in visible_texts(figure)]


def visible_texts(figure: Figure) -> list:
    return [text for text in figure.findobj(Text) if text.get_visible() and text.get_text().strip()]


def shown(text: str) -> str:
    return text.replace("\n", " ").replace("\N{NO-BREAK SPACE}", " ")


def title(figure: Figure) -> str:
    return shown(figure.texts[0].get_text())
