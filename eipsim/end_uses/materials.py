"""Materials and chemicals, counted as money."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, ClassVar

from pydantic import Field
from pydantic.dataclasses import dataclass

from ..kernel.ports import GAUGE
from .base import SETTINGS, EndUse, Flow, NonNegative


@dataclass(frozen=True, kw_only=True, config=SETTINGS)
class Materials(EndUse):
    """What goes into the product, and the scrap that is bought and paid for without becoming product.

    Parameters
    ----------
    product_vnd_per_h : float
        Cost of the materials that end in good product at full activity [VND/h].
    scrap_frac : float
        Share of the purchased materials that is lost: the purchase is product / (1 − scrap).
    """

    kind: ClassVar[str] = "materials"

    product_vnd_per_h: NonNegative
    scrap_frac: Annotated[float, Field(ge=0, lt=0.9, allow_inf_nan=False)] = 0.03

    @property
    def purchase_vnd_per_h(self) -> float:
        """Cost of all purchased materials at full activity [VND/h]."""
        return self.product_vnd_per_h / (1 - self.scrap_frac)

    def own_flows(self, others: Mapping[str, EndUse]) -> tuple[Flow, ...]:
        """Return the purchase, a gauge of money."""
        return (Flow("materials", "materials", GAUGE, 0.0, self.purchase_vnd_per_h, self.driver),)
