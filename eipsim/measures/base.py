"""What a measure is: a change of an end use of a factory, or of a supplier of the park, with cost, lead time and life."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

from pydantic import ConfigDict, Field, ValidationError
from pydantic.dataclasses import dataclass

from ..end_uses import EndUse
from ..errors import CatalogueError, EipsimError, nearest
from .desk import DeskFigures, DeskHours, DeskPrices, Saved, with_fuel_of_steam

if TYPE_CHECKING:
    from typing import Self

    from ..components import Factory
    from ..park import Park
    from ..timebase import Horizon

Frac = Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)]
BelowOne = Annotated[float, Field(ge=0, lt=1, allow_inf_nan=False)]
NonNegative = Annotated[float, Field(ge=0, allow_inf_nan=False)]
Positive = Annotated[float, Field(gt=0, allow_inf_nan=False)]
Finite = Annotated[float, Field(allow_inf_nan=False)]
Category = Literal[
    "good_housekeeping",
    "process_control",
    "equipment_modification",
    "technology_change",
    "on_site_recovery",
    "by_product",
    "input_material_change",
    "product_change",
    "rooftop_solar",
]
SETTINGS = ConfigDict(extra="forbid")
HOURS_PER_YEAR = 8760.0
SERVED = "is served by a network: {} of the {} instead, or leave the measure out"
"""Why a measure on machines can't act on an end use that has none of its own."""
_ROUNDING_FRAC = 1e-9


@dataclass(frozen=True, kw_only=True, config=SETTINGS)
class Measure(ABC):
    """A change that saves something, at a continuous size; at size 0 it changes nothing.

    Parameters
    ----------
    id : str
        Name of the row in a catalogue.
    factory : str
        Name of the factory; of a `SupplierMeasure` the name of the supplier.
    end_use : str
        Name of the end use that it acts on; empty if it acts on none.
    recp_category : str
        Category of resource-efficient and cleaner production.
    status : str
        ``implemented`` or ``proposed``.
    size : float
        How much of it, in the unit of the type: see its class.
    other_vnd_per_yr : float
        Savings of upkeep, consumables, waste or labour that are no energy, water or material of another kind [VND/yr];
        inferred, never measured.
    capital_vnd : float
        Investment [VND].
    yearly_cost_vnd : float
        Cost of keeping it going [VND/yr].
    life_yr : float
        Technical life [yr].
    lead_time_d : float
        From the decision to operation [d].
    installation_downtime_h : float
        Hours for which all lines of the factory stand still while it is installed, after the lead time [h].
    decay_frac_per_yr, commissioning_failure_frac : float or None
        Size lost each year, and installations that do nothing until mended; None for the usual ones of its type [0-1].
    confidence : str
        A, B or C.
    """

    kind: ClassVar[str] = ""

    id: str
    factory: str
    end_use: str = ""
    recp_category: Category
    status: Literal["implemented", "proposed"] = "proposed"
    size: NonNegative
    other_vnd_per_yr: Finite = 0.0
    capital_vnd: NonNegative = 0.0
    yearly_cost_vnd: NonNegative = 0.0
    life_yr: Positive = 10.0
    lead_time_d: NonNegative = 0.0
    installation_downtime_h: NonNegative = 0.0
    decay_frac_per_yr: BelowOne | None = None
    commissioning_failure_frac: BelowOne | None = None
    confidence: Literal["A", "B", "C"] = "C"

    def __post_init__(self) -> None:
        """Refuse other savings of a measure that does nothing."""
        if self.other_vnd_per_yr and not self.size:
            raise ValueError(f"other_vnd_per_yr = {self.other_vnd_per_yr:g}: must be 0 at size 0")

    def apply(self, park: Park) -> Park:
        """Return the park with the measure.

        Parameters
        ----------
        park : Park
            The park without it; it stays as it is.

        Raises
        ------
        CatalogueError
            If the factory or end use is not there or of another type, or the measure does not fit it; the message
            names row and column.
        """
        if self.size:
            park = self.change(park)
        if not self.installation_downtime_h:
            return park
        stops = self.tenant(park).planned_stops_h
        start_h = max([24.0 * self.lead_time_d, *(end for _, end in stops)])
        return park.replace(self.factory, planned_stops_h=(*stops, (start_h, start_h + self.installation_downtime_h)))

    @abstractmethod
    def change(self, park: Park) -> Park:
        """Return the park with the effect of the measure, at a size above 0."""

    @abstractmethod
    def size_bounds(self, park: Park) -> tuple[float, float]:
        """Return the smallest and largest size that physics allows in a park.

        Raises
        ------
        CatalogueError
            If what it acts on is not there.
        """

    @abstractmethod
    def saved_on_paper(self, park: Park, horizon: Horizon) -> Saved:
        """Return what a year saves by nameplate, scheduled hours and fraction; other savings come on top.

        Raises
        ------
        CatalogueError
            If what it acts on is not there.
        """

    @abstractmethod
    def cost_quantity(self, park: Park) -> float:
        """Return what the capital is proportional to, in the unit of ``measure_costs.csv``.

        Raises
        ------
        CatalogueError
            If what it acts on is not there.
        """

    def tenant(self, park: Park) -> Factory:
        """Return the factory.

        Raises
        ------
        CatalogueError
            If it is not there.
        """
        try:
            return park.factory(self.factory)
        except EipsimError as error:
            raise CatalogueError(f"row {self.id}, column factory = {self.factory!r}: {error}") from None

    def check(self, park: Park) -> None:
        """Find whether the measure fits a park.

        Raises
        ------
        CatalogueError
            If what it acts on is not there, or the size is out of bounds; the message names row and column.
        """
        low, high = self.size_bounds(park)
        if not low <= self.size <= high * (1 + _ROUNDING_FRAC):
            raise CatalogueError(f"row {self.id}, column size = {self.size:g}: must be from {low:g} to {high:g}")

    def desk(self, park: Park, prices: DeskPrices) -> DeskFigures:
        """Return what a consultant would write: independent of all other measures and of the simulation.

        Parameters
        ----------
        park : Park
            The park before any measure.
        prices : DeskPrices
            Flat prices and factors.

        Raises
        ------
        CatalogueError
            If what it acts on is not there.
        """
        saved = self.saved_on_paper(park, prices.horizon)
        saved = replace(saved, other_vnd=saved.other_vnd + self.other_vnd_per_yr)
        return prices.figures(saved, self.voltage_class(park))

    def voltage_class(self, park: Park) -> str:
        """Return the voltage class at whose prices electricity is saved on paper.

        Raises
        ------
        CatalogueError
            If what it acts on is not there.
        """
        return self.tenant(park).voltage_class

    def resized(self, size: float) -> Self:
        """Return the measure at another size, with costs and other savings in proportion.

        Parameters
        ----------
        size : float
            New size; costs stay as they are if the old size is 0.
        """
        ratio = size / self.size if self.size else 1.0
        return replace(
            self,
            size=size,
            other_vnd_per_yr=self.other_vnd_per_yr * ratio,
            capital_vnd=self.capital_vnd * ratio,
            yearly_cost_vnd=self.yearly_cost_vnd * ratio,
        )


@dataclass(frozen=True, kw_only=True, config=SETTINGS)
class EndUseMeasure(Measure):
    """A measure that acts on exactly one end use, by replacing its engineering parameters.

    Subclasses say which end uses they act on (``acts_on``), how they change one (`improve`), how large they can be
    (`largest`), what a desk calculation makes of them (`desk_saving`) and what their capital depends on (`quantity`).
    """

    acts_on: ClassVar[tuple[type[EndUse], ...]] = ()

    def change(self, park: Park) -> Park:
        """Return the park with the end use improved."""
        old = self.target(park)
        try:
            new = self.improve(old)
            new = replace(new, other_vnd_per_h=new.other_vnd_per_h - self.other_vnd_per_yr / HOURS_PER_YEAR)
        except ValidationError as error:
            reasons = "; ".join(f"{'.'.join(map(str, e['loc'])) or 'end use'}: {e['msg']}" for e in error.errors())
            raise CatalogueError(
                f"row {self.id}, column size = {self.size:g}: does not fit {self.end_use}: {reasons}"
            ) from None
        return park.replace_end_use(self.factory, self.end_use, new)

    def target(self, park: Park) -> EndUse:
        """Return the end use that the measure acts on.

        Raises
        ------
        CatalogueError
            If it is not there, of another type, or one that the measure can't change.
        """
        end_uses = self.tenant(park).end_uses
        place = f"row {self.id}, column end_use = {self.end_use!r}"
        if self.end_use not in end_uses:
            raise CatalogueError(f"{place}: {self.factory} has no such end use; {nearest(self.end_use, end_uses)}")
        end_use = end_uses[self.end_use]
        if not isinstance(end_use, self.acts_on):
            wanted = " or ".join(kind.kind for kind in self.acts_on)
            raise CatalogueError(f"{place}: is {end_use.kind}; {self.kind} acts on {wanted}")
        if reason := self.objection(end_use):
            raise CatalogueError(f"{place}: {reason}")
        return end_use

    def objection(self, end_use: EndUse) -> str:
        """Return why the measure can't act on an end use of the right type; empty if it can."""
        return ""

    @abstractmethod
    def improve(self, end_use: EndUse) -> EndUse:
        """Return the end use with the measure."""

    @abstractmethod
    def largest(self, end_use: EndUse) -> float:
        """Return the largest size that physics allows on an end use."""

    @abstractmethod
    def desk_saving(self, end_use: EndUse, hours: DeskHours, others: Mapping[str, EndUse]) -> Saved:
        """Return what a year saves by nameplate, scheduled hours and fraction.

        Parameters
        ----------
        end_use : EndUse
            What the measure acts on, before any measure.
        hours : DeskHours
            Scheduled hours of the factory.
        others : mapping of str to EndUse
            All end uses of the factory, of which a chiller's nameplate is made up.
        """

    @abstractmethod
    def quantity(self, end_use: EndUse) -> float:
        """Return what the capital is proportional to, in the unit of ``measure_costs.csv``."""

    def size_bounds(self, park: Park) -> tuple[float, float]:
        """Return 0 and the largest size that physics allows on the end use."""
        return 0.0, self.largest(self.target(park))

    def saved_on_paper(self, park: Park, horizon: Horizon) -> Saved:
        """Return what the end use saves by the schedule of the factory; steam as the fuel that its boilers burn for it."""
        hours = DeskHours.of_factory(park, self.factory, horizon)
        saved = self.desk_saving(self.target(park), hours, self.tenant(park).end_uses)
        return with_fuel_of_steam(saved, park, self.factory) if saved.steam_t else saved

    def cost_quantity(self, park: Park) -> float:
        """Return what the capital is proportional to, in the unit of ``measure_costs.csv``."""
        return self.quantity(self.target(park))
