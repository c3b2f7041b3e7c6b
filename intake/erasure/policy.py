"""How long intake keeps what it no longer needs (pure).

Copies of originals are not archived (NĐ 23/2015 art. 14), and biometrics are sensitive data (Law
91/2025): both are kept for as long as somebody may still have to look at the decision again.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import NamedTuple

import msgspec

from intake.dossier import Role


class Expired(NamedTuple):
    """Files of these roles have had their time when their dossier was decided before `before`."""

    roles: tuple[Role, ...]
    before: datetime


class Policy(msgspec.Struct, frozen=True, kw_only=True):
    """Times from the decision on, by kind of file; and from its opening on, for a dossier that is
    never handed in.

    `scans`: the original as it was scanned, its pages and what was read in them. `cards`: pictures
    of the ID card and what was read there. `faces`: live pictures; templates are never kept.
    """

    scans: timedelta
    cards: timedelta
    faces: timedelta
    unfinished: timedelta

    @classmethod
    def from_env(cls, env: Mapping[str, str]) -> "Policy":
        """Reads BANSAO_KEEP_SCANS_DAYS (else 30), _CARDS_DAYS (7), _FACES_DAYS (1) and
        _UNFINISHED_HOURS (24).
        """
        times = {
            "scans": timedelta(days=float(env.get("BANSAO_KEEP_SCANS_DAYS") or 30)),
            "cards": timedelta(days=float(env.get("BANSAO_KEEP_CARDS_DAYS") or 7)),
            "faces": timedelta(days=float(env.get("BANSAO_KEEP_FACES_DAYS") or 1)),
            "unfinished": timedelta(hours=float(env.get("BANSAO_KEEP_UNFINISHED_HOURS") or 24)),
        }
        return cls(**times)

    def expired(self, now: datetime) -> tuple[Expired, ...]:
        """What has had its time by now."""
        return (
            Expired(("scan", "page"), now - self.scans),
            Expired(("card_front", "card_back"), now - self.cards),
            Expired(("face",), now - self.faces),
        )
