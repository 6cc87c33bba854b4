"""The meter between a site with its own generation and the feeder that it hangs on."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import field

from pydantic.dataclasses import dataclass

from ..kernel.component import Follow, Life
from ..kernel.ports import Port, inlet, outlet
from .bounds import STRICT, NonNegative, PositiveOrInfinite
from .outages import Watched, supply_chain


@dataclass(eq=False, kw_only=True, config=STRICT)
class Meter(Watched):
    """Joins a site to the next place up: imports what the site lacks, exports its surplus up to a cap.

    Bills, self-consumption and zero export read its two flows. Only a site with flexible components of its own (solar,
    battery) needs one; any other is metered by its end uses and shares its feeder's bus.

    Parameters
    ----------
    place : str
        The site.
    to : str
        The place one level up.
    feeder : str
        Component that must be up for any export, with what it hangs on; empty if none can be out.
    rating_kw : float
        The most it can import [kW].
    threshold_kw : float
        Import above it comes after a battery on the site, so that it is shaved [kW]; infinite for none.
    export_cap_kw : float
        The most it may export [kW]; 0 is zero export. `Scenario.build` sets it from the rules in force.

    Notes
    -----
    Ports: ``import_`` and ``export`` on the site; ``draw`` and ``feed`` equal them at the place one level up. What may
    not be exported is curtailed at its source. In a shortage one level up the meter is cut as an ordinary user, and the
    classes of the site's users count within the site. With a threshold import above it has ports of its own, ``above`` and
    ``draw_above``.
    """

    import_ = outlet("electricity", merit=9)
    export = inlet("electricity", merit=2)
    draw = inlet("electricity")
    feed = outlet("electricity")

    place: str = field()
    to: str = field()
    feeder: str = ""
    rating_kw: PositiveOrInfinite = math.inf
    threshold_kw: PositiveOrInfinite = math.inf
    export_cap_kw: NonNegative = 0.0

    def declared_ports(self) -> dict[str, Port]:
        """Return the ports at both ends."""
        ends = {"draw": inlet("electricity", place=self.to), "feed": outlet("electricity", place=self.to)}
        if self.has_threshold:
            ends |= {"above": outlet("electricity", merit=11), "draw_above": inlet("electricity", place=self.to)}
        return super().declared_ports() | ends

    @property
    def has_threshold(self) -> bool:
        """Whether import is split at a threshold."""
        return self.threshold_kw < math.inf

    @property
    def import_ports(self) -> tuple[str, ...]:
        """Names of the ports whose sum is the import."""
        return ("import_", "above") if self.has_threshold else ("import_",)

    def operate(self) -> Iterable[Life]:
        """Watch the feeder, and what it hangs on."""
        self.chain = tuple(supply_chain(self, self.feeder)) if self.feeder else ()
        for part in self.chain:
            part.watchers.append(self)
        return ()

    def limit(self, port: Port) -> float:
        """Return rating or export cap; nothing is exported into a dead line [kW]."""
        if port.name == "import_":
            return min(self.rating_kw, self.threshold_kw)
        if port.name == "above":
            return max(0.0, self.rating_kw - self.threshold_kw)
        return self.export_cap_kw if all(part.up for part in self.chain) else 0.0

    def follows(self) -> Mapping[str, Follow]:
        """Let the upper side equal the site's side."""
        above = {"draw_above": Follow("above")} if self.has_threshold else {}
        return {"draw": Follow("import_"), "feed": Follow("export")} | above
