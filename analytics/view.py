"""What the page being drawn shows: the reader's filters applied, in the reader's words."""

from collections.abc import Mapping
from typing import cast

import msgspec
import polars as pl
import streamlit as st

from analytics.measures import Selection
from analytics.words import Words

_KEY = "view"


class View(msgspec.Struct, frozen=True, kw_only=True):
    """The selected rows of both views; pages read them and never change them."""

    words: Words
    selection: Selection
    unit_names: Mapping[str, str]
    copies: pl.DataFrame
    dossiers: pl.DataFrame


def hand_over(view: View) -> None:
    """Leave the view where the page's script finds it: Streamlit runs pages without arguments."""
    st.session_state[_KEY] = view


def handed_over() -> View:
    """The view that `app.py` made for this run."""
    return cast(View, st.session_state[_KEY])
