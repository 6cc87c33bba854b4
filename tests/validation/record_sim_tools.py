"""Records how many replications sim-tools 1.3 asks for to know the mean wait of M/M/1 queues; run with sim-tools from PyPI.

PYTHONPATH=tests python tests/validation/record_sim_tools.py > tests/validation/sim_tools.json

The waits come from eipsim's own streams, so that a test can hand the very same numbers to eipsim's rule.
"""

import json
import sys
import warnings
from importlib.metadata import version

from mm1 import mean_wait_h
from sim_tools.output_analysis import ReplicationsAlgorithm

LEAST, MOST = 10, 150
CASES = [
    {"utilisation": utilisation, "seed": seed, "precision_frac": precision_frac, "look_ahead": look_ahead}
    for utilisation in (0.5, 0.8)
    for seed in (2, 3)
    for precision_frac in (0.05, 0.1)
    for look_ahead in (0, 5)
]


class Queue:
    """What sim-tools wants of a model."""

    def __init__(self, utilisation, seed):
        self.utilisation, self.seed = utilisation, seed

    def single_run(self, replication_number):
        return {"wait": mean_wait_h(self.utilisation, self.seed, replication_number)}


def recommended(case):
    rule = ReplicationsAlgorithm(0.05, case["precision_frac"], LEAST, case["look_ahead"], MOST)
    replications, table = rule.select(Queue(case["utilisation"], case["seed"]), ["wait"])
    last = table.iloc[-1]
    found = {"enough": replications["wait"], "run": len(table)}
    return case | found | {"mean": last["Cumulative Mean"], "low": last["Lower Interval"], "high": last["Upper Interval"]}


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    found = {"sim-tools": version("sim-tools"), "least": LEAST, "most": MOST, "cases": [recommended(case) for case in CASES]}
    json.dump(found, sys.stdout, indent=1)
    sys.stdout.write("\n")
