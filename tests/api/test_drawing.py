"""What somebody uploads as a drawing: known by its content, and written anew."""

import io
import struct
import zlib

import pytest
from PIL import Image

from api import drawing
from api.drawing import drawing_of
from api.errors import Refusal


def picture(kind: str = "PNG", size: tuple[int, int] = (400, 300), mode: str = "RGB", **how: object) -> bytes:
    out = io.BytesIO()
    Image.new(mode, size, 0 if mode == "L" else None).save(out, kind, **how)
    return out.getvalue()


def refused(sent: bytes) -> str:
    with pytest.raises(Refusal) as no:
        drawing_of(sent)
    assert no.value.status == 422
    return no.value.code


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
@pytest.mark.parametrize("mode", ["RGB", "L"])
def test_pictures_are_kept_as_one_kind_of_our_own(kind: str, mode: str) -> None:
    kept = drawing_of(picture(kind, mode=mode))
    assert (kept.kind, kept.width, kept.height) == ("image/webp", 400, 300)
    with Image.open(io.BytesIO(kept.bytes)) as again:
        assert (again.format, again.size, again.mode) == ("WEBP", (400, 300), "RGB")


@pytest.mark.parametrize("mode", ["RGBA", "LA", "P", "CMYK"])
def test_other_kinds_of_colour_are_read_too(mode: str) -> None:
    kind = "JPEG" if mode == "CMYK" else "PNG"
    assert drawing_of(picture(kind, mode=mode)).width == 400


def test_what_shines_through_is_white() -> None:
    with Image.open(io.BytesIO(drawing_of(picture(mode="RGBA")).bytes)) as again:
        assert again.getpixel((5, 5)) == (255, 255, 255)


def test_nothing_that_was_beside_the_picture_is_kept() -> None:
    exif = Image.Exif()
    exif[0x010E] = "taken at 31.2304, 121.4737"
    sent = picture("JPEG", exif=exif.tobytes()) + b"<script>alert(1)</script>"
    kept = drawing_of(sent).bytes
    assert b"31.2304" in sent
    assert b"31.2304" not in kept
    assert b"script" not in kept


def test_a_photo_is_turned_upright() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    kept = drawing_of(picture("JPEG", exif=exif.tobytes()))
    assert (kept.width, kept.height) == (300, 400)


def test_a_large_one_is_made_smaller_and_keeps_its_shape() -> None:
    kept = drawing_of(picture(size=(5000, 2500)))
    assert (kept.width, kept.height) == (drawing.KEPT_PX, drawing.KEPT_PX // 2)


def bomb(width: int, height: int) -> bytes:
    """A PNG of a few hundred bytes that says it has so many pixels."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    head = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0" * 1000)) + chunk(b"IEND", b"")
    )


@pytest.mark.parametrize("size", [(8000, 3001), (12_000, 12_000), (60_000, 60_000), (1, 2_000_000)])
def test_a_bomb_is_refused_by_its_head_before_a_pixel_is_read(
    size: tuple[int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    def unpacked(*_: object) -> None:
        pytest.fail("it was unpacked")

    monkeypatch.setattr("PIL.ImageFile.ImageFile.load", unpacked)
    assert refused(bomb(*size)) in {"drawing_too_large", "drawing_too_small"}


@pytest.mark.parametrize(
    ("sent", "code"),
    [
        (b"", "no_drawing"),
        (b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "drawing_svg"),
        (b"\xef\xbb\xbf\n<?xml version='1.0'?><svg/>", "drawing_svg"),
        (b"<html><script>1</script>", "not_a_drawing"),
        (b"GIF89a" + bytes(100), "not_a_drawing"),
        (b"%!PS-Adobe-3.0 EPSF-3.0\n", "not_a_drawing"),
        (b"\x89PNG\r\n\x1a\n" + bytes(50), "not_a_drawing"),
        (picture()[:-60], "not_a_drawing"),
        (picture("JPEG")[:300], "not_a_drawing"),
        (picture(size=(63, 400)), "drawing_too_small"),
    ],
)
def test_what_is_no_picture_is_refused_whatever_it_is_called(sent: bytes, code: str) -> None:
    assert refused(sent) == code


def test_no_other_decoder_is_asked() -> None:
    """TIFF, ICO, PSD, EPS and the like: each decoder is one more that a stranger's bytes could break."""
    for kind in ("TIFF", "BMP", "GIF", "PPM", "ICO"):
        assert refused(picture(kind)) == "not_a_drawing"
