"""Prometheus reads what the requests took."""

from prometheus_client import CollectorRegistry, Histogram, generate_latest

from verify_portal.timings import Timings

TOOK = (0.0, 0.0005, 0.001, 0.0011, 0.2, 3.0, 10.0, 70.0)


def test_it_is_what_the_librarys_histogram_would_tell() -> None:
    ours, theirs = CollectorRegistry(), CollectorRegistry()
    timings = Timings()
    ours.register(timings)
    library = Histogram(
        "bansao_portal_request_seconds",
        "Time to the first byte of the response",
        ["route", "status"],
        registry=theirs,
        buckets=(0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1, 3, 10),
    )
    for seconds in TOOK:
        timings.of("/r", 200).took(seconds)
        library.labels("/r", "200").observe(seconds)
    created = "bansao_portal_request_seconds_created"
    expected = [
        line for line in generate_latest(theirs).decode().split("\n") if created not in line
    ]
    assert generate_latest(ours).decode().split("\n") == expected
