"""All slides of a savings experiment, drawn from its results."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from ..kpis.detail import END_USE, GRID_IMPORT, SOLAR_AVAILABLE, SOLAR_USED, SPILL, STORM
from .convergence import draw_convergence
from .effluent import draw_effluent
from .electricity_week import draw_electricity_week
from .labels import Language
from .load_duration import draw_load_duration
from .quantities import shown_scenarios
from .savings import draw_savings
from .storm import COUNTED, draw_storm
from .style import encode
from .tank import draw_tank
from .three_sums import draw_three_sums

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from ..kpis.detail import Detail
    from ..results import Results


def draw_slides(results: Results, *, language: Language = "en") -> dict[str, Figure]:
    """Draw every slide that the results of a savings experiment have something for.

    The week is of the last scenario, which has most measures and most solar; the tank and the effluent are the baseline's. A
    park without an equalisation tank has no slide of it, several tanks have one each, and so with online monitors; a baseline
    alone has nothing to compare.

    Parameters
    ----------
    results : Results
        What `results.read_results` or `experiment.run_experiment` returned; the first replication of each scenario must
        still be in ``runs/``.
    language : {"en", "vi"}
        Language of all words and numbers.

    Returns
    -------
    dict of str to Figure
        ``savings``, ``three_sums``, ``electricity_week``, ``load_duration``, and ``tank`` or ``tank_<name>``; where wastewater
        carries loads ``effluent`` or ``effluent_<name>``, and ``storm`` if rain drains into its sewer; ``convergence`` if the
        number of replications was automatic.

    Raises
    ------
    DataError
        If a table or a series can't be drawn.
    ResultsError
        If the series of a scenario are gone.
    """
    savings, claims = results.table("savings"), results.table("claims")
    baseline = str(results.manifest["baseline"])
    others = [name for name in shown_scenarios(savings) if name != baseline]
    details = {name: results.detail(name) for name in (baseline, *others)}
    first, last = details[baseline], details[[baseline, *others][-1]]
    hours = len(first.bands) * first.step_h
    slides = {}
    if others:
        slides["savings"] = draw_savings(savings, claims, hours=hours, language=language)
        slides["three_sums"] = draw_three_sums(savings, hours=hours, language=language)
        if results.manifest.get("stopping"):
            slides["convergence"] = draw_convergence(
                results.manifest["watched"], results.manifest["stopping"], language=language
            )
    slides["electricity_week"] = draw_electricity_week(
        {name.removeprefix(END_USE): values for name, values in last.series.items() if name.startswith(END_USE)},
        start=last.start,
        bands=last.bands,
        solar_available_kw=last.series[SOLAR_AVAILABLE],
        solar_used_kw=last.series[SOLAR_USED],
        step_h=last.step_h,
        scenario=[baseline, *others][-1],
        language=language,
    )
    if others:
        imports = {name: detail.series[GRID_IMPORT] for name, detail in details.items()}
        slides["load_duration"] = draw_load_duration(imports, step_h=first.step_h, language=language)
    for name, tank in first.tanks.items():
        slides["tank" if len(first.tanks) == 1 else f"tank_{name}"] = draw_tank(
            *tank.level_m3,
            capacity_m3=tank.capacity_m3,
            high_mark_m3=tank.high_m3,
            spill_m3_per_h=first.series[SPILL],
            start=first.start,
            step_h=first.step_h,
            scenario=baseline,
            language=language,
        )
    for name, seen in first.monitors.items():
        slides["effluent" if len(first.monitors) == 1 else f"effluent_{name}"] = draw_effluent(
            seen.hour,
            seen.found_g_per_m3,
            limits_g_per_m3=seen.limits_g_per_m3,
            standard=seen.standard,
            start=first.start,
            hours=hours,
            scenario=baseline,
            language=language,
        )
    if STORM in first.series and first.monitors and len(first.tanks) == 1:
        slides["storm"] = _storm(results, details, language)
    return slides


def _storm(results: Results, details: Mapping[str, Detail], language: Language) -> Figure:
    """Draw the storms of all scenarios of a park with one tank."""
    kpis = results.table("kpis")
    counted = {
        kpi: {name: kpis.value[(kpis.kpi == kpi) & (kpis.scenario == name)].tolist() for name in details} for kpi in COUNTED
    }
    first = next(iter(details.values()))
    (name, tank), *_ = first.tanks.items()
    levels = {scenario: detail.tanks[name].level_m3 for scenario, detail in details.items() if name in detail.tanks}
    return draw_storm(
        first.series[STORM],
        {scenario: (level[0], level[1]) for scenario, level in levels.items()},
        {scenario: detail.series[SPILL] for scenario, detail in details.items()},
        counted,
        high_mark_m3=tank.high_m3,
        capacity_m3=tank.capacity_m3,
        start=first.start,
        step_h=first.step_h,
        language=language,
    )


def encode_slides(slides: Mapping[str, Figure], *, language: Language = "en") -> dict[str, bytes]:
    """Return the files of slides by name, PNG and SVG, for `results.write_figures`.

    Parameters
    ----------
    slides : mapping of str to Figure
        What `draw_slides` returned.
    language : {"en", "vi"}
        Vietnamese files end in ``_vi``, so that both can stand in one folder.

    Returns
    -------
    dict of str to bytes
        Contents by file name, for example ``savings.png`` or ``savings_vi.svg``.
    """
    ending = "" if language == "en" else f"_{language}"
    return {f"{name}{ending}.{kind}": encode(figure, kind) for name, figure in slides.items() for kind in ("png", "svg")}


def finding(figure: Figure) -> str:
    """Return the title of a slide as one line."""
    return figure.texts[0].get_text().replace("\n", " ")
