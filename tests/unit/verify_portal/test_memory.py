"""What is remembered is told only while nothing newer can have been said."""

import msgspec

from registry.log.checkpoint import Checkpoint
from registry.lookup import Found
from tests.unit.verify_portal.evidence import found
from verify_portal.memory import Memory
from verify_portal.news import MOST_SILENCE_SECONDS, News

CODE, OTHER = b"a" * 32, b"b" * 32


class Time:
    """A clock that is set by hand."""

    now = 1000.0

    def __call__(self) -> float:
        return self.now


def at(size: int) -> Found:
    checkpoint = Checkpoint("test.example/log", size, bytes(32), "not a note: made up for tests")
    return msgspec.structs.replace(found(), checkpoint=checkpoint)


def told(size: int, *changed: bytes) -> tuple[News, Time]:
    time = Time()
    news = News(time)
    news.learn(size, changed, time())
    return news, time


def test_without_news_nothing_is_recalled() -> None:
    memory = Memory(News(Time()))
    memory.keep(CODE, at(7))
    assert memory.recall(CODE) is None


def test_a_copy_is_recalled_through_publications_that_do_not_concern_it() -> None:
    news, time = told(7)
    memory = Memory(news)
    memory.keep(CODE, at(7))
    news.learn(9, [OTHER], time())
    remembered = memory.recall(CODE)
    assert remembered is not None
    assert remembered.found == at(7)


def test_a_change_of_status_ends_what_was_known_before() -> None:
    news, time = told(7)
    memory = Memory(news)
    memory.keep(CODE, at(7))
    news.learn(8, [CODE], time())
    assert memory.recall(CODE) is None


def test_an_answer_that_was_under_way_during_a_change_is_not_taken_for_newer() -> None:
    news, time = told(7)
    memory = Memory(news)
    news.learn(8, [CODE], time())
    memory.keep(CODE, at(7))
    assert memory.recall(CODE) is None
    memory.keep(CODE, at(8))
    assert memory.recall(CODE) is not None


def test_what_is_newer_than_the_news_waits_for_them() -> None:
    news, time = told(7)
    memory = Memory(news)
    memory.keep(CODE, at(8))
    assert memory.recall(CODE) is None
    news.learn(8, [], time())
    memory.keep(CODE, at(8))
    assert memory.recall(CODE) is not None


def test_silence_forgets_and_what_was_missed_is_not_assumed_away() -> None:
    news, time = told(7)
    memory = Memory(news)
    memory.keep(CODE, at(7))
    time.now += MOST_SILENCE_SECONDS
    assert memory.recall(CODE) is None
    news.forget()
    news.learn(8, [], time())
    assert memory.recall(CODE) is None


def test_after_silence_without_a_publication_all_is_as_it_was() -> None:
    news, time = told(7)
    memory = Memory(news)
    memory.keep(CODE, at(7))
    news.forget()
    assert memory.recall(CODE) is None
    news.learn(7, [], time())
    assert memory.recall(CODE) is not None


def test_a_log_that_went_back_takes_all_with_it() -> None:
    news, time = told(7)
    memory = Memory(news)
    memory.keep(CODE, at(7))
    news.learn(5, [], time())
    assert memory.recall(CODE) is None


def test_who_was_not_asked_for_longest_is_forgotten_first() -> None:
    news, _ = told(7)
    memory = Memory(news, most=2)
    memory.keep(CODE, at(7))
    memory.keep(OTHER, at(7))
    assert memory.recall(CODE) is not None
    memory.keep(b"c" * 32, at(7))
    assert memory.recall(OTHER) is None
    assert memory.recall(CODE) is not None


def test_what_is_asked_for_again_outlives_any_number_that_are_asked_for_once() -> None:
    news, _ = told(7)
    memory = Memory(news, most=4)
    memory.keep(CODE, at(7))
    assert memory.recall(CODE) is not None
    for number in range(20):
        memory.keep(b"%032d" % number, at(7))
    assert memory.recall(CODE) is not None
    assert [number for number in range(20) if memory.recall(b"%032d" % number)] == [17, 18, 19]


def test_what_was_asked_for_again_long_ago_makes_room() -> None:
    news, _ = told(7)
    memory = Memory(news, most=4)
    for number in range(4):
        memory.keep(b"%032d" % number, at(7))
        memory.recall(b"%032d" % number)
    memory.keep(CODE, at(7))
    assert [number for number in range(4) if memory.recall(b"%032d" % number)] == [1, 2, 3]
