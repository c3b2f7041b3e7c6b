"""What Prometheus reads of the publisher."""

from types import SimpleNamespace
from typing import cast

from prometheus_client import CollectorRegistry, generate_latest

from bansao.publisher_measures import PublisherMeasures
from registry.cosigning import Standing
from registry.log.checkpoint import Checkpoint
from registry.publish import Publisher
from registry.sign import Signed


def scraped(newest: Signed | None, **standings: Standing) -> set[str]:
    publisher = cast(Publisher, SimpleNamespace(newest=newest, standings=standings))
    registry = CollectorRegistry()
    registry.register(PublisherMeasures(publisher))
    return set(generate_latest(registry).decode().splitlines())


def test_a_witness_that_calls_us_forked_stands_out() -> None:
    checkpoint = Checkpoint("log.example", 7, bytes(32), "")
    lines = scraped(Signed(checkpoint, published=False), w1=Standing(state="forked"), w2=Standing())
    assert "bansao_log_size 7.0" in lines
    assert "bansao_log_waiting 1.0" in lines
    assert 'bansao_log_witness{state="forked",witness="w1"} 1.0' in lines
    assert 'bansao_log_witness{state="cosigned",witness="w1"} 0.0' in lines
    assert 'bansao_log_witness{state="forked",witness="w2"} 0.0' in lines


def test_before_the_first_step_there_is_no_size() -> None:
    assert not any(line.startswith("bansao_log_size ") for line in scraped(None))


def test_a_name_that_is_no_text_is_told_too() -> None:
    lines = scraped(None, **{"w\udcff": Standing(state="cosigned")})
    [line] = [
        one for one in lines if one.startswith("bansao_log_witness{") and one.endswith(" 1.0")
    ]
    assert "udcff" in line
