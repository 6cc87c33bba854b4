"""Who pays and who saves under the law of July 2026? Draws the reform and prints bills and savings under each law.

First: eipsim run experiment=tariff_reform_2026
Then:  python experiments/tariff_reform_2026.py [folder of results] [en|vi]
"""

import sys
from pathlib import Path

from eipsim.plots.reform import draw_reform
from eipsim.plots.slides import encode_slides, finding
from eipsim.results import read_results, write_figures

LAWS = {"law_2022": ("baseline", "all_159"), "law_2026": ("law_2026", "law_2026_159"), "two_part": ("two_part", "two_part_159")}


def main(folder: str = "results", language: str = "en") -> None:
    """Draw the reform, and print each payer's bill without measures and what the 159 save, in million VND."""
    results = read_results("tariff_reform_2026", Path(folder))
    bills, manifest = results.table("bills"), results.manifest
    figure = draw_reform(bills, LAWS, hours=manifest["hours"], replications=manifest["replications"], language=language)
    files = write_figures(results.folder, results.experiment, encode_slides({"reform": figure}, language=language))
    print(finding(figure))
    sums = bills.groupby(["factory", "scenario"]).amount_vnd.sum().unstack(fill_value=0) / 1e6
    for law, (without, measured) in LAWS.items():
        sums[f"{law} bill"], sums[f"{law} saved"] = sums[without], sums[without] - sums[measured]
    print(sums[[name for name in sums if " " in name]].round(0).to_string())
    print(f"{len(files)} files in {files[0].parent}")


if __name__ == "__main__":
    main(*sys.argv[1:])
