"""What becomes of plant, substation and reservoir in a wet October? Draws tank, effluent and storm, and prints what they find.

First: eipsim run experiment=storm_october
Then:  python experiments/storm_october.py [folder of results] [en|vi]
"""

import sys
from pathlib import Path

from eipsim.plots.slides import draw_slides, encode_slides, finding
from eipsim.results import read_results, write_figures

SHOWN = ("tank", "effluent", "storm")
COUNTED = {
    "plant": ("spill_m3", "spilled_cod_kg", "exceedance_h", "wet_lines_stopped_h", "tank_alarms_count"),
    "effluent": ("treated_m3", "effluent_cod_g_per_m3", "reuse_frac"),
    "substation": ("substation_peak_loading_frac", "feeder_peak_loading_frac", "unserved_kwh", "saidi_h"),
    "reservoir": ("reservoir_lowest_frac", "water_short_h"),
}
"""KPIs by the part of the park that they are about."""


def main(folder: str = "results", language: str = "en") -> None:
    """Draw the slides of the storms, and print the mean of each scenario over the Octobers."""
    results = read_results("storm_october", Path(folder))
    slides = {name: figure for name, figure in draw_slides(results, language=language).items() if name in SHOWN}
    files = write_figures(results.folder, results.experiment, encode_slides(slides, language=language))
    for figure in slides.values():
        print(finding(figure))
    table = results.table("kpis")
    means = table.pivot_table(index="kpi", columns="scenario", values="value", sort=False)
    for part, kpis in COUNTED.items():
        print(f"\n{part}\n{means.loc[list(kpis)].round(3).to_string()}")
    print(f"{len(files)} files in {files[0].parent}")


if __name__ == "__main__":
    main(*sys.argv[1:])
