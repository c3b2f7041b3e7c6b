"""Whom a limit applies to. Pure."""

import contextlib
import ipaddress
import socket
from typing import Final, NamedTuple

#: What one customer gets, and what one who rents many addresses gets: prefix lengths by version.
_CLIENT: Final = {4: 32, 6: 64}
_NETWORK: Final = {4: 24, 6: 48}
_LONGEST_NAME: Final = 64


class Source(NamedTuple):
    """A client, and the network around it; equal ones share their limits."""

    client: str
    network: str


def source_of(address: str) -> Source:
    """IPv4: the address and its /24. IPv6: the /64 and its /48. Other text stands for itself."""
    with contextlib.suppress(OSError):
        # Nearly everybody, for a twentieth of what it costs below.
        socket.inet_pton(socket.AF_INET, address)
        return Source(f"{address}/32", f"{address.rpartition('.')[0]}.0/24")
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return Source(address[:_LONGEST_NAME], address[:_LONGEST_NAME])
    if isinstance(parsed, ipaddress.IPv6Address):
        parsed = parsed.ipv4_mapped or parsed
    return Source(_prefix(parsed, _CLIENT), _prefix(parsed, _NETWORK))


def _prefix(address: ipaddress.IPv4Address | ipaddress.IPv6Address, lengths: dict[int, int]) -> str:
    return str(ipaddress.ip_network((address, lengths[address.version]), strict=False))
