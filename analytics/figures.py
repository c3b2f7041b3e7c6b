"""The charts: Altair from the frames of `measures`, in the house's colours and the reader's words.

No chart carries a meaning by colour alone: lines differ in dash and mark, references are labelled.
"""

from collections.abc import Mapping
from typing import Any

import altair as alt
import polars as pl

from analytics.measures import BY_HAND_MINUTES, GOAL_MINUTES, STRETCH_MINUTES, Selection
from analytics.words import Words

INK, LINE, MUTED = "#17212b", "#ddd6ca", "#5b6672"
PRIMARY, ALARM, GOOD, CAUTION = "#0b4a6f", "#b3261e", "#1b6b3a", "#8a5300"
FONT = "'Be Vietnam Pro', system-ui, sans-serif"
HEIGHT = 280
# A night in the queue is a thousand minutes: beyond this a linear axis would hide the goal.
LINEAR_UP_TO_MINUTES = 60
# Minutes, hours and days that people count in.
LOGARITHMIC_TICKS = (0, 1, 5, 15, 60, 4 * 60, 24 * 60, 7 * 24 * 60, 30 * 24 * 60)
FEW_DAYS = 45
DAY = "%d/%m/%Y"

Figure = alt.Chart | alt.LayerChart


def copies_per_day(days: pl.DataFrame, selection: Selection, words: Words) -> Figure:
    """Bars, one per day (`measures.copies_per_day`)."""
    chart = (
        alt.Chart(_spelled(days))
        .mark_bar(color=PRIMARY, cornerRadiusTopLeft=3, cornerRadiusTopRight=3)
        .encode(
            x=_day_axis(selection),
            y=alt.Y("copies:Q", title=None, axis=alt.Axis(tickMinStep=1, format=",d")),
            tooltip=[_day_tooltip(words), _tooltip("copies", words("column-copies"), ",d")],
        )
        .properties(height=HEIGHT)
    )
    return _dressed(chart, words)


def processing_time_per_day(days: pl.DataFrame, selection: Selection, words: Words) -> Figure:
    """p50 and p90 as lines over the reference lines (`measures.processing_time_per_day`)."""
    names = {"p50_minutes": words("series-p50"), "p90_minutes": words("series-p90")}
    long = days.unpivot(
        on=list(names), index=["local_day"], variable_name="series", value_name="minutes"
    ).with_columns(pl.col("series").replace_strict(names, return_dtype=pl.String))
    highest = _highest(long)
    logarithmic = highest > LINEAR_UP_TO_MINUTES
    title = words("processing-time-axis-log" if logarithmic else "processing-time-axis")
    base = alt.Chart(_spelled(long)).encode(
        x=_day_axis(selection),
        y=_logarithmic(highest, title) if logarithmic else _linear(title),
        color=_series(names, [PRIMARY, CAUTION], "color"),
        tooltip=[
            _day_tooltip(words),
            alt.Tooltip("series:N", title=" "),
            _tooltip("minutes", words("processing-time-axis"), ",.1f"),
        ],
    )
    lines = base.mark_line(strokeWidth=2.5).encode(
        strokeDash=_series(names, [[1, 0], [5, 3]], "dash")
    )
    marks = base.mark_point(size=60, filled=True, opacity=1).encode(
        shape=_series(names, ["circle", "triangle-up"], "shape")
    )
    # Over a year the marks would lie on each other; the dash still tells the lines apart.
    drawn = [lines, marks] if days.height <= FEW_DAYS else [lines]
    layers = alt.layer(*_references(words), *drawn)
    return _dressed(layers.properties(height=HEIGHT + 40), words)


def copies_by_hour(hours: pl.DataFrame, words: Words) -> Figure:
    """Bars, one per hour of the day (`measures.copies_by_hour`)."""
    chart = (
        alt.Chart(hours)
        .mark_bar(color=PRIMARY, cornerRadiusTopLeft=3, cornerRadiusTopRight=3)
        .encode(
            x=alt.X(
                "local_hour:O",
                title=words("by-hour-axis"),
                axis=alt.Axis(labelAngle=0, labelOverlap="parity"),
            ),
            y=alt.Y("per_day:Q", title=None, axis=alt.Axis(format=",~r")),
            tooltip=[
                alt.Tooltip("local_hour:O", title=words("column-hour")),
                _tooltip("per_day", words("column-per-day"), ",.1f"),
                _tooltip("copies", words("column-copies"), ",d"),
            ],
        )
        .properties(height=HEIGHT - 60)
    )
    return _dressed(chart, words)


def _linear(title: str) -> alt.Y:
    return alt.Y("minutes:Q", title=title, axis=alt.Axis(format=",~r"))


def _logarithmic(highest: float, title: str) -> alt.Y:
    ticks = [minutes for minutes in LOGARITHMIC_TICKS if minutes <= highest]
    scale = alt.Scale(type="symlog", domain=[0, highest * 1.2], nice=False)
    return alt.Y("minutes:Q", title=title, scale=scale, axis=alt.Axis(format=",d", values=ticks))


def _references(words: Words) -> list[alt.Chart]:
    """The lines to measure against, named in the margin, where no data can lie over the names."""
    layers = []
    for minutes, name, colour, dash, dy in (
        (BY_HAND_MINUTES, words("reference-by-hand"), ALARM, [6, 4], 0),
        (GOAL_MINUTES, words("reference-goal"), GOOD, [6, 4], -6),
        (STRETCH_MINUTES, words("reference-stretch"), GOOD, [2, 3], 6),
    ):
        at = alt.Chart(pl.DataFrame({"minutes": [minutes], "name": [name]})).encode(y="minutes:Q")
        label = at.mark_text(
            align="left", baseline="middle", dx=6, dy=dy, color=colour, fontSize=12
        )
        layers.append(at.mark_rule(color=colour, strokeDash=dash, strokeWidth=1.5))
        layers.append(label.encode(text="name:N", x=alt.value("width")))
    return layers


def _spelled(days: pl.DataFrame) -> pl.DataFrame:
    # As text: Vega would read a date in the browser's zone, and a day must not move with it.
    return days.with_columns(pl.col("local_day").dt.strftime(DAY).alias("day")).drop("local_day")


def _day_axis(selection: Selection) -> alt.X:
    days = pl.date_range(selection.first, selection.last, eager=True).dt.strftime(DAY).to_list()
    label = "datum.label" if len(days) > FEW_DAYS else "slice(datum.label, 0, 5)"
    axis = alt.Axis(labelAngle=0, labelOverlap="parity", labelExpr=label, labelSeparation=8)
    return alt.X("day:O", title=None, scale=alt.Scale(domain=days), axis=axis)


def _day_tooltip(words: Words) -> alt.Tooltip:
    return alt.Tooltip("day:O", title=words("column-day"))


def _tooltip(field: str, title: str, number_format: str) -> alt.Tooltip:
    return alt.Tooltip(f"{field}:Q", title=title, format=number_format)


def _series(names: Mapping[str, str], values: list[Any], legend_of: str) -> Any:
    """One encoding of the two series; all of them share one legend."""
    channel = {"color": alt.Color, "dash": alt.StrokeDash, "shape": alt.Shape}[legend_of]
    return channel(
        "series:N",
        scale=alt.Scale(domain=list(names.values()), range=values),
        legend=alt.Legend(title=None, orient="top", direction="horizontal"),
    )


def _highest(long: pl.DataFrame) -> float:
    highest = long["minutes"].max()
    return float(highest) if isinstance(highest, float) else 0.0


def _dressed(chart: Any, words: Words) -> Figure:
    dressed: Figure = (
        chart.configure(font=FONT, background="transparent", locale=words.chart_locale())
        .configure_axis(
            labelFontSize=12,
            titleFontSize=12,
            labelColor=MUTED,
            titleColor=MUTED,
            titleFontWeight="normal",
            gridColor=LINE,
            domainColor=LINE,
            tickColor=LINE,
        )
        .configure_legend(labelFontSize=13, labelColor=INK, symbolSize=120)
        .configure_view(strokeWidth=0)
    )
    return dressed
