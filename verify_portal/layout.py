"""From answer and words to HTML: the templates, and nothing that knows of HTTP."""

from collections.abc import Sequence
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from registry.clock import HANOI
from verify_portal.agency.disclosing import Disclosed
from verify_portal.agency.form import NOTHING_TYPED, PaperForm
from verify_portal.answer import Answer
from verify_portal.file.beside import Pair
from verify_portal.question import LONGEST_TEXT
from verify_portal.receipt.links import ReceiptLinks
from verify_portal.texts import LANGUAGES, Texts

_TEMPLATES: Final = Path(__file__).parent / "templates"


def render(template: str, words: Texts, *, here: str = "/", **values: Any) -> str:
    """A whole page in the language of `words`; `here` is the address of the same page."""
    page = _environment().get_template(template)
    return page.render(t=words, language=words.language, languages=LANGUAGES, here=here, **values)


def render_answer(
    answer: Answer,
    words: Texts,
    *,
    here: str = "/",
    typed: str = "",
    today: date | None = None,
    pairs: Sequence[Pair] = (),
    receipt: ReceiptLinks | None = None,
    form: PaperForm = NOTHING_TYPED,
    disclosed: Disclosed | None = None,
) -> str:
    """The page of one answer; `typed` comes back in the field when it has to be corrected. `today`
    is the last day that may be asked for; `pairs` are pictures of pages that changed; `receipt` is
    where one is to be had; `form` is for who holds the paper, and `disclosed` what it opened.
    """
    at = answer.checked_at.astimezone(HANOI)
    moment = words("moment", day=words.day(at.date().isoformat()), time=f"{at:%H:%M:%S}")
    return render(
        "answer.html",
        words,
        here=here,
        answer=answer,
        checked_at=moment,
        typed=typed,
        marked=mark_mistake(typed, answer.mistake_at),
        today=today,
        pairs=pairs,
        receipt=receipt,
        form=form,
        disclosed=disclosed,
    )


def mark_mistake(typed: str, position: int | None) -> tuple[str, str, str] | None:
    """The typed code split around its doubtful character; None when it cannot be pointed at."""
    if position is None:
        return None
    symbols = [at for at, letter in enumerate(typed) if letter.isalnum()]
    if position >= len(symbols):
        return None
    at = symbols[position]
    return typed[:at], typed[at], typed[at + 1 :]


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals["hanoi_time"] = lambda moment: f"{moment.astimezone(HANOI):%H:%M:%S}"
    environment.globals["hanoi_day"] = lambda moment: moment.astimezone(HANOI).date().isoformat()
    environment.globals["number_text"] = str  # Fluent would group a number's digits
    environment.globals["longest_text"] = LONGEST_TEXT
    return environment
