"""Does a stored run again from the configuration of a result that was made of it, and compares byte by byte."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

from .errors import ResultsError
from .experiment import Experiment
from .questions import Standing, standings
from .replication import Unit, do, units_of
from .scenario import Scenario
from .store import RUNS, maker_of_now, read_run
from .store.makers import read_makers
from .tabulation import alone_rounds, distinct


class Rerun(NamedTuple):
    """What came of doing a run again.

    Parameters
    ----------
    label : str
        Of the run.
    differing : list of str
        Files that have other bytes now; empty if all agree.
    files : int
        How many were compared.
    """

    label: str
    differing: list[str]
    files: int


def result_of(folder: Path, key: str) -> Standing:
    """Return a result that was made of a run.

    Raises
    ------
    ResultsError
        If there is none, or none with a configuration.
    """
    found = [one for one in standings(folder) if key in one.keys]
    if not found:
        raise ResultsError(f"run {key[:8]}: no result was made of it, so its configuration is not known: run its experiment")
    with_config = [one for one in found if one.manifest.get("config")]
    if not with_config:
        raise ResultsError(
            f"run {key[:8]}: {found[0].name} was made from Python without a configuration: run that script again"
        )
    return with_config[0]


def unit_in(experiment: Experiment, result: Standing, folder: Path, key: str) -> Unit:
    """Return the unit of work that a run was, made from the experiment as it is configured.

    Raises
    ------
    ResultsError
        If the unit has another hash now, with the reason.
    """
    run = read_run(folder, key)
    replication, seed = int(run.get("replication", 0)), int(run.get("seed", experiment.seed))
    asked = None if run.get("detail") is None else tuple(run["detail"])
    unit = units_of("again", _scenario(experiment, result, key), [replication], asked, seed=seed, hours=experiment.hours)[0]
    if unit.key == key:
        return unit
    maker = read_makers(folder).get(str(run.get("maker")))
    if maker is not None and maker.name != maker_of_now().name:
        raise ResultsError(
            f"run {key[:8]} is stale ({maker.changed_to(maker_of_now())}): go back to commit {result.manifest.get('commit')} "
            "and try again"
        )
    raise ResultsError(
        f"run {key[:8]}: the configuration of {result.name} describes another run now: a table or catalogue that it names has "
        "changed since"
    )


def rerun(unit: Unit, folder: Path) -> Rerun:
    """Do a unit again, and compare every file that it leaves behind with the one that is stored; nothing is written."""
    stored = folder / RUNS / unit.key
    files = do(unit).files
    differing = [name for name, data in files.items() if not (stored / name).is_file() or (stored / name).read_bytes() != data]
    return Rerun(str(read_run(folder, unit.key).get("label", unit.label)), differing, len(files))


def _scenario(experiment: Experiment, result: Standing, key: str) -> Scenario:
    for name, own in result.manifest["units"].items():
        if key in own:
            return experiment.scenarios[name]
    base = experiment.scenarios[experiment.baseline]
    rounds = alone_rounds(distinct([base, *experiment.scenarios.values()]).values())
    number = next(k for k, own in enumerate(result.manifest["alone_units"]) if key in own)
    return replace(base, name="alone", measures=rounds[number].measures)
