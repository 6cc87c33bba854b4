"""What a key performance indicator is, and the register of all of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import AfterValidator

from ..errors import nearest

if TYPE_CHECKING:
    from ..components.factory import Factory
    from ..context import Context
    from ..kernel.component import Component
    from ..kernel.run import Run
    from ..park import Park
    from .use import Use

Boundary = Literal["assessed", "park"]
Total = Callable[["Run", "Park", "Context"], float]
Value = Callable[["Use", "Factory", "Context"], float]


@dataclass(frozen=True)
class Kpi:
    """One number that is taken from each replication.

    Parameters
    ----------
    name : str
        Its name in tables and on axes; the unit is its suffix.
    unit : str
        Unit of the number.
    boundary : {"assessed", "park"}
        What it covers: meters and bills of the assessed factories, or the whole park.
    rare : bool
        Whether most years have none of it: reported by median, range and share of years, not by mean and interval.
    total : callable
        Takes a run, its park and its context; returns the number.
    value : callable or None
        Values what one factory uses. Linear in the use, so that it also values the part that one production line
        causes. With it a saving is taken at equal production; without it the plain difference stands.
    meaning : str
        First line of the docstring of ``total``.
    of_loads : bool
        Whether only a park whose wastewater carries loads has it.
    needs : tuple of type
        Only a park with a component of one of these classes has it; empty for any park.
    """

    name: str
    unit: str
    boundary: Boundary
    rare: bool
    total: Total
    value: Value | None
    meaning: str
    of_loads: bool = False
    needs: tuple[type[Component], ...] = ()

    def is_of(self, run: Run, park: Park) -> bool:
        """Say whether a run of a park has it."""
        if self.of_loads and run.loads is None:
            return False
        return not self.needs or any(isinstance(component, self.needs) for component in park.components.values())


KPIS: dict[str, Kpi] = {}


def _known(name: str) -> str:
    if name not in KPIS:
        raise ValueError(f"is no KPI: {nearest(name, KPIS)}")
    return name


KpiName = Annotated[str, AfterValidator(_known)]
"""Name of a KPI, as a parameter of what looks at one; any other is refused with the nearest."""


def kpi(
    *,
    unit: str,
    boundary: Boundary = "park",
    rare: bool = False,
    value: Value | None = None,
    of_loads: bool = False,
    needs: tuple[type[Component], ...] = (),
) -> Callable[[Total], Total]:
    """Register a function of (run, park, context) as a KPI; see `Kpi`.

    Parameters
    ----------
    unit : str
        Unit of what it returns.
    boundary : {"assessed", "park"}
        What it covers.
    rare : bool
        Whether most years have none of it.
    value : callable or None
        The same quantity of one factory's use; gives savings at equal production.
    of_loads : bool
        Whether only a park whose wastewater carries loads has it.
    needs : tuple of type
        Only a park with a component of one of these classes has it; empty for any park.

    Raises
    ------
    ValueError
        If the name is taken, or the function has no docstring to say what it means.
    """

    def register(function: Total) -> Total:
        name = function.__name__
        if name in KPIS:
            raise ValueError(f"KPI {name!r} is registered twice")
        if not function.__doc__:
            raise ValueError(f"KPI {name!r} has no docstring: its first line is its meaning in reports")
        KPIS[name] = Kpi(name, unit, boundary, rare, function, value, function.__doc__.strip().splitlines()[0], of_loads, needs)
        return function

    return register
