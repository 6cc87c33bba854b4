"""Components whose water has loads: those that let it in, and those that it passes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from .component import Component
from .load_book import Amounts, Bins, nothing
from .ports import Port
from .traces import Floats


class Passer(Component):
    """A component that loads pass through: it takes what its inlets bring and says what leaves by its outlets.

    Loads are carried many bins at once: volumes are arrays of shape (bins,), loads of shape (bins, loads). What a component
    makes of a block of bins must not depend on where it begins or ends.

    Attributes
    ----------
    delays : bool
        Whether what leaves in a bin was there before it began. Such a component may close a loop of flows.
    stay_h : float
        How long loads stay with users who drink what it supplies, before they leave with their wastewater [h]; the longest
        of a bus holds for all of it.
    """

    delays: bool = False
    stay_h: float = 0.0

    @property
    def responds(self) -> bool:
        """Whether it has a `respond`, or loads to pass on: then the rates that it was dispatched are kept up to date."""
        return super().responds or self.simulation.loaded

    def start_loads(self) -> None:
        """Set what is in it at hour 0; called after `start`."""

    def give(self, bins: Bins, moved: Mapping[str, Floats]) -> Mapping[str, Amounts]:
        """Return what leaves by each outlet, none of which has arrived in these bins; of those that delay.

        Parameters
        ----------
        bins : Bins
            When they were.
        moved : mapping of str to ndarray of shape (bins,)
            What flowed through each port [m3].
        """
        raise NotImplementedError

    def take(self, bins: Bins, moved: Mapping[str, Floats], came: Mapping[str, Amounts]) -> Mapping[str, Amounts]:
        """Take what came by each inlet [kg]; return what leaves by each outlet, nothing if it delays."""
        raise NotImplementedError

    @classmethod
    def take_side_by_side(
        cls,
        passers: Sequence[Passer],
        bins: Bins,
        moved: Sequence[Mapping[str, Floats]],
        came: Sequence[Mapping[str, Amounts]],
    ) -> list[Mapping[str, Amounts]]:
        """Let several of this class take, none of which feeds another; return what leaves each.

        A class whose instances take faster together overrides this beside `take`, with the same results.
        """
        return [passer.take(bins, *each) for passer, *each in zip(passers, moved, came, strict=True)]

    def lags(self) -> Mapping[str, float]:
        """Return firm ports of whose rate a part follows the loads of the bin before, and what that is at most, by name."""
        return {}

    def lag(self, port: Port) -> float:
        """Return that part of a port's rate now, if it is served in full [rate unit of the port]."""
        raise NotImplementedError

    def lag_course(self, port: Port) -> Floats:
        """Return what that part was after each of the bins that were taken last, shape (bins,) [rate unit of the port]."""
        raise NotImplementedError

    def catch_up(self) -> None:
        """Let loads be carried up to now; to be called before anything changes that `take` looks at beside what it is given."""
        self.simulation.catch_up()

    def held(self) -> Amounts:
        """Return what is in it now [kg]."""
        return nothing()

    def booked(self) -> Mapping[str, Amounts]:
        """Return what has left the water since hour 0, by where it went: sludge, air, ground [kg]; negative if it was added."""
        return {}


class Source(Component):
    """A component whose wastewater has loads of its own."""

    def concentrations(self) -> Mapping[str, Sequence[float]]:
        """Return what each outlet's water brings with it, by port [g/m3]."""
        return {}
