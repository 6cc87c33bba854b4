"""What an activated sludge plant does to its loads in an interval, and the stocks that it does it with."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp
from typing import NamedTuple

from .wastewater import OXYGEN_PER_N_DENITRIFIED, OXYGEN_PER_N_NITRIFIED, rate_at

TSS_PER_COD = 0.75
"""Suspended solids of particulate COD [g/g]; benchmark BSM1."""
N_PER_COD, P_PER_COD = 0.08, 0.015
"""Nitrogen and phosphorus of biomass [g/g COD]; ASM1 and Metcalf & Eddy."""
BOD5_PER_COD_LEFT = 0.25
"""BOD5 of biodegradable COD that has passed a treatment [g/g]; benchmark BSM1."""


@dataclass(frozen=True)
class Biology:
    """Rates at 20 °C and ratios: ASM1's as the benchmark BSM1 uses them at 15 °C, or fitted at its steady state where noted.

    Parameters
    ----------
    yield_frac, nitrifier_yield_frac : float
        COD of biomass per COD removed, and per nitrogen nitrified [g/g].
    growth_per_d, nitrifier_growth_per_d : float
        Greatest growth [1/d]; that of nitrifiers fitted, as it covers volume without oxygen as well.
    half_saturation_g_per_m3, nitrifier_half_saturation_g_per_m3 : float
        Concentration at which growth is half of it: COD, nitrogen [g/m3].
    decay_per_d, nitrifier_decay_per_d, hydrolysis_per_d : float
        Of biomass, of nitrifiers, of slowly biodegradable solids [1/d]; hydrolysis fitted, first order.
    debris_frac : float
        Share of decaying biomass that stays as inert solids, 0-1.
    particulate_biodegradable_frac : float
        Share of particulate COD that arrives and can be hydrolysed, 0-1; fitted.
    denitrified_frac : float
        Share of nitrified nitrogen that recirculation brings back to anoxic volume, 0-1; fitted.
    anoxic_oxygen_frac : float
        The most of the oxygen for carbon that nitrate can stand in for, 0-1; fitted.
    growth_base_ratio, nitrifier_base_ratio, decay_base_ratio : float
        Bases of the law of temperature [1].
    """

    yield_frac: float = 0.67
    nitrifier_yield_frac: float = 0.24
    growth_per_d: float = 5.6
    nitrifier_growth_per_d: float = 0.381
    half_saturation_g_per_m3: float = 10.0
    nitrifier_half_saturation_g_per_m3: float = 1.0
    decay_per_d: float = 0.365
    nitrifier_decay_per_d: float = 0.061
    hydrolysis_per_d: float = 20.0
    debris_frac: float = 0.08
    particulate_biodegradable_frac: float = 0.73
    denitrified_frac: float = 0.79
    anoxic_oxygen_frac: float = 0.58
    growth_base_ratio: float = 1.07
    nitrifier_base_ratio: float = 1.10
    decay_base_ratio: float = 1.04

    def at(self, temperature_c: float) -> Rates:
        """Return the rates at a temperature of the water [°C]."""
        growth, slow = rate_at(1.0, self.growth_base_ratio, temperature_c), rate_at(1.0, self.decay_base_ratio, temperature_c)
        nitrifiers = rate_at(1.0, self.nitrifier_base_ratio, temperature_c)
        return Rates(
            float(self.growth_per_d * growth) / self.yield_frac,
            float(self.nitrifier_growth_per_d * nitrifiers) / self.nitrifier_yield_frac,
            float(self.decay_per_d * slow),
            float(self.nitrifier_decay_per_d * slow),
            float(self.hydrolysis_per_d * growth),
        )


class Rates(NamedTuple):
    """Rates at one temperature [1/d]: uptake of COD and of nitrogen per biomass, decay of both, hydrolysis."""

    uptake_per_d: float
    nitrifier_uptake_per_d: float
    decay_per_d: float
    nitrifier_decay_per_d: float
    hydrolysis_per_d: float


class Sludge(NamedTuple):
    """Solids of a plant.

    Parameters
    ----------
    biomass_kg, slowly_kg, debris_kg, nitrifiers_kg : float
        Heterotrophs, solids that can be hydrolysed, inert solids, nitrifiers [kg COD].
    tss_kg, n_kg, p_kg : float
        Suspended solids, and nitrogen and phosphorus in them [kg].
    """

    biomass_kg: float
    slowly_kg: float
    debris_kg: float
    nitrifiers_kg: float
    tss_kg: float
    n_kg: float
    p_kg: float

    @property
    def cod_kg(self) -> float:
        """Particulate COD, nitrifiers apart: they are made of no COD that arrived [kg]."""
        return self.biomass_kg + self.slowly_kg + self.debris_kg


class Dissolved(NamedTuple):
    """What one tank holds dissolved [kg]: inert and biodegradable COD, BOD5, ammonia and organic N, nitrate, P, salts."""

    inert_kg: float = 0.0
    biodegradable_kg: float = 0.0
    bod5_kg: float = 0.0
    ammonia_kg: float = 0.0
    nitrate_kg: float = 0.0
    p_kg: float = 0.0
    salts_kg: float = 0.0


class Loads(NamedTuple):
    """The loads of a stream over an interval [kg], in the order in which they travel."""

    cod_inert_kg: float
    cod_biodegradable_kg: float
    cod_particulate_kg: float
    bod5_kg: float
    tss_kg: float
    total_n_kg: float
    total_p_kg: float
    dissolved_solids_kg: float


class Treated(NamedTuple):
    """What an interval of treatment did.

    Parameters
    ----------
    tanks : tuple of Dissolved
        What they hold now.
    sludge : Sludge
        What is in the plant now.
    effluent, wasted, converted : Loads
        What left with the water and with excess sludge, and what reactions took from each load (negative: added).
    ammonia_kg : float
        Of the effluent's nitrogen what is not nitrate or solids [kg].
    oxygen_kg : float
        Taken up, less what nitrate stood in for [kg].
    """

    tanks: tuple[Dissolved, ...]
    sludge: Sludge
    effluent: Loads
    wasted: Loads
    converted: Loads
    ammonia_kg: float
    oxygen_kg: float


Row = Sequence[float]
"""Numbers of a `Dissolved`, a `Sludge` or `Loads`, in their order [kg]."""


def treat(
    tanks: tuple[Dissolved, ...],
    sludge: Sludge,
    came: Loads,
    *,
    hours: float,
    flow_m3: float,
    volume_m3: float,
    rates: Rates,
    biology: Biology,
    aerated_frac: float = 1.0,
    sludge_age_d: float = 8.0,
    escape_frac: float = 0.004,
) -> Treated:
    """Treat what came in an interval.

    Parameters
    ----------
    tanks, sludge : tuple of Dissolved, Sludge
        The state at the start.
    came : Loads
        At constant rates over the interval [kg].
    hours, flow_m3 : float
        Length [h], and water that passes [m3].
    volume_m3 : float
        Of all tanks, which are of one size [m3].
    rates, biology : Rates, Biology
        At the water's temperature, and ratios.
    aerated_frac : float
        Share of the oxygen that is wanted and is there, 0-1: growth shrinks with it.
    sludge_age_d : float
        Sludge in the plant over what is wasted in a day [d].
    escape_frac : float
        Solids in the effluent over solids in the tanks, by concentration, 0-1.

    Notes
    -----
    Solids are kept back and recycled, so they are stocks of the whole plant with exact exponentials; what is dissolved passes
    the tanks one after the other, each with the rate that the mean biomass (without its growth) and the mean of the
    concentrations at both ends of the interval give (Monod). Growth joins the stocks at the end, so intervals should not
    exceed an hour or two. What is booked closes in every load: came + before = effluent + wasted + converted + after.
    """
    contents, stocks, effluent, wasted, converted, ammonia_kg, oxygen_kg = treat_next(
        tanks,
        sludge,
        came,
        hours=hours,
        flow_m3=flow_m3,
        volume_m3=volume_m3,
        rates=rates,
        biology=biology,
        aerated_frac=aerated_frac,
        sludge_age_d=sludge_age_d,
        escape_frac=escape_frac,
    )
    return Treated(
        tuple(Dissolved(*tank) for tank in contents),
        Sludge(*stocks),
        Loads(*effluent),
        Loads(*wasted),
        Loads(*converted),
        ammonia_kg,
        oxygen_kg,
    )


def treat_next(
    tanks: Sequence[Row],
    sludge: Row,
    came: Row,
    *,
    hours: float,
    flow_m3: float,
    volume_m3: float,
    rates: Rates,
    biology: Biology,
    aerated_frac: float,
    sludge_age_d: float,
    escape_frac: float,
) -> tuple[list[Row], Row, Row, Row, Row, float, float]:
    """Do what `treat` does, from and to bare numbers in the order of its fields: for who treats thousands of intervals."""
    days = hours / 24
    wasted, escaped = days / sludge_age_d, escape_frac * flow_m3 / volume_m3
    uptake_per_d, nitrifier_uptake_per_d, decay_per_d, nitrifier_decay_per_d, hydrolysis_per_d = rates
    split, debris_frac, yield_frac = biology.particulate_biodegradable_frac, biology.debris_frac, biology.yield_frac
    alive, slow, dead, nitrifying, tss, n_stock, p_stock = sludge
    inert_kg, organic_kg, particulate_kg, bod_all, tss_kg, total_n, total_p, salts_kg = came

    decay = decay_per_d * days
    turns = decay + wasted + escaped
    kept = exp(-turns)
    alive_lost = (alive - alive * kept) / turns
    alive_mean = alive * (1 + kept) / 2
    decayed = alive_lost * decay
    hydrolysis = hydrolysis_per_d * days
    turns = hydrolysis + wasted + escaped
    kept, gained = _course(turns)
    arrives = split * particulate_kg + (1 - debris_frac) * decayed
    slow_left = slow * kept + arrives * gained
    slow_lost = (slow + arrives - slow_left) / turns
    hydrolysed = slow_lost * hydrolysis
    leaving = wasted + escaped
    left, joined = _course(leaving)
    stays = (1 - split) * particulate_kg + debris_frac * decayed
    dead_left = dead * left + stays * joined
    dead_lost = (dead + stays - dead_left) / leaving
    nitrifiers_left = nitrifying * exp(-(nitrifier_decay_per_d * days + leaving))

    count = len(tanks)
    tank_m3 = volume_m3 / count
    exchanges = flow_m3 / tank_m3
    half_kg = biology.half_saturation_g_per_m3 * tank_m3 / 1000
    half_n_kg = biology.nitrifier_half_saturation_g_per_m3 * tank_m3 / 1000
    uptake = uptake_per_d * days * aerated_frac * alive_mean / count
    uptake_n = nitrifier_uptake_per_d * days * aerated_frac * (nitrifying + nitrifiers_left) / 2 / count
    easy = organic_kg + split * particulate_kg
    bod_kg = bod_in = bod_all * organic_kg / easy if easy > 0 else 0.0

    taken, oxidised_bod, found, hydrolysed_here = 0.0, 0.0, [], hydrolysed / count
    for inert_there, organic_there, bod_there, ammonia_there, nitrate_there, p_there, salts_there in tanks:
        arrives = organic_kg + hydrolysed_here
        kept, gained = _course(exchanges + uptake / (half_kg + organic_there))
        later = organic_there * kept + arrives * gained
        decays = uptake / (half_kg + (organic_there + later) / 2)
        turns = exchanges + decays
        kept, gained = _course(turns)
        organic_left = organic_there * kept + arrives * gained
        lost = (organic_there + arrives - organic_left) / turns if turns else 0.0
        taken += lost * decays
        organic_kg = lost * exchanges
        arrives = bod_kg + BOD5_PER_COD_LEFT * hydrolysed_here
        bod_left = bod_there * kept + arrives * gained
        lost = (bod_there + arrives - bod_left) / turns if turns else 0.0
        oxidised_bod += lost * decays
        bod_kg = lost * exchanges
        found.append((inert_there, organic_left, bod_left, ammonia_there, nitrate_there, p_there, salts_there))
    grown = yield_frac * taken

    alive_again = (1 - debris_frac) * decayed
    released_n, released_p = N_PER_COD * alive_again, P_PER_COD * alive_again
    built_n = min(N_PER_COD * grown, total_n + released_n)
    built_p = min(P_PER_COD * grown, total_p + released_p)
    ammonia_kg, nitrate_kg, p_kg = total_n + released_n - built_n, 0.0, total_p + released_p - built_p
    most_denitrified = biology.anoxic_oxygen_frac * (1 - yield_frac) * taken / OXYGEN_PER_N_DENITRIFIED
    after: list[Row] = []
    nitrified, denitrified = 0.0, 0.0
    through, in_part = _course(exchanges)
    for inert_there, organic_left, bod_left, ammonia_there, nitrate_there, p_there, salts_there in found:
        kept, gained = _course(exchanges + uptake_n / (half_n_kg + ammonia_there))
        later = ammonia_there * kept + ammonia_kg * gained
        decays = uptake_n / (half_n_kg + (ammonia_there + later) / 2)
        turns = exchanges + decays
        kept, gained = _course(turns)
        ammonia_left = ammonia_there * kept + ammonia_kg * gained
        lost = (ammonia_there + ammonia_kg - ammonia_left) / turns if turns else 0.0
        oxidised, ammonia_kg = lost * decays, lost * exchanges
        back = min(biology.denitrified_frac * oxidised, most_denitrified - denitrified)
        nitrified += oxidised
        denitrified += back
        nitrate_kg += oxidised - back
        nitrate_left = nitrate_there * through + nitrate_kg * in_part
        inert_left = inert_there * through + inert_kg * in_part
        salts_left = salts_there * through + salts_kg * in_part
        p_left = p_there * through + p_kg * in_part
        nitrate_kg += nitrate_there - nitrate_left
        inert_kg += inert_there - inert_left
        salts_kg += salts_there - salts_left
        p_kg += p_there - p_left
        after.append((inert_left, organic_left, bod_left, ammonia_left, nitrate_left, p_left, salts_left))

    tss_gain, n_gain, p_gain = tss_kg + TSS_PER_COD * (grown - hydrolysed), built_n - released_n, built_p - released_p
    tss_left, n_left, p_left = (
        tss * left + tss_gain * joined,
        n_stock * left + n_gain * joined,
        p_stock * left + p_gain * joined,
    )
    tss_lost, n_lost, p_lost = (
        (tss + tss_gain - tss_left) / leaving,
        (n_stock + n_gain - n_left) / leaving,
        (p_stock + p_gain - p_left) / leaving,
    )
    cod_lost = alive_lost + slow_lost + dead_lost
    bod_escaped = BOD5_PER_COD_LEFT * (slow_lost + (1 - debris_frac) * alive_lost) * escaped
    bod_solids = bod_all - bod_in - bod_escaped - BOD5_PER_COD_LEFT * hydrolysed
    return (
        after,
        (
            alive - alive_lost * (decay + leaving) + grown,
            slow_left,
            dead_left,
            nitrifiers_left + biology.nitrifier_yield_frac * nitrified,
            tss_left,
            n_left,
            p_left,
        ),
        (
            inert_kg,
            organic_kg,
            cod_lost * escaped,
            bod_kg + bod_escaped,
            tss_lost * escaped,
            ammonia_kg + nitrate_kg + n_lost * escaped,
            p_kg + p_lost * escaped,
            salts_kg,
        ),
        (0.0, 0.0, cod_lost * wasted, 0.0, tss_lost * wasted, n_lost * wasted, p_lost * wasted, 0.0),
        (
            0.0,
            taken - hydrolysed,
            hydrolysed - grown,
            oxidised_bod + bod_solids,
            TSS_PER_COD * (hydrolysed - grown),
            denitrified,
            0.0,
            0.0,
        ),
        ammonia_kg,
        taken - grown + OXYGEN_PER_N_NITRIFIED * nitrified - OXYGEN_PER_N_DENITRIFIED * denitrified,
    )


def _course(turns: float) -> tuple[float, float]:
    """Return the share that stays of what was there, and of what comes steadily, at so many turns of a first-order loss."""
    if turns < 1e-9:
        return 1.0 - turns, 1.0 - turns / 2
    kept = exp(-turns)
    return kept, (1.0 - kept) / turns
