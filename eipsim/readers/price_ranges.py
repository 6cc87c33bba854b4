"""Reads the ranges of dated prices and factors that a published figure may have been worked out with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from .tables import packaged, read_table

PEAK_H, OFFPEAK_H, NORMAL_H = 30, 42, 96
"""Hours a week in the tariff bands under both hour schedules [h]."""


class Span(NamedTuple):
    """From the least to the most [unit of what it is a span of]."""

    low: float
    high: float


class FuelSpan(NamedTuple):
    """What a gigajoule of a fuel costs and emits.

    Parameters
    ----------
    kgco2_per_gj : float
        Fossil carbon dioxide [kg/GJ].
    ncv_gj_per_t : float
        Net calorific value [GJ/t].
    price_vnd_per_gj : Span
        From the least to the most [VND/GJ].
    """

    kgco2_per_gj: float
    ncv_gj_per_t: float
    price_vnd_per_gj: Span


class PriceRanges(NamedTuple):
    """Everything dated or ranged that an audit compares with.

    Parameters
    ----------
    grid_tco2_per_mwh : mapping of int to float
        Grid factor by year of data [t/MWh].
    fuels : mapping of str to FuelSpan
        By carrier.
    water_vnd_per_m3 : Span
        City water with the fee for its wastewater [VND/m3].
    electricity_vnd_per_kwh : mapping of date to Span
        By the day from which a price decision holds, see `electricity_span` [VND/kWh].
    """

    grid_tco2_per_mwh: Mapping[int, float]
    fuels: Mapping[str, FuelSpan]
    water_vnd_per_m3: Span
    electricity_vnd_per_kwh: Mapping[date, Span]

    def electricity_span(self, first: date, last: date) -> Span:
        """Return the least and the most that a kWh cost in some days [VND/kWh].

        Least: a constant load at the highest voltage; most: working hours only, at the lowest. Before the first packaged
        decision its prices are taken.
        """
        days = sorted(self.electricity_vnd_per_kwh)
        start = max((day for day in days if day <= first), default=days[0])
        held = [self.electricity_vnd_per_kwh[day] for day in days if start <= day <= max(last, start)]
        return Span(min(one.low for one in held), max(one.high for one in held))


@dataclass(frozen=True)
class _Grid:
    data_year: int
    tco2_per_mwh: float


@dataclass(frozen=True)
class _FuelFactor:
    carrier: str
    fuel: str
    ncv_gj_per_t: float
    kgco2_per_gj: float
    biogenic_kgco2_per_gj: float


@dataclass(frozen=True)
class _FuelPrice:
    carrier: str
    vnd_per_gj: float
    low_vnd_per_gj: float
    high_vnd_per_gj: float


@dataclass(frozen=True)
class _WaterPrice:
    what: str
    vnd_per_m3: float
    low_vnd_per_m3: float
    high_vnd_per_m3: float


@dataclass(frozen=True)
class _Decision:
    effective_from: date
    decision: str
    voltage_class: str
    normal_vnd_per_kwh: float
    offpeak_vnd_per_kwh: float
    peak_vnd_per_kwh: float

    @property
    def constant_vnd_per_kwh(self) -> float:
        """Mean price of a load that is the same all week [VND/kWh]."""
        paid = PEAK_H * self.peak_vnd_per_kwh + OFFPEAK_H * self.offpeak_vnd_per_kwh + NORMAL_H * self.normal_vnd_per_kwh
        return paid / (PEAK_H + OFFPEAK_H + NORMAL_H)

    @property
    def awake_vnd_per_kwh(self) -> float:
        """Mean price of a load that is the same in all hours but the off-peak ones [VND/kWh]."""
        return (PEAK_H * self.peak_vnd_per_kwh + NORMAL_H * self.normal_vnd_per_kwh) / (PEAK_H + NORMAL_H)


def read_price_ranges() -> PriceRanges:
    """Read the packaged factors and ranges of prices.

    Raises
    ------
    DataError
        If a cell is wrong.
    """
    costs = {row.carrier: row for row in read_table(packaged("fuel_prices_vn.csv"), _FuelPrice)}
    fuels = {
        row.carrier: FuelSpan(
            row.kgco2_per_gj, row.ncv_gj_per_t, Span(costs[row.carrier].low_vnd_per_gj, costs[row.carrier].high_vnd_per_gj)
        )
        for row in read_table(packaged("fuel_ef_ipcc2006.csv"), _FuelFactor)
        if not row.biogenic_kgco2_per_gj
    }
    water = {row.what: row for row in read_table(packaged("water_prices_vn.csv"), _WaterPrice)}
    electricity: dict[date, Span] = {}
    for row in read_table(packaged("evn_manufacturing_tou_tariff.csv"), _Decision):
        held = electricity.get(row.effective_from, Span(float("inf"), 0.0))
        electricity[row.effective_from] = Span(min(held.low, row.constant_vnd_per_kwh), max(held.high, row.awake_vnd_per_kwh))
    return PriceRanges(
        {row.data_year: row.tco2_per_mwh for row in read_table(packaged("grid_ef_vietnam.csv"), _Grid)},
        fuels,
        Span(
            water["water"].low_vnd_per_m3 + water["wastewater"].low_vnd_per_m3,
            water["water"].high_vnd_per_m3 + water["wastewater_untreated"].high_vnd_per_m3,
        ),
        electricity,
    )
