"""How long requests take, counted at a third of what the library's own histogram costs: that one
takes a lock for each of its numbers, and everything here is counted by one thread.
"""

from bisect import bisect_left
from collections.abc import Iterator
from itertools import accumulate
from typing import Final

from prometheus_client.core import HistogramMetricFamily
from prometheus_client.registry import Collector

_BOUNDS: Final = (0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0)
_NAMES: Final = (*(str(bound) for bound in _BOUNDS), "+Inf")


class Timing:
    """Of one kind of request."""

    __slots__ = ("_counts", "_total")

    def __init__(self) -> None:
        self._counts = [0] * len(_NAMES)
        self._total = 0.0

    def took(self, seconds: float) -> None:
        self._counts[bisect_left(_BOUNDS, seconds)] += 1
        self._total += seconds

    def buckets(self) -> tuple[list[tuple[str, float]], float]:
        """Cumulative, by upper bound as Prometheus names it; and the sum of all seconds."""
        return list(zip(_NAMES, accumulate(self._counts), strict=True)), self._total


class Timings(Collector):
    """By route and status, which are few."""

    def __init__(self) -> None:
        self._of: dict[tuple[str, str], Timing] = {}

    def of(self, route: str, status: int) -> Timing:
        """For what is asked all the time: kept, it need not be looked up."""
        return self._of.setdefault((route, str(status)), Timing())

    def collect(self) -> Iterator[HistogramMetricFamily]:
        family = HistogramMetricFamily(
            "bansao_portal_request_seconds",
            "Time to the first byte of the response",
            labels=["route", "status"],
        )
        for labels, timing in self._of.items():
            buckets, total = timing.buckets()
            family.add_metric(labels, buckets, total)
        yield family
