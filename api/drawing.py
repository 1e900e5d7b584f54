"""A picture that somebody uploaded, as one we made ourselves: known by its content, small enough, and nothing beside.

What was sent is never stored and never served. It is decoded, turned upright, made smaller where it is large, and
written anew: what else a file can hold (where it was taken, comments, a second file behind the first) stays behind.
"""

import hashlib
import io
import threading

from PIL import Image, ImageOps

from api.errors import Refusal
from store.plans import Drawing

#: What it may unpack to: 24 million pixels are a telephone's photo, 96 MB while it is decoded.
MAX_PIXELS = 24_000_000
#: Longest side of what is kept: three 24-inch screens, enough to enlarge a room.
KEPT_PX = 2_600
#: Below this nobody can place a room on it.
LEAST_PX = 64
#: Lines and lettering stay clean from here on (WebP, of 100).
_QUALITY = 88
_KIND = "image/webp"
#: Decoders that may be asked, whatever the file says it is. SVG is not among them: it is a document that can hold
#: scripts and addresses, and the console draws it into a PNG before it sends it.
_FORMATS = ("PNG", "JPEG", "WEBP")
#: One at a time: each may take a hundred megabytes for a moment.
_one = threading.Lock()


def drawing_of(sent: bytes) -> Drawing:
    """Return what to keep of an uploaded file. Refusal 422 with a code and a sentence.

    Takes about a second of a core and MAX_PIXELS times 4 bytes: call it in a thread.
    """
    if not sent:
        raise Refusal(422, "no_drawing", "Send the picture itself as the body of the request.")
    if looks_like_svg(sent):
        raise Refusal(422, "drawing_svg", "An SVG can hold scripts: save it as PNG and send that.")
    with _one:
        return _decoded(sent)


def looks_like_svg(sent: bytes) -> bool:
    """Whether this is a document of markup: for a better sentence, not for safety."""
    head = sent[:1024].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    return head.startswith((b"<svg", b"<?xml", b"<!doctype svg"))


def _decoded(sent: bytes) -> Drawing:
    try:
        with Image.open(io.BytesIO(sent), formats=_FORMATS) as opened:  # reads the head, no pixel yet
            _refuse_size(opened.width, opened.height)
            upright = ImageOps.exif_transpose(opened)
            kept = _flat(upright)
    except Refusal:
        raise
    except Image.DecompressionBombError as error:  # so large that even its head is refused
        raise _too_large("so many") from error
    except Exception as error:
        # A stranger's bytes in somebody else's decoders: whatever they raise, it is the file that is no picture.
        raise Refusal(422, "not_a_drawing", "This cannot be read as a PNG, JPEG or WebP picture.") from error
    kept.thumbnail((KEPT_PX, KEPT_PX), Image.Resampling.LANCZOS)
    written = io.BytesIO()
    kept.save(written, "WEBP", quality=_QUALITY, method=3, exif=b"", icc_profile=b"", xmp=b"")
    data = written.getvalue()
    return Drawing(
        digest=hashlib.sha256(data).hexdigest(), kind=_KIND, width=kept.width, height=kept.height, bytes=data
    )


def _refuse_size(width: int, height: int) -> None:
    if width * height > MAX_PIXELS:
        raise _too_large(f"{width} x {height}")
    if min(width, height) < LEAST_PX:
        raise Refusal(422, "drawing_too_small", f"The picture has {width} x {height} px; {LEAST_PX} are the least.")


def _too_large(size: str) -> Refusal:
    millions = MAX_PIXELS // 1_000_000
    return Refusal(422, "drawing_too_large", f"The picture has {size} px; at most {millions} million are read.")


def _flat(picture: Image.Image) -> Image.Image:
    """Return it without what shines through: on paper that is white, and so it is here, in the dark too."""
    if not picture.has_transparency_data:
        return picture.convert("RGB")
    with_alpha = picture.convert("RGBA")
    flat = Image.new("RGB", with_alpha.size, "white")
    flat.paste(with_alpha, mask=with_alpha.getchannel("A"))
    return flat
