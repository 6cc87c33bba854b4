"""What a measure on a supplier of the park is: a change of its parameters."""

from __future__ import annotations

from abc import abstractmethod
from typing import TYPE_CHECKING, Any, ClassVar

from pydantic import ValidationError
from pydantic.dataclasses import dataclass

from ..components import COMPONENTS
from ..errors import CatalogueError, nearest
from ..kernel.component import Component
from .base import SETTINGS, Measure

if TYPE_CHECKING:
    from ..park import Park

OPERATOR_VOLTAGE_CLASS = "22_110"
"""Voltage class of plant, pumps and networks of the park's operator."""


@dataclass(frozen=True, kw_only=True, config=SETTINGS)
class SupplierMeasure(Measure):
    """A measure that acts on one supplier of the park: boiler house, compressor station, chiller plant or wastewater plant.

    The column ``factory`` names the supplier, and ``end_use`` is empty. What it saves is the operator's, who passes the cost of
    its networks on to those whom they serve, or the factory's that pays for the supplier. It stops no lines, and has no other
    savings. Subclasses say what they act on (``acts_on``) and which of its parameters become which (`changed`).
    """

    acts_on: ClassVar[tuple[type[Component], ...]] = ()

    def __post_init__(self) -> None:
        """Refuse an end use, and what belongs to one."""
        super().__post_init__()
        if self.end_use or self.other_vnd_per_yr or self.installation_downtime_h:
            raise ValueError(
                f"end_use: must be empty, and other_vnd_per_yr and installation_downtime_h 0, for {self.kind}, which acts on a "
                "supplier of the park"
            )

    def supplier(self, park: Park) -> Any:
        """Return the supplier.

        Raises
        ------
        CatalogueError
            If it is not there, of another type, or one that the measure can't change.
        """
        place = f"row {self.id}, column factory = {self.factory!r}"
        fitting = sorted(name for name, one in park.components.items() if isinstance(one, self.acts_on))
        if self.factory not in fitting:
            wanted = " or ".join(name for name, kind in COMPONENTS.items() if kind in self.acts_on)
            remedy = nearest(self.factory, fitting) if fitting else "this park has none, park=amata_full has"
            raise CatalogueError(f"{place}: {self.kind} acts on a supplier of the type {wanted}: {remedy}")
        component = park.components[self.factory]
        if reason := self.objection(component):
            raise CatalogueError(f"{place}: {reason}")
        return component

    def objection(self, supplier: Any) -> str:
        """Return why the measure can't act on a supplier of the right type; empty if it can."""
        return ""

    @abstractmethod
    def changed(self, supplier: Any) -> dict[str, Any]:
        """Return the parameters of the supplier that become others."""

    @abstractmethod
    def largest(self, supplier: Any) -> float:
        """Return the largest size that physics allows on a supplier."""

    def change(self, park: Park) -> Park:
        """Return the park with the supplier changed."""
        try:
            return park.replace(self.factory, **self.changed(self.supplier(park)))
        except ValidationError as error:
            reasons = "; ".join(f"{'.'.join(map(str, e['loc'])) or 'supplier'}: {e['msg']}" for e in error.errors())
            raise CatalogueError(
                f"row {self.id}, column size = {self.size:g}: does not fit {self.factory}: {reasons}"
            ) from None

    def size_bounds(self, park: Park) -> tuple[float, float]:
        """Return 0 and the largest size that physics allows on the supplier."""
        return 0.0, self.largest(self.supplier(park))

    def voltage_class(self, park: Park) -> str:
        """Return that of the factory that pays for the supplier, or of the operator."""
        payer = getattr(self.supplier(park), "paid_by", "")
        return park.factory(payer).voltage_class if payer else OPERATOR_VOLTAGE_CLASS

    def cost_quantity(self, park: Park) -> float:
        """Return the size, in its unit."""
        return self.size
