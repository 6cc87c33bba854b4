"""What does a long outage of one feeder cost, and what changes it? Draws the day and prints what it finds.

First: eipsim run experiment=feeder_outage
Then:  python experiments/feeder_outage.py [folder of results] [en|vi]
"""

import sys
from datetime import timedelta
from pathlib import Path

from eipsim.plots.outage_day import draw_outage_day
from eipsim.plots.slides import encode_slides, finding
from eipsim.results import read_results, write_figures

DAY = 4
"""The planned outage is on 5 January."""
SCENARIOS = ("outage", "outage_standby", "outage_159", "outage_159_standby")
SHOWN = "outage_standby"


def main(folder: str = "results", language: str = "en") -> None:
    """Draw and print the findings of the experiment whose results stand in a folder."""
    results = read_results("feeder_outage", Path(folder))
    means = results.table("kpis").groupby(["kpi", "scenario"])["value"].mean()
    unserved, lost, line_h = (
        {name: means[kpi, name] - means[kpi, "baseline"] for name in SCENARIOS}
        for kpi in ("unserved_kwh", "lost_margin_assessed_vnd", "lost_production_park_h")
    )
    water_m3, treated_m3 = (means[kpi, "baseline"] - means[kpi, "outage"] for kpi in ("water_park_m3", "treated_m3"))
    before, shown = results.detail("baseline"), results.detail(SHOWN)
    one_day = slice(round(24 * DAY / shown.step_h), round(24 * (DAY + 1) / shown.step_h))
    groups = {"feeder": "feeder_2.supply", "generators": ".power", "batteries": ".discharge"}
    carried = {
        part: sum(values[one_day] for name, values in shown.series.items() if name.endswith(ending))
        for part, ending in groups.items()
    }
    need = before.series["feeder_2.supply"][one_day]
    day = shown.start + timedelta(days=DAY)
    told = {"replications": int(results.manifest["replications"]), "language": language}
    figure = draw_outage_day(need, carried, unserved, lost, day=day, scenario=SHOWN, step_h=shown.step_h, **told)
    files = write_figures(results.folder, results.experiment, encode_slides({"outage_day": figure}, language=language))
    print(finding(figure))
    for name in SCENARIOS:
        dear = f"{lost[name] / 1e9:,.2f} bn VND more margin and {line_h[name]:,.0f} more line hours lost"
        print(f"{name}: {unserved[name] / 1e3:,.0f} MWh more unserved, {dear}")
    print(f"the outage alone: {water_m3:,.0f} m3 less water drawn, {treated_m3:,.0f} m3 less wastewater treated")
    print(f"{len(files)} files in {files[0].parent}")


if __name__ == "__main__":
    main(*sys.argv[1:])
