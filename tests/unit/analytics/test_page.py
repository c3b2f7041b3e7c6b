"""The page's states, run by Streamlit's own test runner over a stand-in for the database."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

import analytics
from analytics.errors import DatabaseUnreachable
from analytics.extract import Extract
from tests.unit.analytics.rows import DAY, copies, dossiers, snapshot

APP = Path(analytics.__file__).with_name("app.py")
EMPTY = snapshot(copies(), dossiers())
FILLED = snapshot(
    copies(
        {},
        {"page_count": 3, "processing_seconds": 480.0},
        {
            "local_day": DAY - timedelta(days=400),
            "unit_code": "00004",
            "unit_name": "Phường Ba Đình",
        },
    ),
    dossiers(
        {"received": 5, "issued": 2, "refused": 1, "open": 2},
        {"unit_code": "00004", "unit_name": "Phường Ba Đình", "received": 1, "open": 1},
    ),
)


@pytest.fixture
def serve(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Callable[..., AppTest]]:
    """Open the page over a FAKE database, which answers with the given snapshot or failure."""
    (tmp_path / "db_analytics_reader").write_text("not-a-real-password")
    monkeypatch.setenv("BANSAO_DATABASE_URL", "postgresql://127.0.0.1:1/never-connected")
    monkeypatch.setenv("BANSAO_SECRETS", str(tmp_path))

    def serve(answer: Extract | Exception, language: str = "vi") -> AppTest:
        def fake_extract(role_url: str) -> Extract:
            if isinstance(answer, Exception):
                raise answer
            return answer

        monkeypatch.setattr("analytics.extract.extract", fake_extract)
        page = AppTest.from_file(str(APP), default_timeout=30)
        page.query_params["lang"] = language
        return page.run()

    st.cache_resource.clear()
    yield serve
    st.cache_resource.clear()


def text_of(page: AppTest) -> str:
    assert not page.exception
    blocks = [block.proto.body for block in page.get("html")]
    return "\n".join(block for block in blocks if not block.startswith("<style"))


def test_an_empty_registry_is_said_in_words(serve: Callable[..., AppTest]) -> None:
    text = text_of(serve(EMPTY))
    assert "Chưa có bản sao nào" in text
    assert "09:15:30 22/11/2026" in text


def test_dossiers_that_wait_before_the_first_copy_are_told(serve: Callable[..., AppTest]) -> None:
    text = text_of(serve(snapshot(copies(), dossiers({"received": 7, "open": 7}))))
    assert "Đã nhận 7 hồ sơ, đang chờ xử lý 7." in text


def test_the_main_numbers_are_text_and_not_only_drawn(serve: Callable[..., AppTest]) -> None:
    page = serve(FILLED)
    text = text_of(page)
    for number in ("6,0 phút", "50,0%", "33,3%", "3 tờ", "0,3 giờ", "Cấp 2 bản sao trong 30 ngày"):
        assert number in text
    assert len(page.get("vega_lite_chart")) == 3


def test_english_on_request(serve: Callable[..., AppTest]) -> None:
    page = serve(FILLED, language="en")
    assert "6.0 min" in text_of(page)
    assert page.title[0].value == "Copies issued"


def test_changing_the_language_keeps_the_filters(serve: Callable[..., AppTest]) -> None:
    page = serve(FILLED)
    page.selectbox[0].set_value("all").run()
    page.multiselect[0].set_value(["00004"]).run()
    page.get("button_group")[0].set_value("en").run()
    assert page.selectbox[0].value == "all"
    assert page.multiselect[0].value == ["00004"]
    assert "Copies issued in 403 days: 1;" in text_of(page)


def test_units_are_offered_in_vietnamese_order(serve: Callable[..., AppTest]) -> None:
    assert serve(FILLED).multiselect[0].options == ["Phường Ba Đình", "Phường Hoàn Kiếm"]


def test_filters_that_match_nothing_say_what_to_do(serve: Callable[..., AppTest]) -> None:
    page = serve(FILLED)
    page.multiselect[0].set_value(["00004"]).run()
    assert "Chưa có bản sao nào trong phạm vi đã chọn" in text_of(page)


def test_the_breakdown_names_units_with_their_numbers(serve: Callable[..., AppTest]) -> None:
    page = serve(FILLED)
    page.switch_page("page/breakdown.py").run()
    text = text_of(page)
    assert text.index("Phường Hoàn Kiếm") < text.index("Phường Ba Đình")
    assert "Bằng tốt nghiệp" in text


def test_savings_state_their_assumption_and_follow_it(serve: Callable[..., AppTest]) -> None:
    page = serve(FILLED)
    page.switch_page("page/savings.py").run()
    assert "3 tờ giấy" in text_of(page)
    assert "mỗi hồ sơ có 1 bản chụp" in text_of(page)
    page.number_input[0].set_value(2).run()
    page.toggle[0].set_value(False).run()
    assert "8 tờ giấy" in text_of(page)


def test_an_unreachable_database_is_told_and_no_number_is_shown(
    serve: Callable[..., AppTest],
) -> None:
    text = text_of(serve(DatabaseUnreachable("the database did not answer")))
    assert "Không kết nối được cơ sở dữ liệu" in text
    assert "bs-kpi" not in text


def test_a_database_that_comes_back_is_read_again(serve: Callable[..., AppTest]) -> None:
    serve(DatabaseUnreachable("the database did not answer"))
    assert "6,0 phút" in text_of(serve(FILLED))


def test_a_missing_configuration_is_told(
    serve: Callable[..., AppTest], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("BANSAO_DATABASE_URL")
    assert "BANSAO_DATABASE_URL" in text_of(serve(FILLED))


def test_an_unknown_failure_stays_opaque_to_the_reader(
    serve: Callable[..., AppTest], caplog: pytest.LogCaptureFixture
) -> None:
    text = text_of(serve(RuntimeError("table intake.officer is on fire")))
    assert "Có lỗi khi đọc số liệu" in text
    assert "fire" not in text
    assert "on fire" in caplog.text
