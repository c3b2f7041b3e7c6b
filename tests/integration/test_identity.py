"""Cards and faces through the real decoders, zxing, Tesseract and dlib."""

import io
import logging
import os
from collections.abc import Callable
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import msgspec
import numpy as np
import pytest
from PIL import Image, ImageFilter
from skimage.data import astronaut

from bansao.sample_card import (
    Holder,
    SampleCard,
    card_portrait,
    draw_back,
    draw_front,
    draw_sample_card,
)
from intake.capture.capture import capture
from intake.errors import DamagedFile, EmptyFile, TooManyPixels, UnreadableScan, WrongType
from intake.identity.identity import Identity, check_identity
from tests.testkit.browser import ASSETS

FACES = Path(__file__).parents[2] / ".." / "shared" / "data" / "faces"
HOSTILE = FACES.parent / "images" / "pillow"
needs_faces = pytest.mark.skipif(not FACES.is_dir(), reason="../shared/data/faces is not here")
needs_hostile = pytest.mark.skipif(
    not HOSTILE.is_dir(), reason="../shared/data/images/pillow is not here"
)


def clock() -> datetime:
    return datetime(2026, 11, 22, 3, tzinfo=UTC)


@cache
def card() -> SampleCard:
    return draw_sample_card(ASSETS)


def checked(front: bytes, back: bytes | None, face: bytes) -> Identity:
    return check_identity(front, back, face, clock=clock)


def codes(identity: Identity) -> set[str]:
    return {flag.code for flag in identity.flags}


def changed(picture: bytes, change: Callable[[Image.Image], Image.Image]) -> bytes:
    out = io.BytesIO()
    change(Image.open(io.BytesIO(picture)).convert("RGB")).save(out, "PNG")
    return out.getvalue()


def beside(*pictures: bytes) -> bytes:
    """The pictures in one row, each 600 pixels high."""
    parts = [Image.open(io.BytesIO(picture)).convert("RGB") for picture in pictures]
    parts = [part.resize((round(part.width * 600 / part.height), 600)) for part in parts]
    row = Image.fromarray(np.hstack([np.asarray(part) for part in parts]))
    out = io.BytesIO()
    row.save(out, "PNG")
    return out.getvalue()


def blank() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (900, 900), "#cccccc").save(out, "PNG")
    return out.getvalue()


def test_the_specimen_and_its_holder_pass_without_remarks() -> None:
    identity = checked(card().front, card().back, card().live)
    assert identity.flags == []
    assert identity.card is not None
    assert identity.card.full_name == Holder().full_name
    assert identity.card.sources == ("qr", "mrz")
    assert identity.face is not None
    assert identity.face.matched
    assert identity.face.distance < identity.face.threshold == 0.6


def test_only_distance_and_outcome_are_kept_of_a_face(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        identity = checked(card().front, None, card().live)
    kept = msgspec.json.decode(msgspec.json.encode(identity))
    assert set(kept["face"]) == {"distance", "threshold", "matched"}
    assert len(msgspec.json.encode(identity)) < 1_000
    for secret in (Holder().number, Holder().full_name):
        assert secret not in caplog.text


@pytest.mark.parametrize(
    "change",
    [
        lambda back: back.resize((1011, 638)),
        lambda back: back.rotate(2, Image.Resampling.BICUBIC, expand=True, fillcolor="#999"),
        lambda back: back.resize((1011, 638)).filter(ImageFilter.GaussianBlur(1.5)),
    ],
    ids=["300 dpi", "tilted", "blurred"],
)
def test_a_zone_scanned_less_well_is_still_read(
    change: Callable[[Image.Image], Image.Image],
) -> None:
    identity = checked(card().front, changed(card().back, change), card().live)
    assert codes(identity) == set()


def test_newer_cards_carry_the_code_on_their_back() -> None:
    identity = checked(card().back, card().front, card().live)
    assert identity.card is not None
    assert identity.card.full_name == Holder().full_name


def test_a_back_of_another_card_is_an_alarm() -> None:
    other = draw_back(Holder(number="001190000028", mrz_name="TRAN<<THI<MINH<ANH"), ASSETS)
    identity = checked(card().front, other, card().live)
    assert [(flag.code, flag.about) for flag in identity.flags] == [
        ("flag-card-sources-differ", "number")
    ]


def test_a_missing_back_and_an_unreadable_one_are_told_apart() -> None:
    assert codes(checked(card().front, None, card().live)) == {"flag-card-back-missing"}
    assert codes(checked(card().front, blank(), card().live)) == {"flag-card-zone-unread"}


def test_no_card_at_all_leaves_remarks_and_no_refusal() -> None:
    identity = checked(blank(), None, blank())
    assert identity.card is None
    assert identity.face is None
    assert codes(identity) == {
        "flag-card-qr-missing",
        "flag-card-back-missing",
        "flag-face-card-none",
        "flag-face-live-none",
    }


def test_two_faces_before_the_camera_are_not_guessed_between() -> None:
    identity = checked(card().front, card().back, beside(card().live, card().live))
    assert identity.face is None
    assert codes(identity) == {"flag-face-live-several"}


def test_a_face_too_small_to_be_sure_of_is_mentioned() -> None:
    far = changed(card().live, lambda live: live.resize((182, 210)))
    identity = checked(card().front, card().back, far)
    assert identity.face is not None
    assert codes(identity) == {"flag-face-live-small"}


@needs_faces
@pytest.mark.parametrize(
    ("portrait", "live"), [("man_1", "man_2"), ("woman_1", "woman_2"), ("man_2", "woman_1")]
)
def test_another_persons_card_is_an_alarm(portrait: str, live: str) -> None:
    picture = Image.open(FACES / f"{portrait}.jpg").convert("RGB")
    front = draw_front(picture, Holder(), ASSETS)
    identity = checked(front, None, (FACES / f"{live}.jpg").read_bytes())
    assert identity.face is not None
    assert not identity.face.matched
    assert identity.face.distance > 0.65
    assert "flag-face-differs" in codes(identity)


@needs_faces
def test_many_faces_and_none_on_real_photographs() -> None:
    crowd, dogs = (FACES / "bald_guys.jpg").read_bytes(), (FACES / "dogs.jpg").read_bytes()
    assert "flag-face-live-several" in codes(checked(card().front, None, crowd))
    assert "flag-face-live-none" in codes(checked(card().front, None, dogs))


@needs_faces
def test_a_passer_by_in_the_background_is_mentioned() -> None:
    near = Image.open(io.BytesIO(card().live)).convert("RGB")
    passer_by = Image.open(FACES / "man_1.jpg").convert("RGB").resize((210, 210))
    near.paste(passer_by, (560, 0))
    out = io.BytesIO()
    near.save(out, "PNG")
    identity = checked(card().front, card().back, out.getvalue())
    assert identity.face is not None
    assert identity.face.matched
    assert codes(identity) == {"flag-face-live-nearest"}


def test_workers_that_compared_faces_still_refuse_half_a_scan() -> None:
    pictures = card()
    half = pictures.live[: len(pictures.live) // 2]
    for _ in range(2 * (os.cpu_count() or 1)):  # whichever worker takes it
        checked(pictures.front, pictures.back, pictures.live)
        with pytest.raises(DamagedFile):
            capture(half)


@pytest.mark.parametrize(
    ("content", "failure"),
    [
        (b"", EmptyFile),
        (b"MZ\x90\x00 not a picture", WrongType),
        (b"\xff\xd8\xff\xe0 truncated", DamagedFile),
        (b"\x89PNG\r\n\x1a\n" + bytes(40), DamagedFile),
    ],
)
def test_a_file_that_is_no_picture_is_named(content: bytes, failure: type[UnreadableScan]) -> None:
    with pytest.raises(failure) as caught:
        checked(card().front, None, content)
    assert caught.value.values["picture"] == "face"
    with pytest.raises(failure) as caught:
        checked(card().front, content, card().live)
    assert caught.value.values["picture"] == "card_back"


def test_a_picture_of_a_billion_pixels_is_not_unpacked() -> None:
    header = io.BytesIO()
    Image.new("L", (1, 1)).save(header, "PNG")
    bomb = bytearray(header.getvalue())
    bomb[16:24] = (40_000).to_bytes(4, "big") * 2
    with pytest.raises((TooManyPixels, DamagedFile)):
        checked(bytes(bomb), None, card().live)


@needs_hostile
def test_hostile_files_end_in_named_errors_or_remarks() -> None:
    kinds = ("bomb", "broken", "crash", "trunc", "bad", "overflow", "invalid", "zerodivision")
    paths = [p for p in sorted(HOSTILE.iterdir()) if any(kind in p.name for kind in kinds)]
    assert len(paths) > 20
    outcomes = [outcome(path.read_bytes()) for path in paths]
    assert all(outcomes), [p.name for p, told in zip(paths, outcomes, strict=True) if not told]
    assert "card_front" in outcomes


def outcome(front: bytes) -> str:
    """The picture that was refused, or the first remark."""
    try:
        return checked(front, None, card().live).flags[0].code
    except UnreadableScan as failure:
        return str(failure.values["picture"])


def test_the_portrait_on_the_card_is_not_the_live_picture() -> None:
    front = draw_front(card_portrait(astronaut()), Holder(), ASSETS)
    assert front == card().front
