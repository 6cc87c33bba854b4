"""What becomes of the wastewater in a wet October? Draws tank, effluent and storm, and prints what they find.

First: eipsim run experiment=storm_october
Then:  python experiments/storm_october.py [folder of results] [en|vi]
"""

import sys
from pathlib import Path

from eipsim.plots.slides import draw_slides, encode_slides, finding
from eipsim.results import read_results, write_figures

SHOWN = ("tank", "effluent", "storm")
COUNTED = ("spill_m3", "spilled_cod_kg", "exceedance_h", "wet_lines_stopped_h", "tank_alarms_count", "effluent_cod_g_per_m3")


def main(folder: str = "results", language: str = "en") -> None:
    """Draw the slides of the storms, and print the mean of each scenario over the Octobers."""
    results = read_results("storm_october", Path(folder))
    slides = {name: figure for name, figure in draw_slides(results, language=language).items() if name in SHOWN}
    files = write_figures(results.folder, results.experiment, encode_slides(slides, language=language))
    for figure in slides.values():
        print(finding(figure))
    table = results.table("kpis")
    means = table[table.kpi.isin(COUNTED)].pivot_table(index="scenario", columns="kpi", values="value", sort=False)
    print(means[list(COUNTED)].round(1).to_string())
    print(f"{len(files)} files in {files[0].parent}")


if __name__ == "__main__":
    main(*sys.argv[1:])
