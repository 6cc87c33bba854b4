"""Steam: properties of water, what a boiler must give a tonne, and what it loses at part load."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import NamedTuple

from .compressed_air import ATMOSPHERE_BAR
from .heat import FUEL_GAS

MJ_PER_KWH = 3.6

CASING_LOSS = {
    "lpg": 0.0113,
    "natural_gas": 0.0113,
    "diesel": 0.0113,
    "fuel_oil": 0.0113,
    "coal": 0.022,
    "biomass": 0.0315,
}
"""Factor C of the loss by radiation and convection [MW^0.3]: EN 12952-15 for oil and gas, hard coal, fluidised beds [B]."""


class Saturated(NamedTuple):
    """Water and steam at one pressure: temperature [°C], enthalpy of the liquid and of the dry steam [kJ/kg]."""

    boiling_c: float
    liquid_kj_per_kg: float
    vapour_kj_per_kg: float

    @property
    def latent_kj_per_kg(self) -> float:
        """Heat that condensing steam gives up [kJ/kg]."""
        return self.vapour_kj_per_kg - self.liquid_kj_per_kg


@lru_cache(maxsize=256)
def saturated(bar_g: float) -> Saturated:
    """Return the properties of boiling water and dry steam.

    Parameters
    ----------
    bar_g : float
        Pressure above atmosphere, 0-200 [bar].

    References
    ----------
    IAPWS Industrial Formulation 1997, by the library iapws.

    Examples
    --------
    >>> steam = saturated(10.0)
    >>> round(steam.boiling_c, 1), round(steam.latent_kj_per_kg)
    (184.1, 1999)
    """
    from iapws import IAPWS97

    liquid, vapour = (IAPWS97(P=(bar_g + ATMOSPHERE_BAR) / 10, x=quality) for quality in (0, 1))
    return Saturated(float(liquid.T) - 273.15, float(liquid.h), float(vapour.h))


@lru_cache(maxsize=256)
def water_kj_per_kg(water_c: float) -> float:
    """Return the enthalpy of water at its boiling pressure, which at boiler feed pressures is 1-2 kJ/kg higher.

    Parameters
    ----------
    water_c : float
        Temperature, 0.01-350 [°C].

    References
    ----------
    IAPWS Industrial Formulation 1997, by the library iapws.

    Examples
    --------
    >>> round(water_kj_per_kg(90.0), 1)
    377.0
    """
    from iapws import IAPWS97

    return float(IAPWS97(T=water_c + 273.15, x=0).h)


def blowdown_per_steam(blowdown_frac: float) -> float:
    """Return the blowdown per steam of a boiler that lets out a share of its feed water [kg/kg]."""
    return blowdown_frac / (1 - blowdown_frac)


def makeup_per_steam(blowdown_frac: float, condensate_frac: float) -> float:
    """Return the fresh water per steam if a share of the steam comes back as condensate [kg/kg].

    Examples
    --------
    >>> round(makeup_per_steam(0.05, 0.7), 4)
    0.3526
    """
    return 1 + blowdown_per_steam(blowdown_frac) - condensate_frac


def steam_duty_kj_per_kg(
    steam_bar_g: float, blowdown_frac: float, condensate_frac: float, condensate_c: float, makeup_c: float
) -> float:
    """Heat that a boiler house puts into a kilogram of dry steam that leaves it.

    Parameters
    ----------
    steam_bar_g : float
        Pressure [bar above atmosphere].
    blowdown_frac : float
        Blowdown over feed water, from 0 to below 1.
    condensate_frac : float
        Share of the steam that comes back as condensate, 0-1.
    condensate_c, makeup_c : float
        Temperatures of condensate and of make-up water as they reach the feed tank [°C].

    Returns
    -------
    float
        Heat [kJ/kg]. Steam that a deaerator takes from the boilers goes round inside and changes nothing.

    Notes
    -----
    With blowdown r a kilogram of steam, h = h'' + r h' − c h(condensate) − (1 + r − c) h(make-up).

    References
    ----------
    MEASUR (ORNL), steam modeler, boiler: steam and blowdown less feed water, over combustion efficiency.

    Examples
    --------
    >>> round(steam_duty_kj_per_kg(10.0, 0.05, 0.0, 80.0, 30.0)), round(steam_duty_kj_per_kg(10.0, 0.05, 0.8, 80.0, 30.0))
    (2689, 2522)
    """
    steam = saturated(steam_bar_g)
    out = steam.vapour_kj_per_kg + blowdown_per_steam(blowdown_frac) * steam.liquid_kj_per_kg
    makeup = makeup_per_steam(blowdown_frac, condensate_frac)
    return out - condensate_frac * water_kj_per_kg(condensate_c) - makeup * water_kj_per_kg(makeup_c)


def casing_loss_kw(rated_kw: float, fuel: str) -> float:
    """Heat that the casing of a hot boiler loses, the same at all loads.

    Parameters
    ----------
    rated_kw : float
        Useful heat at full load [kW].
    fuel : str
        A carrier of `CASING_LOSS`.

    Returns
    -------
    float
        Loss [kW].

    Notes
    -----
    C · Q^0.7 in MW.

    References
    ----------
    EN 12952-15:2003, acceptance tests of water-tube boilers, 8.4.4 [B]; shell boilers lose less at the same size.

    Examples
    --------
    >>> round(casing_loss_kw(7000.0, "natural_gas"), 1)
    44.1
    """
    return float(1000 * CASING_LOSS[fuel] * (rated_kw / 1000) ** 0.7)


class Firing(NamedTuple):
    """How a boiler is fired: flue gas at full and at low fire, and where low fire is.

    Parameters
    ----------
    fuel : str
        A carrier of `physics.heat.FUEL_GAS`.
    flue_o2_frac, flue_c : float
        Oxygen in the dry flue gas, and its temperature after the economiser, at full fire [°C].
    low_fire_o2_frac, low_fire_c : float
        The same at the lowest steady fire [°C].
    turndown_frac : float
        Lowest steady fire over full fire, 0-1.
    cycles_per_h : float
        Starts in an hour when a boiler is half the time off [1/h].
    purge_s : float
        Time in which the fan clears the boiler before and after each firing [s].
    air_c : float
        Combustion air [°C].
    """

    fuel: str
    flue_o2_frac: float
    flue_c: float
    low_fire_o2_frac: float
    low_fire_c: float
    turndown_frac: float
    cycles_per_h: float
    purge_s: float
    air_c: float


def combustion_efficiency_frac(firing: Firing, fire_frac: float) -> float:
    """Heat that stays in a boiler per net heating value, at a fire between turndown and full.

    Oxygen and temperature of the flue gas follow the fire in a straight line: a small fire has more excess air and colder
    gas, so that efficiency is highest somewhere between.

    Parameters
    ----------
    firing : Firing
        Of the boiler.
    fire_frac : float
        Fire over full fire, at least the turndown.

    Returns
    -------
    float
        Fraction [0-1].

    References
    ----------
    Siegert, EN 50379-1: `physics.heat.boiler_available_heat_frac` without arrays, as it is asked for at each event.
    """
    return combustion(firing)(fire_frac)


def combustion(firing: Firing) -> Callable[[float], float]:
    """Return `combustion_efficiency_frac` as a function of the fire, with all else worked out, for many fires."""
    low_fire, span = firing.turndown_frac, 1 - firing.turndown_frac
    o2_frac, more_o2_frac = firing.low_fire_o2_frac, firing.flue_o2_frac - firing.low_fire_o2_frac
    flue_c, more_c, air_c = firing.low_fire_c, firing.flue_c - firing.low_fire_c, firing.air_c
    siegert_a, siegert_b = FUEL_GAS[firing.fuel].siegert_a, FUEL_GAS[firing.fuel].siegert_b

    def efficiency_frac(fire_frac: float) -> float:
        above = (fire_frac - low_fire) / span if span > 0 else 1.0
        o2_pct = 100 * (o2_frac + above * more_o2_frac)
        return 1 - (flue_c + above * more_c - air_c) * (siegert_a / (21 - o2_pct) + siegert_b) / 100

    return efficiency_frac


def boiler_fuel_kw(firing: Firing, rated_kw: float, heat_kw: float) -> float:
    """Fuel that a hot boiler burns for a heat, between standing by and its rating.

    Parameters
    ----------
    firing : Firing
        Of the boiler.
    rated_kw : float
        Useful heat at full load [kW].
    heat_kw : float
        Heat that it puts into steam, 0 to its rating [kW].

    Returns
    -------
    float
        Fuel at net heating value [kW].

    Notes
    -----
    (heat + casing loss) / combustion efficiency. Below turndown the boiler fires at turndown a share d of the time, and
    starts 4 N d (1 − d) times an hour, as a two-step control with a fixed band does; each start carries away the flue loss
    of full fire for the time of purging.

    Examples
    --------
    >>> gas = Firing("natural_gas", 0.03, 190.0, 0.06, 150.0, 0.25, 6.0, 60.0, 30.0)
    >>> [round(heat / boiler_fuel_kw(gas, 7000.0, heat), 3) for heat in (7000.0, 3500.0, 700.0)]
    [0.921, 0.921, 0.826]
    """
    return HotBoiler(firing, rated_kw).fuel_kw(heat_kw)


class HotBoiler:
    """A boiler that is kept hot, with all that does not depend on its heat worked out, for many heats.

    Parameters
    ----------
    firing : Firing
        How it is fired.
    rated_kw : float
        Useful heat at full load [kW].
    """

    def __init__(self, firing: Firing, rated_kw: float):
        self.rated_kw, self.turndown_frac = rated_kw, firing.turndown_frac
        self.casing_kw = casing_loss_kw(rated_kw, firing.fuel)
        self.efficiency_frac = combustion(firing)
        at_full = self.efficiency_frac(1.0)
        self.low_fire_frac = self.efficiency_frac(firing.turndown_frac)
        self.starts_per_h = 4 * firing.cycles_per_h
        self.purge_kwh = rated_kw / at_full * (1 - at_full) * firing.purge_s / 3600

    def fuel_kw(self, heat_kw: float) -> float:
        """Return what `boiler_fuel_kw` does, for a heat between 0 and its rating [kW]."""
        load_frac = heat_kw / self.rated_kw
        if load_frac >= self.turndown_frac:
            return (heat_kw + self.casing_kw) / self.efficiency_frac(load_frac)
        share = load_frac / self.turndown_frac
        starts_per_h = self.starts_per_h * share * (1 - share)
        return (heat_kw + self.casing_kw) / self.low_fire_frac + starts_per_h * self.purge_kwh
