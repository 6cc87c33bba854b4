"""From a run to what is kept of it: all KPIs, and what each factory used, made and paid."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..kernel.ports import ALL_LINES
from .base import KPIS, Value
from .comparison import FactoryOutcome, LineUse, Outcome
from .cost import Item, bill, operator_bill
from .use import books_of, opened

if TYPE_CHECKING:
    from ..context import Context
    from ..kernel.run import Run
    from ..park import Park


def evaluate(run: Run, park: Park, context: Context) -> Outcome:
    """Return all KPIs that a run has, and per factory what equal-production savings need.

    Parameters
    ----------
    run : Run
        One replication.
    park : Park
        What was simulated, with its measures.
    context : Context
        Prices and factors.
    """
    values = values_of_kpis()
    factories = {}
    with opened(run, park) as books:
        for name, factory in park.factories().items():
            use, caused, made = books.use(name), books.caused(name), books.made(name, factory)
            lines = {
                "all" if k == ALL_LINES else str(k): LineUse(
                    units, {label: value(caused[k], factory, context) for label, value in values.items()} if k in caused else {}
                )
                for k, units in made.items()
            }
            used = {label: value(use, factory, context) for label, value in values.items()}
            factories[name] = FactoryOutcome(factory.assessed, used, lines)
        had = {name: kpi for name, kpi in KPIS.items() if kpi.is_of(run, park)}
        return Outcome({name: kpi.total(run, park, context) for name, kpi in had.items()}, factories)


def values_of_kpis() -> dict[str, Value]:
    """Return by name what is valued factory by factory and line by line."""
    return {kpi.value.__name__: kpi.value for kpi in KPIS.values() if kpi.value is not None}


OPERATOR, OTHERS = "operator", "other_tenants"
"""What bills call the park's operator, and all factories that are not assessed."""


def all_bills(run: Run, park: Park, context: Context) -> dict[str, list[Item]]:
    """Return who pays what: the bill of each assessed factory, of the other tenants together, and of the park's operator.

    Parameters
    ----------
    run : Run
        One replication.
    park : Park
        What was simulated.
    context : Context
        Prices in force.

    Returns
    -------
    dict of str to list of Item
        By factory, `OTHERS` and `OPERATOR`, whose fees earned are negative: the wastewater fees of all bills cancel out.
    """
    books = books_of(run, park)
    summed: dict[tuple[str, str], tuple[float, float]] = {}
    for name, factory in park.factories().items():
        for item in () if factory.assessed else bill(books.use(name), factory, context):
            quantity, vnd = summed.get((item.item, item.unit), (0.0, 0.0))
            summed[item.item, item.unit] = quantity + item.quantity, vnd + item.amount_vnd
    others = [Item(item, quantity, unit, vnd) for (item, unit), (quantity, vnd) in summed.items()]
    told = {OTHERS: others} if others else {}
    return {**bills(run, park, context), **told, OPERATOR: operator_bill(run, park, context)}


def bills(run: Run, park: Park, context: Context) -> dict[str, list[Item]]:
    """Return the bill of each assessed factory."""
    books = books_of(run, park)
    return {name: bill(books.use(name), factory, context) for name, factory in park.assessed().items()}
