"""What a benchmark answers."""

from typing import Literal

import msgspec

Cell = str | int | float


class Claim(msgspec.Struct, frozen=True, kw_only=True):
    """One line of a budget: what was measured beside its limit, both in the unit `what` names."""

    what: str
    relation: Literal[">=", "<="]
    limit: float
    measured: float

    @property
    def holds(self) -> bool:
        if self.relation == ">=":
            return self.measured >= self.limit
        return self.measured <= self.limit


class Result(msgspec.Struct, frozen=True, kw_only=True):
    """`rows` are what was measured, one dict a line of the table, numbers unrounded.

    `ratios` compare with peers of the same run: the only figures that travel between machines.
    `budget` holds when every claim in it does.
    """

    name: str
    rows: list[dict[str, Cell]]
    ratios: dict[str, float]
    budget: list[Claim]

    @property
    def holds(self) -> bool:
        return all(claim.holds for claim in self.budget)


def as_answer(result: Result) -> dict[str, object]:
    """The object that `bench --json` prints: the result, and which claims hold."""
    budget = [msgspec.structs.asdict(claim) | {"holds": claim.holds} for claim in result.budget]
    return msgspec.structs.asdict(result) | {"budget": budget, "holds": result.holds}
