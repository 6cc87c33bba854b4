"""What an end use is: parameters with bounds, and the flows that follow from them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, ClassVar, NamedTuple

from pydantic import ConfigDict, Field
from pydantic.dataclasses import dataclass

from ..kernel.ports import GAUGE, INLET, LINES, OUTLET

Frac = Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)]
"""A share between 0 and 1."""
NonNegative = Annotated[float, Field(ge=0, allow_inf_nan=False)]
"""A quantity that may be zero."""
Positive = Annotated[float, Field(gt=0, allow_inf_nan=False)]
"""A quantity that must be there."""
Finite = Annotated[float, Field(allow_inf_nan=False)]
"""Any number, also a negative one."""
Driver = Annotated[str, Field(pattern=r"^(line:\d+|lines|open|always)$")]
"""What a use follows: one production line, the mean of all lines, the working hours, or nothing."""

EachDriver = Annotated[str, Field(pattern=r"^(line:\d+|each_line|lines|open|always)$")]
"""As `Driver`; ``each_line`` is the mean of all lines too, but drawn line by line, so that a line that is cut draws less."""

SETTINGS = ConfigDict(extra="forbid")
"""A field that does not exist is an error, never ignored."""


class Flow(NamedTuple):
    """One metered flow of an end use: rate = (rest + run × activity of the driver) × product of the factors.

    Parameters
    ----------
    name : str
        Name within the end use; the factory's port is ``<end use>_<name>``.
    carrier : str
        Name of a carrier.
    direction : int
        ``INLET``, ``OUTLET`` or ``GAUGE`` of the kernel.
    rest : float
        Rate at activity 0 [rate unit of the carrier].
    run : float
        What activity 1 adds [rate unit of the carrier].
    driver : str
        ``line:<k>``, ``lines`` (mean of all lines), ``each_line`` (the same in equal parts, one for each line), ``open``
        (working hours) or ``always`` (activity 1 at all hours).
    factors : tuple of str
        Profiles of the context or the park that multiply the rate.
    priority : int
        Class in a shortage.
    like : tuple of (str, float)
        Inlets of the end use by name, with weights, with which an outlet is cut in a shortage.
    """

    name: str
    carrier: str
    direction: int
    rest: float
    run: float
    driver: str
    factors: tuple[str, ...] = ()
    priority: int = LINES
    like: tuple[tuple[str, float], ...] = ()


@dataclass(frozen=True, kw_only=True, config=SETTINGS)
class EndUse:
    """A use of energy, water or materials in one factory, metered apart from all others.

    Parameters
    ----------
    driver : str
        What the use follows: ``line:<k>``, ``lines``, ``open`` or ``always``.
    other_vnd_per_h : float
        Money for upkeep, consumables and waste that belongs to the use, per calendar hour [VND/h]. A measure's other
        savings are taken off it, so it may be negative: it counts relative to what the factory spends anyway.
    """

    kind: ClassVar[str] = ""
    priority: ClassVar[int] = LINES

    driver: Driver = "lines"
    other_vnd_per_h: Finite = 0.0

    def flows(self, others: Mapping[str, EndUse]) -> tuple[Flow, ...]:
        """Return the metered flows.

        Parameters
        ----------
        others : mapping of str to EndUse
            All end uses of the factory by name; cooling takes up the heat of some of them.

        Returns
        -------
        tuple of Flow
            Flows that are always zero are left out.
        """
        flows = [flow for flow in self.own_flows(others) if flow.rest or flow.run]
        if self.other_vnd_per_h:
            flows.append(Flow("other", "materials", GAUGE, self.other_vnd_per_h, 0.0, "always"))
        return tuple(flows)

    def own_flows(self, others: Mapping[str, EndUse]) -> tuple[Flow, ...]:
        """Return the flows that follow from the engineering parameters."""
        raise NotImplementedError

    def brings(self) -> Mapping[str, tuple[float, ...]]:
        """Return what the water of each outlet brings with it, by flow, in the order of `carriers.LOADS` [g/m3]."""
        return {}

    def room_heat(self) -> tuple[Flow, ...]:
        """Return the electricity that ends as heat in cooled rooms, before any cooling."""
        return ()


def inlet_flow(name: str, carrier: str, rest: float, run: float, driver: str, *factors: str, priority: int = LINES) -> Flow:
    """Return a flow into the factory."""
    return Flow(name, carrier, INLET, rest, run, driver, factors, priority)


def outlet_flow(name: str, carrier: str, rest: float, run: float, driver: str, *factors: str, priority: int = LINES) -> Flow:
    """Return a flow out of the factory."""
    return Flow(name, carrier, OUTLET, rest, run, driver, factors, priority)


def shifted(flow: Flow, shifted_frac: float, off_peak_ratio: float) -> tuple[Flow, ...]:
    """Move a share of a flow out of the peak band into the off-peak band.

    Parameters
    ----------
    flow : Flow
        The flow as it is without shifting.
    shifted_frac : float
        Share of what falls into peak hours that is moved.
    off_peak_ratio : float
        Hours in the peak band over hours in the off-peak band in which the use runs. The amount is unchanged if this
        agrees with the calendar: 30/42 for a use that runs at all hours, over whole weeks.

    Returns
    -------
    tuple of Flow
        The unshifted share, and the shifted one in normal and in off-peak hours.
    """
    if not shifted_frac:
        return (flow,)

    def part(suffix: str, share: float, *factors: str) -> Flow:
        return flow._replace(
            name=flow.name + suffix, rest=flow.rest * share, run=flow.run * share, factors=(*flow.factors, *factors)
        )

    return (
        part("", 1 - shifted_frac),
        part("_normal", shifted_frac, "band:normal"),
        part("_off_peak", shifted_frac * (1 + off_peak_ratio), "band:offpeak"),
    )


def by_line(flow: Flow, lines: int) -> tuple[Flow, ...]:
    """Return a flow that is driven by each line as one flow for each of them, in equal parts; any other as it is."""
    if flow.driver != "each_line":
        return (flow,)
    parts = scaled((flow,), 1 / lines)
    return tuple(part._replace(name=f"{flow.name}_{k}", driver=f"line:{k}") for part in parts for k in range(lines))


def scaled(flows: tuple[Flow, ...], share: float) -> tuple[Flow, ...]:
    """Return the flows at a share of their rates, or none if the share is zero."""
    return tuple(flow._replace(rest=flow.rest * share, run=flow.run * share) for flow in flows) if share else ()
