import io
from datetime import date

from PIL import Image
from skimage.data import astronaut

from bansao.sample_card import Holder, card_portrait, draw_live, mrz_lines, qr_text
from intake.identity.card_checks import card_flags, join_sources
from intake.identity.card_qr import parse_card_qr
from intake.identity.mrz import parse_mrz

TODAY = date(2026, 11, 22)


def test_the_specimens_code_and_zone_agree_without_remarks() -> None:
    holder = Holder()
    code, zone = parse_card_qr(qr_text(holder)), parse_mrz(mrz_lines(holder))
    assert card_flags(code, zone, TODAY) == []
    card = join_sources(code, zone)
    assert card is not None
    assert (card.number, card.full_name) == (holder.number, holder.full_name)
    assert (card.born_on, card.expires_on) == (holder.born_on, holder.expires_on)


def test_the_domains_vector_is_drawn_as_it_stands() -> None:
    holder = Holder(
        number="001090000001",
        full_name="Nguyễn Văn An",
        mrz_name="NGUYEN<<VAN<AN",
        born_on=date(1990, 1, 15),
        female=False,
        address="Số 1 Đinh Tiên Hoàng, Hoàn Kiếm, Hà Nội",
        issued_on=date(2021, 4, 15),
        expires_on=date(2030, 1, 15),
    )
    assert mrz_lines(holder) == (
        "IDVNM0900000018001090000001<<9",
        "9001158M3001156VNM<<<<<<<<<<<2",
        "NGUYEN<<VAN<AN<<<<<<<<<<<<<<<<",
    )
    assert qr_text(holder) == (
        "001090000001||Nguyễn Văn An|15011990|Nam|Số 1 Đinh Tiên Hoàng, Hoàn Kiếm, Hà Nội|15042021"
    )


def test_the_live_picture_is_another_one_than_the_portrait() -> None:
    portrait = card_portrait(astronaut())
    live = Image.open(io.BytesIO(draw_live(astronaut())))
    assert live.format == "JPEG"
    assert live.size != portrait.size
