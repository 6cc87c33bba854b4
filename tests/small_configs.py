"""A folder of configurations with a park of two factories, for tests that run experiments in a second."""

import csv
import shutil
from pathlib import Path

from eipsim.readers.catalogue_table import DESK
from eipsim.readers.tables import packaged

ROOT = Path(__file__).parents[1]
FACTORIES = ("candles", "cosmetics")

PARK = """\
defaults:
  - amata
  - _self_
name: small
tenants: null
factories:
  factories: {folder}/amata_factories.csv
  lines: {folder}/amata_lines.csv
  end_uses: {folder}/amata_end_uses.csv
"""


CATALOGUE = """\
id,factory,end_use,type,recp_category,status,size,{desk},capital_vnd,yearly_cost_vnd,life_yr,lead_time_d,confidence
S1,candles,lighting,lighting_led,equipment_modification,implemented,0.5,{zeros},0,0,10,30,C
S2,candles,compressed_air,air_leaks,good_housekeeping,implemented,0.3,{zeros},0,0,3,30,C
S3,cosmetics,lighting,lighting_led,equipment_modification,proposed,0.8,{zeros},0,0,10,30,C
"""


def write_small_configs(folder: Path) -> Path:
    """Copy configs/ into a folder, where park=small and a catalogue of three measures are what is chosen."""
    configs = folder / "configs"
    shutil.copytree(ROOT / "configs", configs)
    for table in ("amata_factories.csv", "amata_lines.csv", "amata_end_uses.csv"):
        keep_rows(packaged(table), folder / table)
    rows = CATALOGUE.format(desk=",".join(DESK), zeros=",".join("0" for _ in DESK))
    (configs / "measures" / "amata_159.csv").write_text(rows, encoding="utf-8")
    (configs / "park" / "small.yaml").write_text(PARK.format(folder=folder), encoding="utf-8")
    root = configs / "config.yaml"
    root.write_text(root.read_text(encoding="utf-8").replace("park: amata", "park: small"), encoding="utf-8")
    return configs


def keep_rows(source: Path, target: Path) -> None:
    """Copy the rows of the two factories."""
    with source.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        rows = [row for row in reader if row["factory"] in FACTORIES]
    with target.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, reader.fieldnames, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
