"""Records what the wastewater benchmark BSM1 removes and uses at steady state; run with bsm2-python 0.0.16 from PyPI.

python tests/validation/record_bsm1.py > tests/validation/bsm1.json

Three flows: the benchmark's constant influent, and 0.7 and 1.3 times its flow. Two ways to run the plant: ``open_loop``, the
benchmark itself, in which blowers and recycle pumps are never adjusted; and ``follows_load``, in which recycles are in
proportion to the flow and each blower holds the dissolved oxygen that its tank has in the benchmark. ``other_strengths`` are
days of the latter in which the COD of the influent is changed as well, nitrogen as it is; their names are the factors of flow
and COD. Takes some twenty minutes.
"""

import json
import sys
from importlib.metadata import version

import bsm2_python.bsm2.init.asm1init_bsm1 as plant
import numpy as np
from bsm2_python.bsm1_base import BSM1Base

SI, SS, XI, XS, XBH, XBA, XP, SO, SNO, SNH, SND, XND, SALK, TSS, Q, TEMP = range(16)
COD = [SI, SS, XI, XS, XBH, XBA, XP]
INFLUENT = {SI: 30, SS: 69.5, XI: 51.2, XS: 202.32, XBH: 28.17, SNH: 31.56, SND: 6.95, XND: 10.59, SALK: 7, TSS: 211.2675}
FLOW_M3_PER_D = 18_446.0
DAYS, STEP_D = 200.0, 15 / 1440
OPEN_KLA_PER_D = np.array([0.0, 0.0, 240.0, 240.0, 84.0])
GAIN = 2.0
"""Of the integral control of oxygen transfer [1/d per g/m3 and step]."""
QINTR, QR = plant.QINTR, plant.QR


def steady_state(load: float, oxygen_g_per_m3: np.ndarray | None, strength: float = 1.0) -> tuple[dict[str, float], np.ndarray]:
    """Return a day of the plant at shares of the benchmark's flow and COD, and the oxygen in its aerated tanks."""
    share = 1.0 if oxygen_g_per_m3 is None else load
    plant.QINTR, plant.QR = QINTR * share, QR * share
    influent = np.zeros(21)
    for component, concentration in INFLUENT.items():
        influent[component] = concentration
    influent[[*COD, TSS]] *= strength
    influent[Q], influent[TEMP] = FLOW_M3_PER_D * load, 15.0
    model = BSM1Base(np.array([[0.0, *influent], [DAYS, *influent]]), timestep=STEP_D, endtime=DAYS)
    model.klas = OPEN_KLA_PER_D.copy()
    for i in range(len(model.timesteps)):
        model.step(i)
        if oxygen_g_per_m3 is not None:
            held = np.array([model.y_out3[SO], model.y_out4[SO], model.y_out5[SO]])
            model.klas[2:] = np.clip(model.klas[2:] + GAIN * (oxygen_g_per_m3 - held), 0.0, 360.0)
    out = model.ys_eff
    cod_in, cod_out = influent[COD].sum(), out[COD].sum()
    day = {
        "flow_m3_per_d": influent[Q],
        "aeration_kwh_per_d": model.ae * 24,
        "pumping_kwh_per_d": model.pe * 24,
        "mixing_kwh_per_d": model.me * 24,
        "influent_cod_g_per_m3": cod_in,
        "effluent_cod_g_per_m3": cod_out,
        "cod_removed_frac": 1 - cod_out / cod_in,
        "effluent_tss_g_per_m3": out[TSS],
        "effluent_snh_g_per_m3": out[SNH],
        "effluent_sno_g_per_m3": out[SNO],
    }
    oxygen = np.array([model.y_out3[SO], model.y_out4[SO], model.y_out5[SO]])
    return {name: round(float(value), 6) for name, value in day.items()}, oxygen


def main() -> None:
    """Write one day for each load and way of operation."""
    nominal, oxygen = steady_state(1.0, None)
    days = {"open_loop": {"1": nominal}, "follows_load": {}}
    for load in (0.7, 1.3):
        days["open_loop"][f"{load:g}"] = steady_state(load, None)[0]
    for load in (0.7, 1.0, 1.3):
        days["follows_load"][f"{load:g}"] = steady_state(load, oxygen)[0]
    strengths = [(flow, cod) for cod in (0.7, 1.3) for flow in (0.7, 1.0, 1.3)]
    days["other_strengths"] = {f"{flow:g} {cod:g}": steady_state(flow, oxygen, cod)[0] for flow, cod in strengths}
    source = f"bsm2-python {version('bsm2-python')}, {DAYS:g} days from its initial state"
    json.dump({"source": source, **days}, sys.stdout, indent=1)
    sys.stdout.write("\n")


if __name__ == "__main__":
    main()
