"""The fee for certified copies (pure). Money is whole đồng.

Circular TT 226/2016/TT-BTC art. 4: 2,000 đ a page for pages 1 and 2, 1,000 đ from page 3, at most
200,000 đ a copy, counted on the pages of the original. Hanoi's Resolution 77/2025 pays set fees of
online services from 1/1/2026. The class of a kiosk is not defined there, so a kiosk pays in full
until a policy line says otherwise.
"""

from datetime import date

import msgspec

from intake.dossier import Channel

MOST_A_COPY = 200_000


class Subsidy(msgspec.Struct, frozen=True, kw_only=True):
    """Public money pays `percent` of the fee on this channel from a local day on."""

    channel: Channel
    since: date
    percent: int


SUBSIDIES = (Subsidy(channel="online", since=date(2026, 1, 1), percent=100),)


class Fee(msgspec.Struct, frozen=True, kw_only=True):
    """gross = subsidy + net; the citizen pays `net`."""

    pages: int
    copies: int
    gross: int
    subsidy: int
    net: int


def fee_for(
    pages: int,
    *,
    channel: Channel,
    on: date,
    copies: int = 1,
    subsidies: tuple[Subsidy, ...] = SUBSIDIES,
) -> Fee:
    """The fee for copies of an original of so many pages; the newest subsidy in force counts."""
    a_copy = min(MOST_A_COPY, 2_000 * min(pages, 2) + 1_000 * max(pages - 2, 0))
    gross = copies * a_copy
    in_force = [line for line in subsidies if line.channel == channel and line.since <= on]
    percent = max(in_force, key=lambda line: line.since).percent if in_force else 0
    subsidy = gross * percent // 100
    return Fee(pages=pages, copies=copies, gross=gross, subsidy=subsidy, net=gross - subsidy)
