"""Electric motors: efficiency by class, and the power that throttled and speed-controlled machines draw."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

_IEC_60034_30_1 = {
    "IE1": (0.5234, -5.0499, 17.4180, 74.3171),
    "IE2": (0.0278, -1.9247, 10.4395, 80.9761),
    "IE3": (0.0773, -1.8951, 9.2984, 83.7025),
    "IE4": (0.2412, -2.3608, 8.4460, 86.8321),
}
EFFICIENCY_CLASSES = tuple(_IEC_60034_30_1)
"""International efficiency classes, from the least to the best."""

_THROTTLED = {
    "fan": (0.371, 0.973, -0.342, 0.0),
    "pump": (0.0, 3.2485, -4.7443, 2.5294),
    "constant": (1.0, 0.0, 0.0, 0.0),
}
LOADS = tuple(_THROTTLED)
"""Kinds of machine on a motor's shaft."""

DRIVE_EFFICIENCY_FRAC = 0.97
"""Efficiency of a frequency converter near its rated load; manufacturers state 0.96-0.98 [B]."""


def class_efficiency_frac(rated_kw: ArrayLike, efficiency_class: str) -> NDArray[np.float64]:
    """Nominal full-load efficiency of a four-pole 50 Hz motor of an international efficiency class.

    Valid from 0.75 to 200 kW; above 200 kW the standard holds the value of 200 kW, and so does this function.

    Parameters
    ----------
    rated_kw : array_like
        Rated shaft power, at least 0.75 [kW].
    efficiency_class : str
        ``IE1``, ``IE2``, ``IE3`` or ``IE4``.

    Returns
    -------
    ndarray
        Efficiency [0-1], in the shape of ``rated_kw``.

    Raises
    ------
    KeyError
        For an unknown class.

    Notes
    -----
    η = A x³ + B x² + C x + D in per cent, with x = log10(P / kW).

    References
    ----------
    IEC 60034-30-1:2014, interpolation coefficients for 50 Hz, four poles [B]; full-load values of MEASUR agree to half a
    point.

    Examples
    --------
    >>> round(float(class_efficiency_frac(7.5, "IE3")), 3)
    0.904
    """
    a, b, c, d = _IEC_60034_30_1[efficiency_class]
    x = np.log10(np.minimum(np.asarray(rated_kw, dtype=float), 200.0))
    return np.asarray((((a * x + b) * x + c) * x + d) / 100)


def throttled_power_frac(flow_frac: ArrayLike, load: str) -> NDArray[np.float64]:
    """Shaft power at part flow, as a fraction of that at full flow, of a machine at fixed speed.

    A fan has an outlet damper, a pump rides its curve against a valve, and a constant load (conveyor, mixer) takes its
    full power. The fits are for 0.2-1 of full flow.

    Parameters
    ----------
    flow_frac : array_like
        Flow over full flow [0-1].
    load : str
        ``fan``, ``pump`` or ``constant``.

    Returns
    -------
    ndarray
        Power fraction, 1 at full flow.

    References
    ----------
    Fan: DOE-2 and EnergyPlus, discharge damper [B]. Pump: "riding the curve" of the ASHRAE 90.1 performance rating
    method, PNNL-25130 [B]. Both are divided by their value at full flow.
    """
    c0, c1, c2, c3 = _THROTTLED[load]
    q = np.asarray(flow_frac, dtype=float)
    return np.asarray((((c3 * q + c2) * q + c1) * q + c0) / (c0 + c1 + c2 + c3))


def speed_controlled_power_frac(flow_frac: ArrayLike, load: str) -> NDArray[np.float64]:
    """Power at part flow, as a fraction of the shaft power at full flow, with a frequency converter.

    Fans and pumps follow the exponent 2.5 instead of the 3 of the affinity law, for static head and lower efficiency
    at part load; a constant load follows its speed. Losses of the converter are included.

    Parameters
    ----------
    flow_frac : array_like
        Flow, or speed of a constant load, over full flow [0-1].
    load : str
        ``fan``, ``pump`` or ``constant``.

    Returns
    -------
    ndarray
        Power fraction, 1 / 0.97 at full flow.

    References
    ----------
    Exponent: MEASUR (ORNL), ElectricityReduction, variable-speed motors.
    """
    exponent = 1.0 if load == "constant" else 2.5
    return np.asarray(np.asarray(flow_frac, dtype=float) ** exponent / DRIVE_EFFICIENCY_FRAC)


def nameplate_power_kw(
    rated_kw: ArrayLike, load_frac: ArrayLike, efficiency_frac: ArrayLike, speed_frac: ArrayLike = 1.0
) -> NDArray[np.float64]:
    """Electric power of a motor from its nameplate.

    Parameters
    ----------
    rated_kw : array_like
        Rated shaft power [kW].
    load_frac : array_like
        Shaft load over rated load at full speed.
    efficiency_frac : array_like
        Efficiency [0-1].
    speed_frac : array_like
        Operating over line frequency.

    Returns
    -------
    ndarray
        Electric power [kW].

    References
    ----------
    MEASUR (ORNL), ElectricityReduction: P·LF·(f/f_line)^2.5 / η.

    Examples
    --------
    >>> float(nameplate_power_kw(50.0, 0.8, 0.8))
    50.0
    """
    power = np.asarray(rated_kw, dtype=float) * np.asarray(load_frac) * np.asarray(speed_frac, dtype=float) ** 2.5
    return np.asarray(power / np.asarray(efficiency_frac))
