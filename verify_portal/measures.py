"""Numbers and log lines about the portal's work: never a code, never a name, never an address."""

from collections.abc import Callable, Iterator, Mapping
from functools import cache
from hashlib import blake2b
from typing import Final

from prometheus_client import CollectorRegistry, Counter, Gauge, generate_latest
from prometheus_client.core import CounterMetricFamily
from prometheus_client.registry import Collector

from verify_portal.copies import Server
from verify_portal.ledger import Ledger, Standing
from verify_portal.timings import Timings

CONTENT_TYPE: Final = "text/plain; version=0.0.4; charset=utf-8"
_TAG_DOMAIN: Final = b"bansao log tag"  # 16 bytes at most


class Measures:
    """Counters of one application; each has a registry of its own, so that tests do not share."""

    def __init__(self, ledger: Ledger) -> None:
        self._registry = CollectorRegistry()
        self._registry.register(_Lookups(ledger.copies.answered))
        verdicts = Counter(
            "bansao_portal_verdicts",
            "Answers given",
            ["verdict", "asked"],
            registry=self._registry,
        )
        #: By labels, which are few: the library looks them up more slowly than it counts.
        self.verdicts: Callable[[str, str], Counter] = cache(verdicts.labels)
        self.requests = Timings()
        self._registry.register(self.requests)
        self.limited = Counter(
            "bansao_portal_limited", "Requests refused by the rate limit", registry=self._registry
        )
        self.refused_keys = Counter(
            "bansao_portal_refused_keys",
            "Agencies' keys that opened nothing, by what was wrong with them",
            ["fault"],
            registry=self._registry,
        )

        self._reads_replica = Gauge(
            "bansao_portal_reads_replica",
            "1 while lookups are answered by the replica, 0 while by the primary",
            registry=self._registry,
        )
        self._entries_behind = Gauge(
            "bansao_portal_replica_behind_entries",
            "Published entries that the replica lacks; NaN while it does not answer",
            registry=self._registry,
        )
        self._seconds_behind = Gauge(
            "bansao_portal_replica_behind_seconds",
            "For how long the replica has lacked them; NaN while it does not answer",
            registry=self._registry,
        )

    def exposition(self, standing: Standing) -> bytes:
        """The text that Prometheus scrapes."""
        nothing = float("nan")
        entries, seconds = standing.entries_behind, standing.seconds_behind
        self._reads_replica.set(standing.reads == "replica")
        self._entries_behind.set(nothing if entries is None else entries)
        self._seconds_behind.set(nothing if seconds is None else seconds)
        return generate_latest(self._registry)


class _Lookups(Collector):
    def __init__(self, answered: Mapping[Server, int]) -> None:
        self._answered = answered

    def collect(self) -> Iterator[CounterMetricFamily]:
        lookups = CounterMetricFamily(
            "bansao_portal_lookups", "Lookups, by the server that answered", labels=["server"]
        )
        for server, count in self._answered.items():
            lookups.add_metric([server], count)
        yield lookups


def code_tag(key: bytes, code: str) -> str:
    """Tells log lines about one code apart without telling the code: keyed BLAKE2b (RFC 7693)."""
    return blake2b(code.encode("ascii"), key=key, digest_size=8, person=_TAG_DOMAIN).hexdigest()
