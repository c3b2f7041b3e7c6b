"""Numbers and log lines about the portal's work: never a code, never a name, never an address."""

import hashlib
import hmac
from typing import Final

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest

CONTENT_TYPE: Final = "text/plain; version=0.0.4; charset=utf-8"
_TAG_DOMAIN: Final = b"bansao portal log tag v1\n"


class Measures:
    """Counters of one application; each has a registry of its own, so that tests do not share."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        self.verdicts = Counter(
            "bansao_portal_verdicts",
            "Answers given",
            ["verdict", "asked"],
            registry=self._registry,
        )
        self.requests = Histogram(
            "bansao_portal_request_seconds",
            "Time to the first byte of the response",
            ["route", "status"],
            registry=self._registry,
            buckets=(0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1, 3, 10),
        )
        self.limited = Counter(
            "bansao_portal_limited", "Requests refused by the rate limit", registry=self._registry
        )

    def exposition(self) -> bytes:
        """The text that Prometheus scrapes."""
        return generate_latest(self._registry)


def code_tag(key: bytes, code: str) -> str:
    """Tells log lines about one code apart without telling the code: HMAC-SHA-256, shortened."""
    return hmac.new(key, _TAG_DOMAIN + code.encode("ascii"), hashlib.sha256).hexdigest()[:16]
