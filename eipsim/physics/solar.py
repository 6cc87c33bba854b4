"""The sun on a roof: position, irradiance on a tilted plane, cell temperature, direct and alternating current."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


class SunPosition(NamedTuple):
    """Where the sun stands.

    Parameters
    ----------
    zenith_deg : ndarray of shape (n,)
        Angle from the vertical without refraction [°].
    apparent_zenith_deg : ndarray of shape (n,)
        Angle from the vertical as seen through the atmosphere [°].
    azimuth_deg : ndarray of shape (n,)
        Clockwise from north [°].
    """

    zenith_deg: Floats
    apparent_zenith_deg: Floats
    azimuth_deg: Floats


def sun_position(
    unix_s: Floats, latitude_deg: float, longitude_deg: float, altitude_m: float = 0.0, ambient_c: float = 12.0
) -> SunPosition:
    """Return where the sun stands, by NREL's solar position algorithm.

    Good for the years -2000 to 6000; within 0.0003° of the ephemeris, refraction apart.

    Parameters
    ----------
    unix_s : ndarray of shape (n,)
        Seconds since 1970-01-01 00:00 UTC [s].
    latitude_deg, longitude_deg : float
        Position, north and east positive [°].
    altitude_m : float
        Above sea level; sets the air pressure of the refraction [m].
    ambient_c : float
        Yearly mean temperature; acts on refraction alone [°C].

    Returns
    -------
    SunPosition
        Angles of shape (n,) [°].

    References
    ----------
    I. Reda and A. Andreas, Solar Energy 76 (2004) 577-589, doi:10.1016/j.solener.2003.12.003; as in pvlib.
    """
    from pvlib import atmosphere, spa

    hectopascal = atmosphere.alt2pres(altitude_m) / 100
    apparent_zenith, zenith, _, _, azimuth, _ = spa.solar_position(
        unix_s, latitude_deg, longitude_deg, altitude_m, hectopascal, ambient_c, 67.0, 0.5667, 1
    )
    return SunPosition(zenith, apparent_zenith, azimuth)


def plane_of_array_w_per_m2(
    sun: SunPosition,
    ghi_w_per_m2: Floats,
    dni_w_per_m2: Floats,
    dhi_w_per_m2: Floats,
    day_of_year: NDArray[np.int64],
    *,
    tilt_deg: float,
    azimuth_deg: float,
    albedo: float = 0.2,
) -> Floats:
    """Return the irradiance on a tilted plane by the model of Hay and Davies.

    Beam and circumsolar light from the sun's direction, the other diffuse light from the whole sky, and light reflected
    by the ground. Near the horizon the model is the poorer the brighter the horizon band; rows that shade each other
    are not in it.

    Parameters
    ----------
    sun : SunPosition
        Angles of shape (n,).
    ghi_w_per_m2, dni_w_per_m2, dhi_w_per_m2 : ndarray of shape (n,)
        Global horizontal, direct normal and diffuse horizontal irradiance [W/m2].
    day_of_year : ndarray of shape (n,)
        1-366, for the distance of the sun.
    tilt_deg, azimuth_deg : float
        Tilt from the horizontal, 0-90, and direction clockwise from north, 0-360 [°].
    albedo : float
        Share of light that the ground reflects, 0-1.

    Returns
    -------
    ndarray of shape (n,)
        From 0 up [W/m2].

    References
    ----------
    J. E. Hay and J. A. Davies, Proc. First Canadian Solar Radiation Data Workshop (1980) 59; as in pvlib.
    """
    from pvlib import irradiance

    up = sun.zenith_deg < 90.0
    beam = np.where(up, dni_w_per_m2, 0.0)
    total = irradiance.get_total_irradiance(
        tilt_deg,
        azimuth_deg,
        sun.apparent_zenith_deg,
        sun.azimuth_deg,
        dni=beam,
        ghi=ghi_w_per_m2,
        dhi=dhi_w_per_m2,
        dni_extra=irradiance.get_extra_radiation(day_of_year),
        albedo=albedo,
        model="haydavies",
    )
    return np.maximum(np.asarray(total["poa_global"], dtype=np.float64), 0.0)


MOUNTS: dict[str, tuple[float, float, float]] = {
    "open_rack": (-3.47, -0.0594, 3.0),
    "close_roof": (-2.98, -0.0471, 1.0),
    "insulated_back": (-2.81, -0.0455, 0.0),
}
"""Coefficients a, b [s/m] and ΔT [K] of the cell temperature by how the module is mounted (King et al. 2004, table 1)."""


def cell_temperature_c(
    plane_w_per_m2: Floats, ambient_c: Floats | float, wind_m_per_s: Floats | float = 1.0, mount: str = "close_roof"
) -> Floats:
    """Return the temperature of the cells of a module in steady state.

    Parameters
    ----------
    plane_w_per_m2 : ndarray of shape (n,)
        Irradiance on the module [W/m2].
    ambient_c : float or ndarray of shape (n,)
        Temperature of the air [°C].
    wind_m_per_s : float or ndarray of shape (n,)
        Wind at 10 m [m/s]. The default is that of a roof among others.
    mount : {"open_rack", "close_roof", "insulated_back"}
        How the module is mounted.

    Returns
    -------
    ndarray of shape (n,)
        Temperature [°C].

    Raises
    ------
    KeyError
        If the mount is unknown.

    Notes
    -----
    T_module = G exp(a + b v) + T_ambient; T_cell = T_module + ΔT G / 1000 W/m2. Errors are about 5 K; clouds that pass
    within minutes are beyond it.

    References
    ----------
    D. L. King, W. E. Boyson, J. A. Kratochvil, SAND2004-3535, equations 11 and 12, doi:10.2172/919131.

    Examples
    --------
    >>> import numpy as np
    >>> cell_temperature_c(np.array([0.0, 800.0]), 30.0).round(1).tolist()
    [30.0, 69.6]
    """
    a, b, above = MOUNTS[mount]
    temperature: Floats = ambient_c + plane_w_per_m2 * (np.exp(a + b * wind_m_per_s) + above / 1000.0)
    return temperature


def dc_power_kw_per_kwp(
    plane_w_per_m2: Floats | float, cell_c: Floats | float, temperature_coefficient_per_k: float = -0.0035
) -> Floats:
    """Return the direct-current power of a module of 1 kWp by the model of PVWatts.

    Parameters
    ----------
    plane_w_per_m2 : float or ndarray of shape (n,)
        Irradiance on the module [W/m2].
    cell_c : float or ndarray of shape (n,)
        Temperature of the cells [°C].
    temperature_coefficient_per_k : float
        Change of power per kelvin above 25 °C [1/K]; -0.0035 is that of crystalline silicon on today's data sheets.

    Returns
    -------
    ndarray of shape (n,)
        Power [kW/kWp]. The lower efficiency in dim light is left out.

    Notes
    -----
    P = G / 1000 W/m2 × (1 + γ (T_cell - 25 °C)).

    References
    ----------
    A. P. Dobos, PVWatts Version 5 Manual, NREL/TP-6A20-62641 (2014), equation 8, doi:10.2172/1158421.

    Examples
    --------
    >>> float(dc_power_kw_per_kwp(800.0, 45.0, -0.0047).round(4))
    0.7248
    """
    return (
        np.asarray(plane_w_per_m2, dtype=np.float64)
        / 1000.0
        * (1.0 + temperature_coefficient_per_k * (np.asarray(cell_c) - 25.0))
    )


def inverter_power_kw_per_kwp(dc_kw_per_kwp: Floats, dc_ac_ratio: float = 1.2, efficiency_frac: float = 0.96) -> Floats:
    """Return the alternating-current power behind an inverter by the model of PVWatts.

    Parameters
    ----------
    dc_kw_per_kwp : ndarray of shape (n,)
        Direct-current power after the losses before the inverter [kW/kWp].
    dc_ac_ratio : float
        Module power over inverter power: output is cut at 1 / ratio kW/kWp.
    efficiency_frac : float
        Nominal efficiency of the inverter, 0-1.

    Returns
    -------
    ndarray of shape (n,)
        From 0 to 1 / ratio [kW/kWp].

    Notes
    -----
    P = P_ac0 / 0.9637 × (-0.0162 ζ² + 0.9858 ζ - 0.0059) from 0 to P_ac0, with ζ = P_dc η_nom / P_ac0: a quadratic through
    the efficiencies of the inverters sold in 2010.

    References
    ----------
    A. P. Dobos, PVWatts Version 5 Manual, NREL/TP-6A20-62641 (2014), equation 11, doi:10.2172/1158421.
    """
    rating = 1.0 / dc_ac_ratio
    zeta = np.asarray(dc_kw_per_kwp) * efficiency_frac / rating
    power = rating / 0.9637 * (-0.0162 * zeta**2 + 0.9858 * zeta - 0.0059)
    return np.clip(power, 0.0, rating)


def array_power_kw_per_kwp(
    plane_w_per_m2: Floats,
    ambient_c: Floats,
    system_loss_frac: float = 0.10,
    *,
    wind_m_per_s: Floats | float = 1.0,
    mount: str = "close_roof",
    dc_ac_ratio: float = 1.2,
) -> Floats:
    """Return what a roof array of 1 kWp feeds in, before soiling and outages.

    Parameters
    ----------
    plane_w_per_m2, ambient_c : ndarray of shape (n,)
        Irradiance on the modules [W/m2] and temperature of the air [°C].
    system_loss_frac : float
        Losses before the inverter (shading, mismatch, wiring, connections, first light, rating), 0-1. PVWatts takes
        0.1408 with 2 % soiling and 3 % outages in it; those are for the component to model.
    wind_m_per_s : float or ndarray of shape (n,)
        Wind at 10 m [m/s].
    mount : str
        One of `MOUNTS`.
    dc_ac_ratio : float
        Module power over inverter power.

    Returns
    -------
    ndarray of shape (n,)
        Power [kW/kWp].
    """
    dc = dc_power_kw_per_kwp(plane_w_per_m2, cell_temperature_c(plane_w_per_m2, ambient_c, wind_m_per_s, mount))
    return inverter_power_kw_per_kwp(dc * (1.0 - system_loss_frac), dc_ac_ratio)
