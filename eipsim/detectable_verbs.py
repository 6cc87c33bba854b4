"""The verb ``eipsim detectable``: which measures a year of bills could prove, and what metering would be needed."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from .assembly import Plan
    from .results import Results
    from .studies.detectable import Floats, Readings
    from .studies.detectable_rows import MeasureProof, MeterRow, ProgrammeRow
    from .summary import Table


def detectable_command(
    overrides: Annotated[
        list[str] | None, typer.Argument(help="Hydra overrides, as for [cyan]eipsim run[/].", show_default=False)
    ] = None,
    *,
    drift: Annotated[
        float | None,
        typer.Option(help="How far a meter reads differently in two years, such as 0.002.", show_default=False),
    ] = None,
    language: Annotated[Literal["en", "vi"], typer.Option(help="Of the figure.")] = "en",
    results: Annotated[Path, typer.Option("--results", help="Folder of all results.")] = Path("results"),
) -> None:
    """Tell for every measure whether bills, a monthly regression or a submeter could prove it, or nothing.

    Reads the replications of results/<experiment>/ after [cyan]eipsim run[/]; writes tables and a figure to
    results/detectable/ (docs/detectable.md).
    """
    from .screen import console, drawn, mistakes_told, name_files

    with mistakes_told():
        from .config import load_plan
        from .errors import ConfigError
        from .plots.detectable import draw_detectable
        from .plots.slides import encode_slides
        from .results import read_results, write_figures
        from .store import csv_bytes
        from .store.folders import write_folder
        from .studies.detectable import DRIFT_FRAC
        from .studies.detectable_rows import (
            MeasureProof,
            MeterRow,
            ProgrammeRow,
            best_proofs,
            known_meters,
            measure_proofs,
            meter_rows,
            programme_rows,
        )
        from .study_ending import manifest_of
        from .summary import SYNTHETIC

        drift_frac = DRIFT_FRAC if drift is None else drift
        if not 0 <= drift_frac < 0.1:
            raise ConfigError(f"--drift {drift_frac:g}: must be from 0 to 0.1, such as 0.002")
        plan = load_plan(overrides or [])
        stored = read_results(plan.settings.name, results)
        baseline = str(stored.manifest["baseline"])
        base = _of_scenario(stored, baseline)
        meters = known_meters(base, _weather(plan, len(base.days)), drift_frac)
        alone = _alone(stored, plan)
        scenarios = {name: one.measures for name, one in plan.scenarios.items() if one.measures}
        proofs = {name: measure_proofs(own, alone, base, meters) for name, own in scenarios.items()}
        shown = [
            row
            for name, own in scenarios.items()
            for row in programme_rows(name, own, _of_scenario(stored, name), base, meters)
        ]
        every = _distinct(proofs)
        best = {name: best_proofs(rows) for name, rows in proofs.items()}
        rows = meter_rows(base, meters)
        files = {
            "measures.csv": csv_bytes(every, MeasureProof._fields),
            "meters.csv": csv_bytes(rows, MeterRow._fields),
            "programmes.csv": csv_bytes(shown, ProgrammeRow._fields),
            "manifest.json": manifest_of(plan, "detectable", stored, {"drift_frac": drift_frac}),
        }
        written = write_folder(results, "detectable", files)
        count = len(stored.manifest["units"][baseline])
        figure = draw_detectable(rows, every, best, replications=count, language=language)
        written += write_figures(results, "detectable", encode_slides({"detectable": figure}, language=language))
        out = console()
        for table in (_counts_table(best), _meters_table(rows), _programme_table(shown)):
            out.print(drawn(table))
        out.print(SYNTHETIC)
        name_files(written)


def _of_scenario(stored: Results, name: str) -> Readings:
    """Return the readings of all replications of a scenario."""
    from .errors import ResultsError, nearest
    from .studies.detectable import LEAST_REPLICATIONS

    keys = stored.manifest["units"]
    if name not in keys:
        raise ResultsError(f"{stored.experiment} has no scenario {name!r}: {nearest(name, keys)}")
    if len(keys[name]) < LEAST_REPLICATIONS:
        raise ResultsError(
            f"{stored.experiment} has {len(keys[name])} replications: a spread needs {LEAST_REPLICATIONS} or more, "
            "so run it with experiment.replications=10"
        )
    return _read(stored, keys[name], f"{stored.experiment}, {name}")


def _read(stored: Results, keys: Sequence[str], what: str) -> Readings:
    from .errors import ResultsError
    from .store import read_unit
    from .studies.detectable import readings_of

    units = [read_unit(stored.folder, key) for key in keys]
    if any(unit is None for unit in units):
        raise ResultsError(f"{what}: a run is gone: run the experiment again")
    return readings_of([unit for unit in units if unit is not None], what)


def _alone(stored: Results, plan: Plan) -> Mapping[str, Readings]:
    """Return by id of a measure the readings of the round in which it stands alone in its factory."""
    from .errors import ResultsError
    from .tabulation import alone_rounds, distinct

    rounds = alone_rounds(distinct(plan.scenarios.values()).values())
    keys = stored.manifest["alone_units"]
    if len(keys) != len(rounds):
        raise ResultsError(
            f"{stored.experiment} has {len(keys)} rounds in which measures stand alone, and the catalogue needs {len(rounds)}: "
            "run it with experiment.alone_replications=1"
        )
    found: dict[str, Readings] = {}
    for number, (one, own) in enumerate(zip(rounds, keys, strict=True), 1):
        read = _read(stored, own, f"{stored.experiment}, round {number} of measures alone")
        found |= {measure.id: read for measure in one.measures}
    return found


def _weather(plan: Plan, months: int) -> Floats:
    """Return the mean of what chillers ask of the weather by month of the horizon."""
    import numpy as np

    horizon, step_h = plan.context.horizon, plan.context.step_h
    profile = plan.context.profile("cooling_degree")
    days = [horizon.date_of(int(k * step_h // 24)) for k in range(len(profile))]
    of_month = np.array([12 * (day.year - days[0].year) + day.month - days[0].month for day in days])
    return np.array([profile[of_month == month].mean() for month in range(months)])


def _distinct(proofs: Mapping[str, Sequence[MeasureProof]]) -> list[MeasureProof]:
    found = {(row.measure, row.carrier): row for rows in proofs.values() for row in rows}
    return [found[key] for key in sorted(found)]


def _counts_table(best: Mapping[str, Sequence[MeasureProof]]) -> Table:
    from .studies.detectable import BILLS, HIDDEN, NO_METER, REGRESSION, SUBMETER
    from .summary import Table

    words = {
        BILLS: "a year of bills before and after",
        REGRESSION: "a regression of monthly bills on production and weather",
        SUBMETER: "a meter on the end use, or on the array",
        HIDDEN: "nothing: less than chance at every meter",
        NO_METER: "no meter of energy or water: materials, hours of the day",
    }
    rows = [(text, *(str(sum(r.verdict == name for r in own)) for own in best.values())) for name, text in words.items()]
    rows.append(("all", *(str(len(own)) for own in best.values())))
    note = "Each measure alone, by the carrier that shows it best: 95 % confidence, 80 % power, a year before and a year after."
    return Table("What could prove a measure", ("by", *best), rows, note, 1)


def _meters_table(rows: Sequence[MeterRow]) -> Table:
    from .summary import Table, number, percent

    cells = [
        (
            row.factory, row.carrier, f"{number(row.reading_mean, 3)} {row.unit}",
            percent(row.reading_sd / row.reading_mean, 2), percent(row.least_bills_frac, 1), row.model,
            percent(row.cv_frac, 1), percent(row.bias_frac, 2), "yes" if row.within_guideline else "no",
            percent(row.least_regression_frac, 1),
        )
        for row in rows
    ]  # fmt: skip
    heads = ("factory", "carrier", "a year", "sd of years", "least by bills", "regression on", "CV(RMSE)", "error of a year",
             "G14", "least by regression")  # fmt: skip
    note = "G14: CV(RMSE) at most 15 % and error of the next year at most 5 %, the monthly band of ASHRAE Guideline 14."
    return Table("What the meters of the factories can tell", heads, cells, note, 2)


def _programme_table(rows: Sequence[ProgrammeRow]) -> Table:
    from .summary import Table, percent

    cells = []
    for scenario in dict.fromkeys(row.scenario for row in rows):
        for carrier in dict.fromkeys(row.carrier for row in rows):
            own = [row for row in rows if (row.scenario, row.carrier) == (scenario, carrier)]
            if own:
                counts = (
                    str(sum(row.verdict == verdict for row in own)) for verdict in ("bills", "regression", "not provable")
                )
                middle = sorted(row.saving_frac for row in own)[len(own) // 2]
                ratio = sorted(row.paired_sd_frac / row.unpaired_sd_frac for row in own if row.unpaired_sd_frac)
                paired = percent(ratio[len(ratio) // 2], 1) if ratio else "–"
                cells.append((scenario, carrier, str(len(own)), percent(middle, 1), *counts, paired))
    heads = (
        "scenario",
        "carrier",
        "factories",
        "median saving",
        "by bills",
        "by regression",
        "not provable",
        "paired / unpaired sd",
    )
    note = (
        "All measures of a factory together. Paired: two scenarios of one year of chance, which only a simulation can compare."
    )
    return Table("What the meters show of a whole programme", heads, cells, note, 2)
