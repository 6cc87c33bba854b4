"""The central plant with its biology: what it removes, what it draws for that, and what sludge it leaves."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import field
from itertools import chain
from typing import Annotated

import numpy as np
from pydantic import Field
from pydantic.dataclasses import dataclass

from ..carriers import LOADS
from ..kernel.component import Follow, Life
from ..kernel.load_book import Amounts, Bins, nothing
from ..kernel.passer import Passer
from ..kernel.ports import Port
from ..kernel.traces import Floats
from ..physics.wastewater import blower_kw, clarifier_tss_g_per_m3
from ..physics.wastewater_reuse import precipitated_frac
from ..physics.wastewater_sludge import Biology, Dissolved, Row, Sludge, treat_next
from .bounds import STRICT, Count, Frac, NonNegative, Positive
from .outages import crew_of
from .wastewater_plant import WastewaterPlant

INERT, P, TSS, SALTS = (LOADS.index(name) for name in ("cod_inert", "total_p", "tss", "dissolved_solids"))
SLUDGE_TSS = Sludge._fields.index("tss_kg")
KG_PER_MOL_FERRIC_CHLORIDE, KG_PER_MOL_P = 0.1622, 0.03097
TSS_PER_FERRIC_CHLORIDE, SALTS_PER_FERRIC_CHLORIDE = 0.66, 0.65
"""Hydroxide and phosphate sludge, and chloride left in the water, of ferric chloride dosed [kg/kg]."""
WARM_UP_D, WARM_UP_STEP_H = 60.0, 4.0


@dataclass(eq=False, kw_only=True, config=STRICT)
class ActivatedSludgePlant(WastewaterPlant, Passer):
    """Treats wastewater in parallel trains of stirred tanks with clarifiers, whose blowers follow the oxygen that is taken up.

    Parameters
    ----------
    place, power_place, trains, train_m3_per_h, mtbf_h, repair_h_median, repair_sigma, crew
        As of a `WastewaterPlant`: places, trains, capacity [m3/h], failures [h], crew.
    treatment_kwh_per_m3 : float
        Electricity that follows the flow: lifting, returning sludge, dewatering [kWh/m3].
    fixed_kw : float
        Electricity that does not: mixing, buildings [kW].
    stages : int
        Stirred tanks in series in each train.
    train_tank_m3 : float
        Volume of all tanks of one train [m3].
    train_clarifier_m2 : float
        Surface of the clarifier of one train [m2].
    train_blower_kw : float
        Blowers installed in one train [kW].
    turndown_frac : float
        Least output of the blowers over what is installed, 0-1.
    oxygen_kwh_per_kg : float
        Electricity of the blowers per oxygen taken up [kWh/kg]; 0.69 in the benchmark BSM1.
    water_c : float
        Temperature of the wastewater [°C].
    sludge_age_d : float
        Sludge in the plant over what is wasted in a day [d].
    coagulant_g_per_m3 : float
        Ferric chloride dosed before the clarifiers [g/m3].
    coagulated_inert_frac : float
        Share of dissolved inert COD that it takes out, 0-1.
    coagulant_vnd_per_kg, polymer_vnd_per_kg : float
        Prices of coagulant and of the polymer for dewatering [VND/kg].
    polymer_kg_per_t : float
        Polymer per dry solids [kg/t].
    cake_frac : float
        Dry matter of dewatered sludge, 0-1.
    sludge_vnd_per_t : float
        Haulage and disposal of dewatered sludge [VND/t].
    maintenance_every_h, maintenance_h : float
        Planned maintenance of each train, one after the other, by the crew [h]; never if the first is 0.
    design_m3_per_h : float
        Flow at which the plant has worked before hour 0 [m3/h].
    design_g_per_m3 : tuple of float
        Loads with which it has, in the order of `carriers.LOADS` [g/m3].

    Notes
    -----
    Ports as of a `WastewaterPlant`. The blowers' power follows the oxygen of the bin before, between turndown and what is
    installed in trains that are up; what they can't give slows growth down. A train that is out keeps its water and gets no
    air. Without loads in the park no oxygen is taken up. Events besides ``train_down`` and ``train_up``: ``blowers at limit``
    with the wanted power [kW], and ``blowers follow``.
    """

    stages: Count = 2
    train_tank_m3: Positive = field()
    train_clarifier_m2: Positive = field()
    train_blower_kw: Positive = field()
    turndown_frac: Frac = 0.35
    oxygen_kwh_per_kg: Positive = 0.69
    water_c: Positive = 28.0
    sludge_age_d: Positive = 10.0
    coagulant_g_per_m3: NonNegative = 0.0
    coagulated_inert_frac: Frac = 0.0
    coagulant_vnd_per_kg: NonNegative = 6_000.0
    polymer_vnd_per_kg: NonNegative = 75_000.0
    polymer_kg_per_t: NonNegative = 5.0
    cake_frac: Annotated[float, Field(gt=0, le=1)] = 0.2
    sludge_vnd_per_t: NonNegative = 700_000.0
    maintenance_every_h: NonNegative = 0.0
    maintenance_h: Positive = 24.0
    design_m3_per_h: Positive = field()
    design_g_per_m3: tuple[NonNegative, ...] = (30.0, 220.0, 200.0, 200.0, 180.0, 40.0, 6.5, 900.0)

    def __post_init__(self) -> None:
        if len(self.design_g_per_m3) != len(LOADS):
            raise ValueError(
                f"design_g_per_m3 has {len(self.design_g_per_m3)} numbers: must have {len(LOADS)}: {', '.join(LOADS)}"
            )

    def start(self) -> None:
        """All trains are up, and blowers give what the design load takes."""
        super().start()
        self.biology = Biology()
        self.rates = self.biology.at(self.water_c)
        self.volume_m3, self.clarifier_m2 = self.trains * self.train_tank_m3, self.trains * self.train_clarifier_m2
        self.wanted_kw, self.blowers_kw = 0.0, 0.0
        self.at_limit = False

    def start_loads(self) -> None:
        """Start as after sixty days of the design load."""
        self.contents: Sequence[Row] = (Dissolved(),) * self.stages
        self.sludge: Row = tuple(self.volume_m3 * kg for kg in (1.3, 0.05, 0.9, 0.1, 2.0, 0.16, 0.03))
        flow = self.design_m3_per_h * WARM_UP_STEP_H
        came = [c * flow / 1000 for c in self.design_g_per_m3]
        for _ in range(round(WARM_UP_D * 24 / WARM_UP_STEP_H)):
            self._treat(WARM_UP_STEP_H, flow, came, 1.0)
        self.to_sludge, self.reacted = nothing(), nothing()

    def operate(self) -> Iterable[Life]:
        """Return the lives of the blowers, and the rounds of planned maintenance."""
        yield from super().operate()
        if self.maintenance_every_h:
            yield self._maintain()

    def _maintain(self) -> Life:
        crew, train = crew_of(self, self.crew), 0
        while True:
            yield self.wait(self.maintenance_every_h / self.trains)
            if crew is not None:
                yield crew.request(self, f"maintenance {train}", 1)
            self.lose()
            yield self.wait(self.maintenance_h)
            if crew is not None:
                crew.release()
            self.regain()
            train = (train + 1) % self.trains

    @property
    def capacity_m3_per_h(self) -> float:
        """What the trains that are up can take [m3/h]; none may be up if one fails while another is maintained."""
        return self.train_m3_per_h * max(self.trains_up, 0)

    def lose(self) -> None:
        """Do without one train, from now on."""
        self.catch_up()
        super().lose()
        self._blow()

    def regain(self) -> None:
        """Have one train more, from now on."""
        self.catch_up()
        super().regain()
        self._blow()

    def lags(self) -> Mapping[str, float]:
        """Return the power, which the blowers are part of [kW]."""
        return {"power": self.train_blower_kw * self.trains}

    def lag(self, port: Port) -> float:
        """Return what the blowers draw [kW]."""
        return self.blowers_kw

    def lag_course(self, port: Port) -> Floats:
        """Return what the blowers drew after each bin [kW]."""
        return self.blower_course_kw

    def follows(self) -> Mapping[str, Follow]:
        """Nothing follows by itself: `respond` sets effluent and power."""
        return {}

    def respond(self) -> None:
        """Let effluent follow the inflow, and power the inflow and the oxygen."""
        inflow = self.effluent.rate = self.inflow.rate
        self.power.rate = self.treatment_kwh_per_m3 * inflow + (self.fixed_kw + self.blowers_kw) * self.served

    def standing(self, port: Port) -> float:
        """Return what buildings, mixers and blowers draw, which does not follow the inflow of the moment [kW]."""
        return self.fixed_kw + self.blowers_kw if port is self.power else 0.0

    @property
    def installed_kw(self) -> float:
        """Blowers of the trains that are up [kW]."""
        return self.train_blower_kw * max(self.trains_up, 0)

    def _blow(self) -> None:
        """Find what the blowers draw now that what is wanted, or the trains, have changed; nothing in a park without loads."""
        self.blowers_kw = self._blowers_kw(self.wanted_kw)

    def _blowers_kw(self, wanted_kw: float) -> float:
        """Return what the blowers draw for what is wanted of them; nothing where nothing is [kW]."""
        return blower_kw(wanted_kw, self.installed_kw, self.turndown_frac) if wanted_kw else 0.0

    def take(self, bins: Bins, moved: Mapping[str, Floats], came: Mapping[str, Amounts]) -> Mapping[str, Amounts]:
        """Treat what came bin by bin, each with the blowers that the one before has set."""
        installed, served, wanted = self.installed_kw, self.served, self.wanted_kw
        flows_m3, treated, course = moved["inflow"], [], []
        spans = zip(bins.hours.tolist(), bins.ends_h.tolist(), flows_m3.tolist(), came["inflow"].tolist(), strict=True)
        for hours, end_h, flow_m3, kg in spans:
            air = served * min(1.0, installed / wanted if wanted else 1.0)
            loads, oxygen_kg = self._treat(hours, flow_m3, kg, air)
            treated.append(loads)
            # growth that had too little air took less than it would have: what it wanted is what it took over its share
            wanted = oxygen_kg / hours * self.oxygen_kwh_per_kg / max(air, 0.05)
            course.append(self._blowers_kw(wanted))
            if self.at_limit != (wanted > installed):
                self.at_limit = not self.at_limit
                self.log("blowers at limit" if self.at_limit else "blowers follow", wanted, end_h)
        self.wanted_kw, self.blower_course_kw = wanted, np.array(course)
        self._blow()
        self.respond()
        self.redraw(self.power)
        flat = np.fromiter(chain.from_iterable(chain.from_iterable(treated)), float, bins.n * 3 * len(LOADS))
        effluent, wasted, converted = flat.reshape(bins.n, 3, len(LOADS)).transpose(1, 0, 2)
        sludge, added = np.add.reduce(wasted), np.add.reduce(converted)
        if self.coagulant_g_per_m3:
            self._coagulate(flows_m3, effluent, sludge, added)
        self.to_sludge, self.reacted = self.to_sludge + sludge, self.reacted + added
        return {"effluent": effluent}

    def _treat(self, hours: float, flow_m3: float, came: Row, air: float) -> tuple[tuple[Row, Row, Row], float]:
        """Treat what came in a bin; return loads of effluent, sludge and reactions [kg], and the oxygen that it took."""
        volume_m3 = self.volume_m3
        mlss = max(self.sludge[SLUDGE_TSS] / volume_m3 * 1000, 1.0)
        escape = clarifier_tss_g_per_m3(flow_m3 / hours / self.clarifier_m2, mlss) / mlss if flow_m3 else 0.0
        self.contents, self.sludge, effluent, wasted, converted, _, oxygen_kg = treat_next(
            self.contents,
            self.sludge,
            came,
            hours=hours,
            flow_m3=flow_m3,
            volume_m3=volume_m3,
            rates=self.rates,
            biology=self.biology,
            aerated_frac=air,
            sludge_age_d=self.sludge_age_d,
            escape_frac=min(escape, 1.0),
        )
        return (effluent, wasted, converted), oxygen_kg

    def _coagulate(self, flows_m3: Floats, effluent: Amounts, sludge: Amounts, added: Amounts) -> None:
        """Let ferric chloride take phosphorus and inert COD into the sludge, at the price of solids and chloride."""
        dose_kg, p_kg = self.coagulant_g_per_m3 / 1000 * flows_m3, effluent[:, P]
        metal, present = dose_kg / KG_PER_MOL_FERRIC_CHLORIDE, p_kg / KG_PER_MOL_P
        ratio = np.divide(metal, present, out=np.zeros(len(metal)), where=present > 0)
        for k, kg in ((P, p_kg * precipitated_frac(ratio)), (INERT, effluent[:, INERT] * self.coagulated_inert_frac)):
            effluent[:, k] -= kg
            sludge[k] += kg.sum()
        effluent[:, SALTS] += SALTS_PER_FERRIC_CHLORIDE * dose_kg
        dosed_kg = float(dose_kg.sum())
        sludge[TSS] += TSS_PER_FERRIC_CHLORIDE * dosed_kg
        added[TSS] -= TSS_PER_FERRIC_CHLORIDE * dosed_kg
        added[SALTS] -= SALTS_PER_FERRIC_CHLORIDE * dosed_kg

    def held(self) -> Amounts:
        """Return what is in tanks and sludge [kg]."""
        inert, easy, bod5, ammonia, nitrate, p, salts = (sum(column) for column in zip(*self.contents, strict=True))
        sludge = Sludge(*self.sludge)
        nitrogen = ammonia + nitrate + sludge.n_kg
        return np.array([inert, easy, sludge.cod_kg, bod5, sludge.tss_kg, nitrogen, p + sludge.p_kg, salts])

    def booked(self) -> Mapping[str, Amounts]:
        """Return what went into excess sludge, and what reactions took: COD to CO2, nitrogen to N2 [kg]."""
        return {"sludge": self.to_sludge, "reactions": self.reacted}
