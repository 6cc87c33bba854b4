"""What did the 60 measures save, and what would all 159? Draws the slides of the results and prints what they find.

First: eipsim run experiment=recp_savings
Then:  python experiments/recp_savings.py [folder of results] [en|vi]
"""

import sys
from pathlib import Path

from eipsim.plots.slides import draw_slides, encode_slides, finding
from eipsim.results import read_results, write_figures


def main(folder: str = "results", language: str = "en") -> None:
    """Draw and print the findings of the experiment whose results stand in a folder."""
    results = read_results("recp_savings", Path(folder))
    slides = draw_slides(results, language=language)
    files = write_figures(results.folder, results.experiment, encode_slides(slides, language=language))
    for figure in slides.values():
        print(finding(figure))
    print(f"{len(files)} files in {files[0].parent}")


if __name__ == "__main__":
    main(*sys.argv[1:])
