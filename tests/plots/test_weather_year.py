"""The figure of a year of weather."""

import numpy as np
import pytest
from made_up import drawn, title

from eipsim.errors import DataError
from eipsim.plots.weather_year import draw_weather_year


@pytest.mark.slow
def test_the_title_tells_the_sums_of_the_year() -> None:
    assert title(drawn("weather_year")) == (
        "365 days of weather: 2,495 kWh/m² of sun, 27.9 °C on average, 740 mm of rain on 37 days"
    )


def test_every_day_of_rain_has_its_bar() -> None:
    rain = drawn("weather_year").axes[2]

    heights = [bar.get_height() for bar in rain.patches]

    assert heights == [20.0 if day % 10 == 0 else 0.0 for day in range(365)]


def test_arrays_that_are_no_days_are_refused() -> None:
    whole, broken = np.zeros((2, 24)), np.full((2, 24), np.nan)

    with pytest.raises(DataError, match=r"ambient_c has shape \(2, 24\): must be \(2, 24\), all finite") as raised:
        draw_weather_year(
            np.array([1, 1]), ghi_w_per_m2=whole[:1], ambient_c=broken, rain_mm_per_h=whole, name="x", language="en"
        )
    assert "ghi_w_per_m2 has shape (1, 24)" in str(raised.value)
