"""Recognition with the real engine, on our own drawn originals and on real pages."""

import re
import unicodedata
from pathlib import Path

import pypdfium2
import pytest
from rapidfuzz.distance import Levenshtein

from bansao.sample_documents import SampleDocument, draw, sample_documents, scan
from intake.capture.capture import capture
from intake.capture.page import Page, Quality
from intake.certify.fonts import FontFiles, prepare_fonts
from intake.errors import RecogniserFailed
from intake.recognise.read import read
from intake.recognise.reading import Reading
from intake.tesseract import default_tessdata, unpack_tessdata
from tests.testkit.browser import ASSETS
from tests.testkit.pictures import encoded, printed_page

SHARED = Path(__file__).parents[3] / "shared" / "data" / "documents"
SAMPLES = {sample.document_type: sample for sample in sample_documents()}
# The engine's own misreadings on these sheets, which an officer corrects: accents of capitals.
ACCENTS_MAY_DIFFER = {"agency"}


@pytest.fixture(scope="module")
def fonts(tmp_path_factory: pytest.TempPathFactory) -> FontFiles:
    return prepare_fonts(ASSETS, tmp_path_factory.mktemp("fonts"))


def reading_of_scan(picture: bytes) -> Reading:
    return read(capture(picture), default_tessdata())


def told(reading: Reading) -> dict[str, str]:
    return {field.name: field.value for field in reading.fields}


def without_accents(text: str) -> str:
    return re.sub(r"[\u0300-\u036f]", "", unicodedata.normalize("NFD", text))


def assert_same_fields(reading: Reading, sample: SampleDocument) -> None:
    fields = told(reading)
    for name, printed in sample.fields.items():
        if name in ACCENTS_MAY_DIFFER:
            assert without_accents(fields[name]) == without_accents(printed)
        else:
            assert fields[name] == printed, name


@pytest.mark.parametrize("document_type", SAMPLES)
def test_a_scanned_original_is_named_and_its_fields_are_read(
    document_type: str, fonts: FontFiles
) -> None:
    sample = SAMPLES[document_type]
    reading = reading_of_scan(scan(draw(sample, fonts)))
    assert reading.document_type == document_type
    assert_same_fields(reading, sample)
    assert [flag.code for flag in reading.flags if flag.severity != "info"] == []
    assert reading.confidence > 0.85


def test_an_original_scanned_upside_down_is_read(fonts: FontFiles) -> None:
    sample = SAMPLES["decision"]
    picture = scan(draw(sample, fonts), lean=-2.0, turned=2)
    (page,) = capture(picture)
    assert page.quality.turned == 180
    assert_same_fields(read([page], default_tessdata()), sample)


def test_running_text_is_read_with_few_wrong_characters(fonts: FontFiles) -> None:
    sample = SAMPLES["decision"]
    reading = reading_of_scan(scan(draw(sample, fonts)))
    read_text = " ".join(reading.text[0].split())
    articles = sample.printed["articles"]
    printed = " ".join(f"Điều {n}. {text}" for n, text in enumerate(articles, 1))
    start = read_text.index("Điều 1.")
    end = read_text.index("thi hành.") + len("thi hành.")
    wrong = Levenshtein.distance(_plain(read_text[start:end]), _plain(printed))
    assert wrong / len(printed) < 0.01


def _plain(text: str) -> str:
    """Dashes of different lengths are one to a reader."""
    return re.sub("[–—-]", "-", unicodedata.normalize("NFC", text))


def test_a_page_without_text_is_read_as_nothing() -> None:
    blank = encoded(printed_page() * 0 + 244, "JPEG", quality=90)
    reading = reading_of_scan(blank)
    assert (reading.document_type, reading.fields, reading.confidence) == ("other", (), 0.0)
    assert [flag.code for flag in reading.flags] == ["flag-no-text"]


def test_models_are_unpacked_once_and_missing_ones_are_told(tmp_path: Path) -> None:
    unpacked = unpack_tessdata(ASSETS / "@tesseract.js-data", tmp_path / "tessdata")
    assert {path.name for path in unpacked.iterdir()} == {"vie.traineddata", "osd.traineddata"}
    before = (unpacked / "vie.traineddata").stat()
    unpack_tessdata(tmp_path / "nothing", unpacked)
    assert (unpacked / "vie.traineddata").stat() == before
    with pytest.raises(RecogniserFailed):
        unpack_tessdata(tmp_path / "nothing", tmp_path / "other")


def test_an_engine_that_fails_is_told(tmp_path: Path) -> None:
    """Models that are none: the engine ends with an error."""
    for language in ("vie", "osd"):
        (tmp_path / f"{language}.traineddata").write_bytes(b"not a model")
    page = Page(
        image=encoded(printed_page(), "JPEG"),
        media_type="image/jpeg",
        width=1240,
        height=1754,
        dpi=150,
        quality=Quality(sharpness=1.0, contrast=1.0, skew_degrees=0.0),
    )
    with pytest.raises(RecogniserFailed):
        read([page], tmp_path)


@pytest.mark.skipif(not SHARED.is_dir(), reason="../shared/data is not on this machine")
def test_a_real_decision_is_read() -> None:
    reading = reading_of_scan((SHARED / "test_3.png").read_bytes())
    fields = told(reading)
    assert (reading.document_type, reading.title) == ("decision", "QUYẾT ĐỊNH")
    assert (fields["number"], fields["issue_date"]) == ("110/QĐ-STP", "2018-06-28")
    assert fields["subject"].startswith("Ban hành Quy chế cung cấp thông tin")


@pytest.mark.skipif(not SHARED.is_dir(), reason="../shared/data is not on this machine")
def test_a_real_pdf_is_read_as_its_text_layer_says() -> None:
    scanned = (SHARED / "vietocr3" / "vietsample1.pdf").read_bytes()
    reading = reading_of_scan(scanned)
    layers = [page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(scanned)]
    for layer, text in zip(layers, reading.text, strict=True):
        printed, seen = " ".join(_plain(layer).split()), " ".join(_plain(text).split())
        assert Levenshtein.distance(seen, printed) / len(printed) < 0.03


@pytest.mark.skipif(not SHARED.is_dir(), reason="../shared/data is not on this machine")
@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("mau-van-ban-hanh-chinh-1.png", "KẾ HOẠCH"),
        ("thuvienphapluat.png", "CÁC LOẠI VĂN BẢN HÀNH CHÍNH"),
        ("rotation_thuvien.png", "CÁC LOẠI VĂN BẢN HÀNH CHÍNH"),
    ],
)
def test_real_pages_of_no_form_keep_their_title(name: str, title: str) -> None:
    reading = reading_of_scan((SHARED / name).read_bytes())
    assert (reading.document_type, reading.title) == ("other", title)


def test_the_engine_writes_no_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    default_tessdata()
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    reading_of_scan(encoded(printed_page(), "JPEG"))
    assert list(tmp_path.iterdir()) == []
