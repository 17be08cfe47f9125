"""Small pictures of attached ones: drawn anew, so that nothing but dots of colour comes through."""

from __future__ import annotations

from io import BytesIO

from PIL import Image, ImageOps, UnidentifiedImageError

from tugi.core import blobs
from tugi.core.errors import NotFound

FORMATS = ("PNG", "JPEG", "GIF", "WEBP")
MOST_PIXELS = 50_000_000
MOST_BYTES = 30 * 1024 * 1024
EDGE = 1200


def thumbnail(sha256: str, edge: int = EDGE) -> bytes:
    """The picture as WebP, at most `edge` on its longer side, first frame only.

    Raises NotFound for what is no picture of a known kind, or too large to draw safely.
    """
    try:
        if blobs.size(sha256) > MOST_BYTES:
            raise NotFound
        with blobs.open(sha256) as stream, Image.open(stream, formats=FORMATS) as picture:
            return _drawn(picture, edge)
    except (
        FileNotFoundError,
        UnidentifiedImageError,
        OSError,
        ValueError,
        SyntaxError,
        Image.DecompressionBombError,
    ) as bad:
        raise NotFound from bad


def _drawn(picture: Image.Image, edge: int) -> bytes:
    width, height = picture.size
    if width * height > MOST_PIXELS:
        raise NotFound
    picture.draft("RGB", (edge, edge))
    picture.thumbnail((edge, edge))
    upright = ImageOps.exif_transpose(picture) or picture
    target = BytesIO()
    upright.convert("RGBA" if "A" in upright.getbands() or "transparency" in upright.info else "RGB").save(
        target, "WEBP", quality=80, method=3, exif=b"", icc_profile=None
    )
    return target.getvalue()
