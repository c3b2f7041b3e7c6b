"""The leaders' dashboard: `streamlit run analytics/app.py`.

This script runs anew at each interaction: it reads the snapshot, applies the filters and hands the
rows to the page that the reader has open.
"""

import logging
import os
from datetime import timedelta

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from analytics import look, measures
from analytics.errors import AnalyticsError
from analytics.extract import Extract, extract
from analytics.filters import choose, unit_names
from analytics.settings import Settings
from analytics.view import View, hand_over
from analytics.words import LANGUAGES, Words, words_in

log = logging.getLogger("analytics.app")
FRESH = timedelta(seconds=60)


@st.cache_resource
def _settings() -> Settings:
    return Settings.from_env(os.environ)


@st.cache_resource
def _stylesheet() -> str:
    return look.stylesheet(_settings().assets)


@st.cache_resource(ttl=FRESH, show_spinner=False)
def _snapshot() -> Extract:
    # cache_resource, not cache_data: frames are immutable, so all readers share one.
    return extract(_settings().role_url())


def main() -> None:
    words = _chosen_words()
    st.set_page_config(page_title=words("app-title"), layout="wide")
    # Not in a folder "pages": Streamlit runs the scripts of such a folder without this one.
    page = st.navigation(
        [
            st.Page("page/overview.py", title=words("page-overview"), default=True),
            st.Page("page/breakdown.py", title=words("page-breakdown"), url_path="units"),
            st.Page("page/savings.py", title=words("page-savings"), url_path="savings"),
        ],
        position="top",
    )
    st.html(_stylesheet())
    below_title = _head(words)
    try:
        with st.spinner(words("reading")):
            snapshot = _snapshot()
        below_title.html(look.note(words("as-of", moment=words.moment(snapshot.as_of))))
        _show(page, words, snapshot)
    except AnalyticsError as failure:
        log.warning("no numbers to show: %s", failure)
        st.html(look.state(words("error-title"), words(failure.code), alarm=True))
    except Exception:
        log.exception("the dashboard failed")
        st.html(look.state(words("error-title"), words(AnalyticsError.code), alarm=True))


def _chosen_words() -> Words:
    # The control that chooses is drawn later, in the head: its value is already in the session.
    return words_in(st.session_state.get("language") or st.query_params.get("lang", LANGUAGES[0]))


def _head(words: Words) -> DeltaGenerator:
    """Title, language and refresh; return the place below the title."""
    # Streamlit's page says it is English; a screen reader would read Vietnamese with that voice.
    st.html(
        f"<script>document.documentElement.lang = '{words.language}'</script>",
        unsafe_allow_javascript=True,
    )
    title, controls = st.columns([3, 2], vertical_alignment="center")
    title.title(words("app-title"), anchor=False)
    with controls.container(horizontal=True, horizontal_alignment="right"):
        st.segmented_control(
            words("language"),
            LANGUAGES,
            default=words.language,
            format_func=lambda language: words(f"language-{language}"),
            label_visibility="collapsed",
            required=True,
            key="language",
        )
        st.button(words("refresh"), on_click=_snapshot.clear, icon=":material/refresh:")
    return title.empty()


def _show(page: st.Page, words: Words, snapshot: Extract) -> None:
    if snapshot.copies.is_empty():
        _show_empty(words, snapshot)
        return
    names = unit_names(snapshot, words)
    selection = choose(snapshot, names, words)
    if selection is None:
        return
    hand_over(
        View(
            words=words,
            selection=selection,
            unit_names=names,
            copies=measures.select(snapshot.copies, selection),
            dossiers=measures.select(snapshot.dossiers, selection),
        )
    )
    page.run()
    st.html(look.note(words("privacy")))


def _show_empty(words: Words, snapshot: Extract) -> None:
    received, waiting = (measures.total(snapshot.dossiers, name) for name in ("received", "open"))
    sentences = [words("empty-text")]
    if received:
        sentences.append(
            words("empty-received", n=words.number(received), waiting=words.number(waiting))
        )
    st.html(look.state(words("empty-title"), *sentences))


main()
