"""`bansao bench NAME`: one performance claim, measured here and now."""

import importlib
import json
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from typing import TYPE_CHECKING, Final, NoReturn

import click

from bansao.errors import BenchmarkTooSlow, NoSuchBenchmark

if TYPE_CHECKING:
    from benchmarks.result import Cell, Result

NAMES: Final = ("append", "lookup", "proof", "audit", "issue", "ocr", "face", "analytics")
_MINUTES: Final = 15


@click.command()
@click.argument("name", type=click.Choice(NAMES))
@click.option("--json", "as_json", is_flag=True, help="Answer with one JSON object.")
def command(name: str, as_json: bool) -> None:
    """Measure a claim beside its peers, in a database of its own; exit 1 when it does not hold."""
    module = _module_of(name)
    with _deadline(name):
        result: Result = importlib.import_module(module).run()
    _print(result, as_json=as_json)
    sys.exit(0 if result.holds else 1)


def _module_of(name: str) -> str:
    if find_spec("benchmarks") is None:
        raise NoSuchBenchmark(
            "benchmarks are not installed with bansao: run this in a checkout of its sources"
        )
    module = f"benchmarks.{name}"
    if find_spec(module) is None:
        raise NoSuchBenchmark(f"benchmarks/{name}.py is not written yet")
    return module


@contextmanager
def _deadline(name: str) -> Iterator[None]:
    """End a benchmark that hangs, by an exception, so that it takes its database down."""

    def ring(_number: int, _frame: object) -> NoReturn:
        raise BenchmarkTooSlow(f"the benchmark {name} took more than {_MINUTES} minutes")

    signal.signal(signal.SIGALRM, ring)
    signal.alarm(_MINUTES * 60)
    try:
        yield
    finally:
        signal.alarm(0)


def _print(result: "Result", *, as_json: bool) -> None:
    from benchmarks.result import as_answer

    if as_json:
        click.echo(json.dumps(as_answer(result), ensure_ascii=False))
        return
    for line in _table(result.rows):
        click.echo(line)
    for what, ratio in result.ratios.items():
        click.echo(f"ratio  {what}: {ratio:.3g}")
    for claim in result.budget:
        verdict = "holds" if claim.holds else "MISSED"
        click.echo(
            f"{verdict:6} {claim.what}: {_shown(claim.measured)} "
            f"({claim.relation} {_shown(claim.limit)})"
        )


def _table(rows: list[dict[str, "Cell"]]) -> Iterator[str]:
    """Every row under the union of all rows' names."""
    names = list(dict.fromkeys(name for row in rows for name in row))
    lines = [names, *([_shown(row.get(name, "")) for name in names] for row in rows)]
    widths = [max(len(line[at]) for line in lines) for at in range(len(names))]
    for line in lines:
        yield "  ".join(
            cell.ljust(width) for cell, width in zip(line, widths, strict=True)
        ).rstrip()


def _shown(cell: "Cell") -> str:
    if isinstance(cell, float):
        return f"{cell:,.0f}" if abs(cell) >= 1000 else f"{cell:.3g}"
    return f"{cell:,}" if isinstance(cell, int) else cell
