"""Others as they were recorded: flows that follow series of an earlier run instead of being simulated again."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import field

import numpy as np
from numpy.typing import NDArray
from pydantic.dataclasses import dataclass

from ..errors import DataError, nearest
from ..kernel.component import Component
from ..kernel.ports import GAUGE, Port
from ..kernel.run import Run
from .bounds import STRICT


@dataclass(eq=False, kw_only=True, config=STRICT)
class Background(Component):
    """Components that were recorded, joined into one flow for each carrier, place and direction.

    They react to nothing but a shortage. Amounts are those of the recorded run, exactly if its steps are those of the
    profiles; peaks are means over a step.

    Parameters
    ----------
    place : str
        Only a name; each flow stands at its own place.
    flows : tuple of (str, int, str)
        Carrier, direction and place.

    Notes
    -----
    Each port follows the profile ``background:<carrier>:<direction>:<place>`` [rate unit of the carrier].
    """

    place: str = "park"
    flows: tuple[tuple[str, int, str], ...] = field()

    def declared_ports(self) -> dict[str, Port]:
        """Return a port for each flow."""
        return {
            f"{carrier}_{'into' if direction < 0 else 'out_of'}_{place}": Port(
                carrier, direction, factors=(profile_name(carrier, direction, place),), activity=0, place=place
            )
            for carrier, direction, place in self.flows
        }

    def start(self) -> None:
        """Flow as recorded from hour 0 on."""
        self.activity[0] = 1.0


def profile_name(carrier: str, direction: int, place: str) -> str:
    """Return the name of the profile that a flow follows."""
    return f"background:{carrier}:{direction:+d}:{place}"


def recorded(run: Run, components: Collection[str]) -> tuple[Background, dict[str, NDArray[np.float64]]]:
    """Return components of a run as a background, and the profiles that it follows.

    Parameters
    ----------
    run : Run
        With the series of all ports of these components recorded.
    components : collection of str
        Their names.

    Raises
    ------
    DataError
        If a component has no ports in the run, or a port was not recorded.
    """
    names, known = set(components), {column.component for column in run.columns}
    if unknown := sorted(names - known):
        raise DataError(f"the run has no component '{unknown[0]}': {nearest(unknown[0], known)}")
    profiles: dict[str, NDArray[np.float64]] = {}
    flows: set[tuple[str, int, str]] = set()
    for column in run.columns:
        if column.component in names and column.direction != GAUGE:
            key = f"{column.component}.{column.port}"
            if key not in run.series:
                raise DataError(f"{key} was not recorded: run again with record=('{column.component}.*',)")
            name = profile_name(column.carrier, column.direction, column.place)
            flows.add((column.carrier, column.direction, column.place))
            profiles[name] = profiles.get(name, 0.0) + run.series[key]
    return Background(flows=tuple(sorted(flows))), profiles
