"""What becomes of a photo: upright, small, told when and where, and without a word of its metadata."""

import io
import math
import random
from datetime import UTC, datetime

import pytest
from PIL import ExifTags, Image
from PIL.JpegImagePlugin import JpegImageFile

from data_model.core.problems import Refused, Say
from data_model.evidence.content import examine
from data_model.evidence.photos import MOST_PIXELS, read_photo
from tests.evidence_samples import BLUE, RED, SVG, gps, half_red, jpeg, metadata, pdf, png_bomb, written


def opened(content: bytes) -> Image.Image:
    return Image.open(io.BytesIO(content))


def like(seen: tuple[int, ...], colour: tuple[int, ...]) -> bool:
    return all(abs(a - b) < 40 for a, b in zip(seen, colour, strict=True))


def refused(raw: bytes, name: str = "anh.jpg") -> Say:
    with pytest.raises(Refused) as caught:
        examine(raw, name)
    (problem,) = caught.value.problems
    assert problem.where == "evidence"
    return problem.say


@pytest.mark.parametrize(
    ("size", "kept", "thumbnail"),
    [
        ((4000, 3000), (1600, 1200), (320, 240)),
        ((3000, 4000), (1200, 1600), (240, 320)),
        ((300, 200), (300, 200), (300, 200)),
        ((20_000, 40), (1600, 3), (320, 1)),
    ],
)
def test_a_photo_is_made_smaller_and_never_larger(size, kept, thumbnail):
    photo = read_photo(jpeg(*size), "anh.jpg")
    assert (photo.width, photo.height) == kept == opened(photo.content).size
    assert opened(photo.thumbnail).size == thumbnail


@pytest.mark.parametrize(
    ("orientation", "left", "right"),
    [
        (1, RED, BLUE),
        (2, BLUE, RED),
        (3, BLUE, RED),
        (4, RED, BLUE),
    ],
)
def test_a_photo_stands_upright(orientation, left, right):
    photo = opened(read_photo(jpeg(orientation=orientation), "anh.jpg").content)
    assert like(photo.getpixel((100, 200)), left) and like(photo.getpixel((540, 200)), right)


@pytest.mark.parametrize(
    ("orientation", "top", "bottom"), [(5, RED, BLUE), (6, RED, BLUE), (7, BLUE, RED), (8, BLUE, RED)]
)
def test_a_photo_held_on_its_side_is_turned(orientation, top, bottom):
    photo = read_photo(jpeg(orientation=orientation), "anh.jpg")
    assert (photo.width, photo.height) == (480, 640)
    for each in (opened(photo.content), opened(photo.thumbnail)):
        width, height = each.size
        assert like(each.getpixel((width // 2, height // 5)), top) and like(
            each.getpixel((width // 2, height * 4 // 5)), bottom
        )


def test_no_metadata_is_kept():
    raw = written(
        half_red(),
        exif=metadata(6, "2024:10:10 07:30:00", gps=gps(14.8, 108.9)),
        comment=b"loi nhan bi mat",
        dpi=(72, 72),
        xmp=b"<x:xmpmeta>bi mat</x:xmpmeta>",
    )
    photo = read_photo(raw, "anh.jpg")
    assert b"bi mat" in raw
    for content in (photo.content, photo.thumbnail):
        kept = opened(content)
        assert dict(kept.getexif()) == {} and set(kept.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}
        assert b"bi mat" not in content and b"Exif" not in content


def test_time_and_position_are_read_first():
    photo = read_photo(jpeg(taken="2024:10:10 07:30:00", gps=gps(14.80734, 108.95352)), "anh.jpg")
    assert photo.taken_at == datetime(2024, 10, 10, 0, 30, tzinfo=UTC)  # Vietnam's clock
    assert photo.latitude == pytest.approx(14.80734, abs=1e-5) and photo.longitude == pytest.approx(108.95352, abs=1e-5)


def test_a_camera_that_names_its_zone_is_believed():
    assert read_photo(jpeg(taken="2024:10:10 07:30:00", zone="+09:00"), "x").taken_at == datetime(
        2024, 10, 9, 22, 30, tzinfo=UTC
    )


@pytest.mark.parametrize("place", [(14.8, 108.9), (-33.9, 151.2), (40.7, -74.0), (-34.6, -58.4)])
def test_every_side_of_the_world(place):
    photo = read_photo(jpeg(gps=gps(*place)), "anh.jpg")
    assert (photo.latitude, photo.longitude) == pytest.approx(place, abs=1e-5)


@pytest.mark.parametrize(
    "taken", ["2099:01:01 00:00:00", "1970:01:01 00:00:00", "0000:00:00 00:00:00", "hôm qua", "2024:13:45 99:00:00", ""]
)
def test_a_time_that_cannot_be_true_is_no_time(taken):
    assert read_photo(jpeg(taken=taken, orientation=1), "anh.jpg").taken_at is None


@pytest.mark.parametrize(
    "told",
    [
        {1: "N", 2: (0, 0, 0), 3: "E", 4: (0, 0, 0)},
        {1: "N", 2: (91, 0, 0), 3: "E", 4: (108, 0, 0)},
        {1: "N", 2: (14, 75, 0), 3: "E", 4: (108, 0, 0)},
        {2: (14, 0, 0), 4: (108, 0, 0)},
        {1: "X", 2: (14, 0, 0), 3: "E", 4: (108, 0, 0)},
        {1: "N", 2: (14, 0, 0)},
        {1: "N", 2: 14.0, 3: "E", 4: 108.0},
        {1: "N", 2: (90, 30, 0), 3: "E", 4: (108, 0, 0)},
    ],
)
def test_a_position_that_cannot_be_true_is_no_position(told):
    photo = read_photo(jpeg(gps=told), "anh.jpg")
    assert (photo.latitude, photo.longitude) == (None, None)


@pytest.mark.parametrize(
    "latitude", ["14", ("14", "30", "x"), (math.nan, 0, 0), (math.inf, 0, 0), (None, 0, 0), b"14", {}, -14.0]
)
def test_a_position_of_no_numbers_is_no_position(monkeypatch, latitude):
    """As other programs write them, though Pillow would not."""
    monkeypatch.setattr(Image.Exif, "get_ifd", lambda exif, tag: {1: "N", 2: latitude, 3: "E", 4: (108.0, 0.0, 0.0)})
    photo = read_photo(jpeg(), "anh.jpg")
    assert (photo.latitude, photo.longitude, photo.taken_at) == (None, None, None)


def test_broken_metadata_does_not_cost_the_photo():
    raw = jpeg(orientation=6, taken="2024:10:10 07:30:00", gps=gps(14.8, 108.9))
    at = raw.index(b"Exif\0\0") + 14
    photo = read_photo(raw[:at] + b"\xff" * 60 + raw[at + 60 :], "anh.jpg")
    assert photo.width and photo.taken_at is None


@pytest.mark.parametrize(
    ("form", "options"), [("PNG", {}), ("WEBP", {}), ("HEIF", {}), ("JPEG", {"progressive": True})]
)
def test_every_format_of_cameras_becomes_jpeg(form, options):
    kept = examine(written(half_red(), form, **options), "IMG_1.HEIC")
    assert (kept.name, kept.media_type, opened(kept.content).format) == ("IMG_1.jpg", "image/jpeg", "JPEG")
    assert like(opened(kept.content).getpixel((100, 200)), RED)


def test_an_iphone_photo_is_turned_and_its_metadata_read():
    photo = read_photo(
        written(half_red(), "HEIF", exif=metadata(6, "2024:10:10 07:30:00", gps=gps(14.8, 108.9)).tobytes()),
        "IMG_1.HEIC",
    )
    assert (photo.width, photo.height) == (480, 640)
    assert photo.taken_at and photo.latitude == pytest.approx(14.8) and dict(opened(photo.content).getexif()) == {}


@pytest.mark.parametrize("mode", ["L", "P", "RGBA", "LA", "CMYK", "1", "I;16"])
def test_every_kind_of_colours_becomes_ordinary_ones(mode):
    form = "JPEG" if mode == "CMYK" else "PNG"
    picture = Image.new("I;16", (64, 64), 40_000) if mode == "I;16" else half_red(64, 64).convert(mode)
    assert opened(read_photo(written(picture, form), "x").content).mode == "RGB"


def test_what_is_see_through_stands_on_white():
    photo = read_photo(written(Image.new("RGBA", (50, 50), (0, 0, 0, 0)), "PNG"), "x")
    assert opened(photo.content).getpixel((25, 25)) == (255, 255, 255)


def test_a_bomb_is_refused_before_it_is_unpacked(monkeypatch):
    monkeypatch.setattr(Image.Image, "thumbnail", lambda *given, **named: pytest.fail("it was unpacked"))
    assert refused(png_bomb(), "x.png") is Say.EVIDENCE_TOO_MANY_PIXELS
    assert (
        refused(png_bomb(6000, 6000), "x.png") is Say.EVIDENCE_TOO_MANY_PIXELS
    )  # Pillow itself would let this one through


@pytest.mark.parametrize("size", [(8000, 6000), (20_000, 400), (400, 20_000)])
def test_a_large_jpeg_is_never_decoded_whole(size, monkeypatch):
    raw, decoded = jpeg(*size), []
    load = JpegImageFile.load
    monkeypatch.setattr(JpegImageFile, "load", lambda picture: decoded.append(picture.size) or load(picture))
    read_photo(raw, "x")
    assert decoded and max(width * height for width, height in decoded) <= size[0] * size[1] / 4


def test_a_progressive_jpeg_may_have_fewer_pixels(monkeypatch):
    monkeypatch.setattr("data_model.evidence.photos.MOST_PIXELS_PROGRESSIVE", 1000)
    assert read_photo(jpeg(), "x").width
    assert refused(written(half_red(), progressive=True)) is Say.EVIDENCE_TOO_MANY_PIXELS
    assert min(MOST_PIXELS.values()) > 12_000_000


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        (b"", Say.EVIDENCE_EMPTY),
        (SVG, Say.EVIDENCE_NOT_ACCEPTED),
        (b"GIF89a" + b"\0" * 100, Say.EVIDENCE_NOT_ACCEPTED),
        (pdf(), Say.EVIDENCE_MISNAMED),
        (jpeg()[:3000], Say.EVIDENCE_DAMAGED),
        (b"\xff\xd8\xff\xe0" + b"x" * 500, Say.EVIDENCE_DAMAGED),
        (b"<html><script>alert(1)</script>", Say.EVIDENCE_NOT_ACCEPTED),
        (b"\0\0\0\x18ftypheic" + b"\0" * 300, Say.EVIDENCE_NOT_ACCEPTED),
        (b"\xff\xd8\xff" + b"\0" * 26_000_000, Say.EVIDENCE_TOO_LARGE),
    ],
)
def test_what_is_no_photo_is_refused(raw, said):
    assert refused(raw) is said


def test_photos_cut_anywhere_are_refused_or_read_and_nothing_else():
    whole = {form: written(half_red(200, 150), form) for form in ("JPEG", "PNG", "WEBP", "HEIF")}
    for raw in whole.values():
        for cut in range(1, len(raw), max(1, len(raw) // 40)):
            for broken in (raw[:cut], raw[:cut] + b"\xff\x00\x7f" + raw[cut + 3 :]):
                try:
                    examine(broken, "x")
                except Refused:
                    continue


def noisy(**options) -> bytes:
    """A photo with something in every block of its pixels."""
    return written(Image.effect_noise((400, 300), 80).convert("RGB"), **options)


@pytest.mark.parametrize(
    "options",
    [{}, {"progressive": True}, {"restart_marker_blocks": 4}, {"exif": metadata(taken="2024:10:01 08:00:00")}],
)
def test_a_jpeg_without_its_end_mark_is_kept_and_one_without_all_pixels_is_not(options):
    whole = noisy(**options)
    kept = read_photo(whole, "a.jpg").content
    for told in (whole[:-2], whole[:-1], whole[:-2] + bytes(5000), whole + bytes(5000)):
        assert read_photo(told, "a.jpg").content == kept
    for cut in (12, 200, len(whole) // 2):
        assert refused(whole[:-cut]) is Say.EVIDENCE_DAMAGED


def test_a_small_picture_in_the_metadata_is_not_taken_for_the_end():
    exif = metadata()
    exif.get_ifd(ExifTags.IFD.Exif)[ExifTags.Base.MakerNote] = jpeg(40, 30)
    whole = noisy(exif=exif)
    assert read_photo(whole[:-2], "a.jpg").width == 400 and refused(whole[:-300]) is Say.EVIDENCE_DAMAGED


def test_what_ends_too_early_in_other_formats():
    drawn = written(half_red(), "PNG")
    assert read_photo(drawn[:-12], "a.png").width == read_photo(drawn + bytes(900), "a.png").width == 640
    assert refused(drawn[: len(drawn) // 2], "a.png") is Say.EVIDENCE_DAMAGED


@pytest.mark.parametrize(
    "wrong",
    [
        {2: ((1, 0), (2, 0), (3, 0))},
        {2: (14.0, "x", 3.0)},
        {2: "14"},
        {2: (1e308, 1e308, 1e308)},
        {1: 5},
        {2: (14.0,)},
        {2: None},
        {4: b"xx"},
    ],
)
def test_a_place_that_cannot_be_read_costs_the_place_alone(monkeypatch, wrong):
    taken = read_photo(jpeg(taken="2024:10:01 08:00:00", gps=gps(14.8, 108.9)), "a.jpg").taken_at
    told = {
        ExifTags.IFD.Exif: {ExifTags.Base.DateTimeOriginal: "2024:10:01 08:00:00"},
        ExifTags.IFD.GPSInfo: gps(14.8, 108.9) | wrong,
    }
    monkeypatch.setattr(Image.Exif, "get_ifd", lambda _self, part: told[part])
    photo = read_photo(jpeg(), "a.jpg")
    assert photo.taken_at == taken and (photo.latitude, photo.longitude) == (None, None)


@pytest.mark.parametrize("zone", ["", "x", "+7", "\x00\x00", "giờ Việt Nam", "+99:99x"])
def test_a_zone_that_cannot_be_read_leaves_the_time(zone):
    assert read_photo(jpeg(taken="2024:10:01 08:00:00", zone=zone), "a.jpg").taken_at == datetime(
        2024, 10, 1, 1, tzinfo=UTC
    )


@pytest.mark.parametrize("broken", [ExifTags.IFD.Exif, ExifTags.IFD.GPSInfo])
def test_one_unreadable_part_of_the_metadata_leaves_the_other(monkeypatch, broken):
    def part(_self, number):
        if number == broken:
            raise SyntaxError("not a TIFF directory")
        return (
            {ExifTags.Base.DateTimeOriginal: "2024:10:01 08:00:00"} if number == ExifTags.IFD.Exif else gps(14.8, 108.9)
        )

    monkeypatch.setattr(Image.Exif, "get_ifd", part)
    photo = read_photo(jpeg(), "a.jpg")
    assert (photo.taken_at is None) == (broken == ExifTags.IFD.Exif) and (photo.latitude is None) == (
        broken == ExifTags.IFD.GPSInfo
    )


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
def test_a_damaged_photo_is_answered_in_words(form):
    chance, raw = (
        random.Random(form),
        written(half_red(64, 48), form, exif=metadata(taken="2024:10:01 08:00:00", gps=gps(14.8, 108.9))),
    )
    for _turn in range(120):
        handed = bytearray(raw)
        for _spot in range(chance.randint(1, 6)):
            handed[chance.randrange(12, len(raw))] = chance.randrange(256)
        try:
            read_photo(bytes(handed), "a")
        except Refused as answered:
            assert answered.problems[0].say in (
                Say.EVIDENCE_DAMAGED,
                Say.EVIDENCE_NOT_ACCEPTED,
                Say.EVIDENCE_TOO_MANY_PIXELS,
            )
