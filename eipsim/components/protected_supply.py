"""Feeders and a substation that can carry more than their rating for a while, and then trip or cut their users."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Annotated, ClassVar, Literal

from pydantic import Field
from pydantic.dataclasses import dataclass

from ..kernel.component import Life, Storage
from ..kernel.ports import Port
from .bounds import STRICT, Count, NonNegative, Positive, PositiveOrInfinite
from .outages import Interruptible, Repairable
from .substation import Feeder, Substation

ROUNDING = 1e-9
"""Share of the rating by which a load may exceed it and still be at it."""


@dataclass(eq=False, kw_only=True, config=STRICT)
class Protected(Storage, Interruptible):
    """A supply with a relay that adds up the time above the rating.

    The relay is a storage of hours: it rises by one an hour while the load is above the rating and falls when it is not. When
    it is full the supply trips and stays out for ``reclose_h``, or its users are cut to the rating by priority class. So
    nothing can chatter: a trip lasts, and a cut ends only when the load has stayed low for ``reset_h``.

    Parameters
    ----------
    rating_mva : float or None
        Apparent power [MVA]; the rating is this × ``power_factor_frac``. None if ``rating_kw`` says it.
    power_factor_frac : float
        Active over apparent power of the load, 0-1.
    overload : {"trip", "shed"}
        What comes of a lasting overload: the supply opens, or the classes of lowest priority are cut.
    delay_h : float
        Time above the rating after which it comes, added up [h].
    reset_h : float
        Time at or below it in which a full relay forgets [h].
    reclose_h : float
        How long a trip lasts [h].
    resume_frac : float
        Load over rating below which cut users may come back, 0-1.

    Notes
    -----
    IEC 60255-151 calls this a definite-time characteristic with a definite reset. Without voltage, cold load and short
    circuits. Events: ``trip`` with load over rating, then ``out`` with its length [h] and ``back``; ``shed`` with load over
    rating, ``shed_end``. The level of a run is the relay's [h]: its rises are the hours above the rating.
    """

    rests: ClassVar[bool] = True
    supply: ClassVar[Port]

    rating_mva: Positive | None = None
    power_factor_frac: Annotated[float, Field(gt=0, le=1)] = 0.9
    overload: Literal["trip", "shed"] = "trip"
    delay_h: Positive = 0.25
    reset_h: Positive = 0.25
    reclose_h: Positive = 1.0
    resume_frac: Annotated[float, Field(gt=0, lt=1)] = 0.95

    def check_rating(self, rating_kw: float) -> None:
        """Refuse a supply with two ratings or none.

        Raises
        ------
        ValueError
            Naming both.
        """
        if (self.rating_mva is None) == math.isinf(rating_kw):
            given = "neither is" if self.rating_mva is None else "both are"
            mva = "null" if self.rating_mva is None else f"{self.rating_mva:g}"
            raise ValueError(f"rating_mva = {mva} MVA and rating_kw = {rating_kw:g} kW: {given} given; give one of them")

    def start(self) -> None:
        """Start with a relay that has nothing to remember."""
        super().start()
        self.capacity, self.level = self.delay_h, 0.0
        self.tripped, self.shedding = False, False

    @property
    def rated_kw(self) -> float:
        """The rating of the whole as active power [kW]."""
        kw: float = getattr(self, "rating_kw", math.inf)
        return kw if self.rating_mva is None else 1000.0 * self.rating_mva * self.power_factor_frac

    @property
    def available_kw(self) -> float:
        """What of the rating is there now [kW]."""
        return self.rated_kw

    def limit(self, port: Port) -> float:
        """Return no limit for the supply while it is up, or the rating while users are cut [kW]."""
        if port.name != "supply":
            return super().limit(port)
        if not self.up:
            return 0.0
        return self.available_kw if self.shedding else math.inf

    def net_rate(self) -> float:
        """Return how fast the relay rises or falls [h/h]."""
        if self.tripped:
            return -self.delay_h / self.reclose_h
        load_kw = self.supply.rate
        if load_kw > self.available_kw * (1 + ROUNDING):
            return 0.0 if self.level >= self.capacity else 1.0
        if not self.level or (self.shedding and load_kw >= self.resume_frac * self.available_kw):
            return 0.0
        return -self.delay_h / self.reset_h

    def rests_below(self, port: Port) -> float:
        """Return the rating while the relay has nothing to remember [kW]."""
        if port.name != "supply":
            return math.inf
        return -math.inf if self.level or self.tripped or self.shedding else self.available_kw

    def passed_mark(self) -> None:
        """Trip or cut when the relay is full; come back when it is empty."""
        if self.level:
            loading = self.supply.rate / self.available_kw if self.available_kw else math.inf
            if self.overload == "trip":
                self.tripped = True
                self.log("trip", loading)
                self.log("out", self.reclose_h)
                self.turn(False, "overload")
            else:
                self.shedding = True
                self.log("shed", loading)
                self.announce()
        elif self.tripped:
            self.tripped = False
            self.turn(True, "overload")
            self.log("back", 0.0)
        elif self.shedding:
            self.shedding = False
            self.log("shed_end", 0.0)
            self.announce()


@dataclass(eq=False, kw_only=True, config=STRICT)
class ProtectedFeeder(Protected, Feeder):
    """A feeder that carries what its users draw, and trips or cuts them when that is too much for too long.

    Parameters
    ----------
    place, to : str
        Where its users stand, and the busbar that it draws from.
    rating_kw, rating_mva, power_factor_frac : float
        Its rating as active power [kW], or as apparent power [MVA] with the power factor of its load, 0-1.
    overload, delay_h, reset_h, reclose_h, resume_frac
        As of a `Protected` supply: what comes of an overload, after how long, and when it ends [h].
    interruptions_per_yr, interruption_h_median, interruption_sigma, planned_outages_h
        As of a `Feeder`: outages of chance [1/yr, h] and those that come for certain [h].

    Notes
    -----
    Ports as of a `Feeder`; events as of a `Feeder` and a `Protected` supply.
    """

    def __post_init__(self) -> None:
        super().__post_init__()
        self.check_rating(self.rating_kw)


@dataclass(eq=False, kw_only=True, config=STRICT)
class ProtectedSubstation(Protected, Substation, Repairable):
    """A substation of transformers in parallel that fail one by one, and trips or cuts its users when they carry too much.

    Parameters
    ----------
    place : str
        The busbar.
    transformers : int
        How many share the load equally.
    rating_kw, rating_mva, power_factor_frac : float
        Rating of all together as active power [kW], or as apparent power [MVA] with the power factor of the load, 0-1.
    mtbf_h : float
        Mean time between failures of one transformer, exponential [h].
    repair_h_median, repair_sigma : float
        Until it is repaired or replaced, lognormal: median [h] and sigma of the logarithm.
    crew : str
        Component that repairs; empty if someone always comes at once.
    overload, delay_h, reset_h, reclose_h, resume_frac
        As of a `Protected` supply: what comes of an overload, after how long, and when it ends [h].
    interruptions_per_yr, interruption_h_median, interruption_sigma, planned_outages_h
        As of a `Substation`: outages of chance [1/yr, h] and those that come for certain [h].

    Notes
    -----
    Ports as of a `Substation`; events as of a `Substation` and a `Protected` supply, and ``transformer_down`` and
    ``transformer_up`` with the number that are up. Without any it is out.
    """

    transformers: Count = 1
    mtbf_h: PositiveOrInfinite = math.inf
    repair_h_median: Positive = 336.0
    repair_sigma: NonNegative = 0.6
    crew: str = ""

    def __post_init__(self) -> None:
        super().__post_init__()
        self.check_rating(self.rating_kw)

    def start(self) -> None:
        """All transformers are up at hour 0."""
        super().start()
        self.in_service = self.transformers

    def operate(self) -> Iterable[Life]:
        """Return its interruptions, and the life of each transformer."""
        yield from super().operate()
        yield from (self.fail_and_repair(f"transformer {k}") for k in range(self.transformers))

    @property
    def available_kw(self) -> float:
        """What of the rating is in service now [kW]."""
        return self.rated_kw * self.in_service / self.transformers

    def lose(self) -> None:
        """Do without one transformer."""
        self._turn(-1, "transformer_down")

    def regain(self) -> None:
        """Have one transformer more."""
        self._turn(+1, "transformer_up")

    def _turn(self, change: int, event: str) -> None:
        self.in_service += change
        self.log(event, self.in_service)
        self.turn(self.in_service > 0, "transformers")
