"""Key performance indicators: what is read from a run, and how scenarios are compared."""

from . import carbon, cost, energy, networks, production, reliability, supply, wastewater, water, water_supply
from .base import KPIS, Kpi, kpi
from .comparison import FactoryOutcome, LineUse, Outcome, Saving, compare, factory_saving, paired_savings
from .intervals import BCA_FROM, Interval, bca_interval, interval_of, paired_spread, rare_interval, share_of_years, t_interval
from .outcome import all_bills, bills, evaluate
from .peaks import billed_ports
from .quantiles import quantile_interval
from .selection import Selected, Selecting, select
from .stopping import Precision, Stopped, Stopping, decide, running

__all__ = [
    "BCA_FROM",
    "KPIS",
    "FactoryOutcome",
    "Interval",
    "Kpi",
    "LineUse",
    "Outcome",
    "Precision",
    "Saving",
    "Selected",
    "Selecting",
    "Stopped",
    "Stopping",
    "all_bills",
    "bca_interval",
    "billed_ports",
    "bills",
    "carbon",
    "compare",
    "cost",
    "decide",
    "energy",
    "evaluate",
    "factory_saving",
    "interval_of",
    "kpi",
    "networks",
    "paired_savings",
    "paired_spread",
    "production",
    "quantile_interval",
    "rare_interval",
    "reliability",
    "running",
    "select",
    "share_of_years",
    "supply",
    "t_interval",
    "wastewater",
    "water",
    "water_supply",
]
