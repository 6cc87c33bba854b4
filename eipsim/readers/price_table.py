"""Reads prices of water and fuels, emission factors, and the rules for selling rooftop solar power."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from ..carriers import FUELS
from ..errors import ConfigError, DataError, nearest
from .tables import in_force, packaged, read_table

SALE_CAPS = ("installed_capacity", "monthly_output")
"""What the cap of a solar regime can be a fraction of."""


@dataclass(frozen=True)
class Prices:
    """What factories pay for water, wastewater and fuels; electricity is a `Tariff`.

    All are estimates (confidence C) of the level of 2022: see the packaged tables for ranges and reasons.

    Parameters
    ----------
    water_vnd_per_m3 : float
        City water [VND/m3].
    wastewater_vnd_per_m3 : float
        Fee of the central plant for inflow at column B of the discharge standard [VND/m3].
    wastewater_untreated_vnd_per_m3 : float
        Its fee for untreated inflow [VND/m3].
    fuel_vnd_per_gj : mapping of str to float
        Price of each fuel by carrier, per net calorific value [VND/GJ].
    cod_limit_g_per_m3, cod_vnd_per_kg : float
        Mean concentration of COD that the wastewater fee covers [g/m3], and what each kilogram beyond it costs [VND/kg].
    """

    water_vnd_per_m3: float
    wastewater_vnd_per_m3: float
    wastewater_untreated_vnd_per_m3: float
    fuel_vnd_per_gj: Mapping[str, float]
    cod_limit_g_per_m3: float
    cod_vnd_per_kg: float

    def cod_beyond_kg(self, wastewater_m3: float, cod_kg: float) -> float:
        """Return the COD beyond what the fee of so much wastewater covers [kg]."""
        return max(0.0, cod_kg - self.cod_limit_g_per_m3 / 1000.0 * wastewater_m3)


@dataclass(frozen=True)
class FuelGases:
    """What a gigajoule of a fuel emits, per net calorific value.

    Parameters
    ----------
    fossil_co2_kg_per_gj, biogenic_co2_kg_per_gj : float
        Carbon dioxide of fossil carbon, and of carbon that plants had taken up [kg/GJ].
    ch4_g_per_gj, n2o_g_per_gj : float
        Methane and nitrous oxide [g/GJ].
    """

    fossil_co2_kg_per_gj: float
    biogenic_co2_kg_per_gj: float
    ch4_g_per_gj: float
    n2o_g_per_gj: float


@dataclass(frozen=True)
class EmissionFactors:
    """What a purchased kilowatt-hour and a burnt gigajoule emit.

    Parameters
    ----------
    grid_year : int
        The year whose grid factor is used.
    grid_tco2_per_mwh : float
        National combined-margin factor of purchased electricity [t CO2/MWh].
    fuel_kgco2_per_gj : mapping of str to float
        Direct emission by carrier, per net calorific value [kg CO2e/GJ]; of biomass methane and nitrous oxide only.
    fuel_ncv_gj_per_t : mapping of str to float
        Net calorific value by carrier [GJ/t].
    fuel_gases : mapping of str to FuelGases
        What each fuel emits gas by gas.
    """

    grid_year: int
    grid_tco2_per_mwh: float
    fuel_kgco2_per_gj: Mapping[str, float]
    fuel_ncv_gj_per_t: Mapping[str, float]
    fuel_gases: Mapping[str, FuelGases]

    def kgco2_per_gj(self, carrier: str) -> float:
        """Return the direct emission of a fuel [kg CO2e/GJ]; raise ConfigError for what is no fuel."""
        if carrier not in self.fuel_kgco2_per_gj:
            raise ConfigError(f"carrier {carrier!r} has no emission factor: {nearest(carrier, self.fuel_kgco2_per_gj)}")
        return self.fuel_kgco2_per_gj[carrier]


@dataclass(frozen=True)
class SolarRegime:
    """How much rooftop solar power may be sold to the grid, and for how much.

    Parameters
    ----------
    name : str
        The rule.
    effective_from : date
        First day in force.
    sale_cap_frac : float
        The most that may be sold, as a fraction of what ``sale_cap_of`` says, 0-1; 0 means zero export.
    sale_cap_of : {"installed_capacity", "monthly_output"}
        What the cap is a fraction of: at every instant the kW sold of the kWp installed, or over a month the kWh sold
        of the kWh made.
    price_vnd_per_kwh : float
        What a sold kWh earns [VND/kWh].
    """

    name: str
    effective_from: date
    sale_cap_frac: float
    sale_cap_of: str
    price_vnd_per_kwh: float

    @property
    def export_frac(self) -> float:
        """The most that a site may export, over its installed peak power [1].

        A cap on installed capacity limits the power; a cap on the output of a month limits what is paid for, so that the
        port is open; without any sale the surplus is curtailed.
        """
        return self.sale_cap_frac if self.sale_cap_of == "installed_capacity" else float(self.sale_cap_frac > 0)

    def paid_kwh(self, exported_kwh: float, made_kwh: float) -> float:
        """Return what is paid of one month's export [kWh].

        Parameters
        ----------
        exported_kwh, made_kwh : float
            Exported by a site, and made by its arrays in the month [kWh].
        """
        return exported_kwh if self.sale_cap_of == "installed_capacity" else min(exported_kwh, self.sale_cap_frac * made_kwh)


@dataclass(frozen=True)
class _FuelFactorRow:
    carrier: str
    fuel: str
    ncv_gj_per_t: float
    kgco2_per_gj: float
    biogenic_kgco2_per_gj: float


@dataclass(frozen=True)
class _GasRow:
    carrier: str
    ch4_g_per_gj: float
    n2o_g_per_gj: float


@dataclass(frozen=True)
class _FuelPriceRow:
    carrier: str
    vnd_per_gj: float
    low_vnd_per_gj: float
    high_vnd_per_gj: float


@dataclass(frozen=True)
class _WaterPriceRow:
    what: str
    vnd_per_m3: float
    low_vnd_per_m3: float
    high_vnd_per_m3: float


@dataclass(frozen=True)
class _SurchargeRow:
    what: str
    limit_g_per_m3: float
    vnd_per_kg: float
    low_vnd_per_kg: float
    high_vnd_per_kg: float


@dataclass(frozen=True)
class _GridRow:
    data_year: int
    tco2_per_mwh: float


@dataclass(frozen=True)
class _RegimeRow:
    effective_from: date
    regime: str
    sale_cap_frac: float
    sale_cap_of: str
    price_vnd_per_kwh: float

    def __post_init__(self) -> None:
        if not 0 <= self.sale_cap_frac <= 1:
            raise ValueError(f"sale_cap_frac = {self.sale_cap_frac:g}: must be from 0 to 1")
        if self.sale_cap_of not in SALE_CAPS:
            raise ValueError(f"sale_cap_of = {self.sale_cap_of!r}: {nearest(self.sale_cap_of, SALE_CAPS)}")


def _one_each(table: str, column: str, found: Mapping[str, float], needed: tuple[str, ...]) -> Mapping[str, float]:
    missing = [name for name in needed if name not in found]
    if missing:
        raise DataError(f"{table}: has no line for {column} {', '.join(missing)}")
    return found


def read_prices(fuels: Path | None = None, water: Path | None = None) -> Prices:
    """Read the prices of water and fuels.

    Parameters
    ----------
    fuels, water : Path, optional
        Tables of prices; by default the packaged ones.

    Raises
    ------
    DataError
        If a cell is wrong, or a fuel or a kind of water has no price.
    """
    fuels, water = fuels or packaged("fuel_prices_vn.csv"), water or packaged("water_prices_vn.csv")
    by_fuel = {row.carrier: row.vnd_per_gj for row in read_table(fuels, _FuelPriceRow)}
    by_water = {row.what: row.vnd_per_m3 for row in read_table(water, _WaterPriceRow)}
    _one_each(water.name, "what", by_water, ("water", "wastewater", "wastewater_untreated"))
    surcharges = {row.what: row for row in read_table(packaged("wastewater_surcharge_vn.csv"), _SurchargeRow)}
    return Prices(
        water_vnd_per_m3=by_water["water"],
        wastewater_vnd_per_m3=by_water["wastewater"],
        wastewater_untreated_vnd_per_m3=by_water["wastewater_untreated"],
        fuel_vnd_per_gj=_one_each(fuels.name, "carrier", by_fuel, FUELS),
        cod_limit_g_per_m3=surcharges["cod"].limit_g_per_m3,
        cod_vnd_per_kg=surcharges["cod"].vnd_per_kg,
    )


def read_emission_factors(grid_year: int, fuels: Path | None = None) -> EmissionFactors:
    """Read the emission factors with the grid of one year.

    Parameters
    ----------
    grid_year : int
        Year of the grid factor; 2014 to 2023 are packaged.
    fuels : Path, optional
        A table of fuel factors; by default the packaged one.

    Raises
    ------
    ConfigError
        If the year has no grid factor.
    DataError
        If a cell is wrong, or a fuel has no factor.
    """
    grid = {row.data_year: row.tco2_per_mwh for row in read_table(packaged("grid_ef_vietnam.csv"), _GridRow)}
    if grid_year not in grid:
        raise ConfigError(f"grid_factor_year = {grid_year}: must be from {min(grid)} to {max(grid)}")
    fuels = fuels or packaged("fuel_ef_ipcc2006.csv")
    rows = read_table(fuels, _FuelFactorRow)
    return EmissionFactors(
        grid_year=grid_year,
        grid_tco2_per_mwh=grid[grid_year],
        fuel_kgco2_per_gj=_one_each(fuels.name, "carrier", {row.carrier: row.kgco2_per_gj for row in rows}, FUELS),
        fuel_ncv_gj_per_t=_one_each(fuels.name, "carrier", {row.carrier: row.ncv_gj_per_t for row in rows}, FUELS),
        fuel_gases=_gases(rows),
    )


def _gases(rows: tuple[_FuelFactorRow, ...]) -> dict[str, FuelGases]:
    """Return gases by fuel; the main factor of a fuel of plants holds its methane and nitrous oxide, not carbon dioxide."""
    table = "fuel_gases_ipcc2006.csv"
    others = read_table(packaged(table), _GasRow)
    ch4 = _one_each(table, "carrier", {row.carrier: row.ch4_g_per_gj for row in others}, FUELS)
    n2o = _one_each(table, "carrier", {row.carrier: row.n2o_g_per_gj for row in others}, FUELS)
    return {
        row.carrier: FuelGases(
            fossil_co2_kg_per_gj=0.0 if row.biogenic_kgco2_per_gj else row.kgco2_per_gj,
            biogenic_co2_kg_per_gj=row.biogenic_kgco2_per_gj,
            ch4_g_per_gj=ch4[row.carrier],
            n2o_g_per_gj=n2o[row.carrier],
        )
        for row in rows
        if row.carrier in FUELS
    }


def latest_grid_year(on: date) -> int:
    """Return the year of the newest packaged grid factor that does not lie after a day; the first one before it.

    Factors are announced with one or two years' delay: for a day of 2024 or later the last one is held.
    """
    years = [row.data_year for row in read_table(packaged("grid_ef_vietnam.csv"), _GridRow)]
    return max((year for year in years if year <= on.year), default=min(years))


def read_solar_regime(on: date, path: Path | None = None) -> SolarRegime:
    """Read the rule for selling rooftop solar power that is in force on a day.

    Parameters
    ----------
    on : date
        The day.
    path : Path, optional
        A table of regimes; by default the packaged one.

    Raises
    ------
    ConfigError
        If no rule was in force.
    DataError
        If a cell is wrong.
    """
    row = in_force(read_table(path or packaged("rooftop_solar_regimes.csv"), _RegimeRow), on, "solar regime")
    return SolarRegime(row.regime, row.effective_from, row.sale_cap_frac, row.sale_cap_of, row.price_vnd_per_kwh)
