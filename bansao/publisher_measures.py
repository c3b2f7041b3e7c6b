"""How the publisher stands, as Prometheus reads it: above all whether a witness calls us forked."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import get_args

from prometheus_client import CollectorRegistry, start_http_server
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from registry.cosigning import State
from registry.publish import Publisher


class PublisherMeasures(Collector):
    """Read at each scrape; keeps nothing of its own."""

    def __init__(self, publisher: Publisher) -> None:
        self._publisher = publisher

    def collect(self) -> Iterator[GaugeMetricFamily]:
        newest = self._publisher.newest
        if newest is not None:
            size = newest.checkpoint.size
            yield GaugeMetricFamily("bansao_log_size", "Entries that are signed", size)
            waits = GaugeMetricFamily(
                "bansao_log_waiting", "1 while a signed checkpoint waits for its quorum"
            )
            waits.add_metric([], 0 if newest.published else 1)
            yield waits
        witnesses = GaugeMetricFamily(
            "bansao_log_witness",
            "1 for what each witness did last; `forked`: it saw another log of our key",
            labels=["witness", "state"],
        )
        for name, standing in self._publisher.standings.items():
            label = name.encode("utf-8", "backslashreplace").decode()  # a policy's names are octets
            for state in get_args(State):
                witnesses.add_metric([label, state], 1 if state == standing.state else 0)
        yield witnesses


@contextmanager
def told(publisher: Publisher, host: str, port: int) -> Iterator[None]:
    """`/metrics` on this port meanwhile; OSError when it is taken."""
    registry = CollectorRegistry()
    registry.register(PublisherMeasures(publisher))
    server, thread = start_http_server(port, host, registry)
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
