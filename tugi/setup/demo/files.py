"""What people attach: small pictures, papers and lists, drawn here."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from io import BytesIO

from PIL import Image, ImageDraw

from tugi.core import blobs
from tugi.setup.demo.script import File
from tugi.tickets.content import NewFile

NAMES: dict[File, tuple[str, str]] = {
    "photo": ("IMG_{serial}.png", "image/png"),
    "screenshot": ("screenshot-{card}.png", "image/png"),
    "invoice": ("{invoice}.pdf", "application/pdf"),
    "list": ("lamps-{count}.csv", "text/csv"),
    "log": ("northlight-app.log", "text/plain"),
}


def make(file: File, words: Mapping[str, str]) -> NewFile:
    """The file, with its bytes in the store."""
    name, content_type = NAMES[file]
    kept = blobs.put(_MAKERS[file](words))
    return NewFile(name.format_map(words), content_type, kept.size, kept.sha256)


def _photo(words: Mapping[str, str]) -> bytes:
    return _drawn_photo(int(words["days"]))


@cache
def _drawn_photo(tint: int) -> bytes:
    """A lamp in a room, with a crack."""
    picture = Image.new("RGB", (640, 480), (178 + 6 * tint, 178, 190 - 8 * tint))
    draw = ImageDraw.Draw(picture)
    draw.rectangle((0, 360, 640, 480), fill=(112, 84, 60))
    draw.rectangle((312, 180, 328, 372), fill=(70, 70, 74))
    draw.ellipse((250, 360, 390, 392), fill=(70, 70, 74))
    draw.polygon(((240, 190), (400, 190), (368, 70), (272, 70)), fill=(244, 240, 228))
    draw.line(((300, 72), (322, 110), (306, 142), (334, 188)), fill=(60, 52, 48), width=3)
    return _png(picture)


def _screenshot(words: Mapping[str, str]) -> bytes:
    return _drawn_screenshot(words["lamp"])


@cache
def _drawn_screenshot(lamp: str) -> bytes:
    """A telephone's screen with a message on it."""
    picture = Image.new("RGB", (360, 640), (246, 247, 250))
    draw = ImageDraw.Draw(picture)
    draw.rectangle((0, 0, 360, 56), fill=(38, 62, 120))
    draw.text((20, 20), "Northlight", fill="white", font_size=18)
    for row in range(4):
        draw.rounded_rectangle((20, 80 + row * 66, 340, 132 + row * 66), 10, fill="white", outline=(220, 224, 232))
        draw.ellipse((34, 94 + row * 66, 58, 118 + row * 66), fill=(240, 190, 60) if row % 2 else (170, 178, 192))
    draw.rounded_rectangle((20, 380, 340, 500), 12, fill=(255, 236, 234), outline=(214, 88, 76))
    draw.text((40, 404), "Something went wrong", fill=(150, 36, 28), font_size=17)
    draw.text((40, 440), lamp, fill=(90, 60, 58), font_size=15)
    return _png(picture)


def _invoice(words: Mapping[str, str]) -> bytes:
    """A PDF of one page (ISO 32000-1): five objects and their places."""
    lines = ("Northlight", f"No. {words['invoice']}", f"Order {words['order']}", f"Total {words['amount_plain']} EUR")
    shown = " ".join(f"({line}) Tj 0 -28 Td" for line in lines)
    content = f"BT /F1 18 Tf 72 760 Td {shown} ET".encode("ascii")
    bodies = (
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R"
        b" /Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    )
    paper, places = b"%PDF-1.4\n", []
    for number, body in enumerate(bodies, 1):
        places.append(len(paper))
        paper += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    end = b"trailer\n<< /Size 6 /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % len(paper)
    return paper + b"xref\n0 6\n0000000000 65535 f \n" + table + end


def _list(words: Mapping[str, str]) -> bytes:
    rooms = ("Reception", "Corridor", "Meeting room", "Kitchen", "Terrace")
    rows = [f"{room};{words['lamp']};{int(words['count']) // 5 + place}" for place, room in enumerate(rooms)]
    return "\n".join(["Room;Lamp;Pieces", *rows, ""]).encode()


def _log(words: Mapping[str, str]) -> bytes:
    lines = (
        f"app {words['version']} start",
        f"hub {words['serial']} connected",
        "scenes: loading 64 lamps",
        "error: list index 50 out of range (scenes/grid)",
        "app: closed",
    )
    return "\n".join([*lines, ""]).encode()


def _png(picture: Image.Image) -> bytes:
    out = BytesIO()
    picture.save(out, "PNG")
    return out.getvalue()


_MAKERS: dict[File, Callable[[Mapping[str, str]], bytes]] = {
    "photo": _photo,
    "screenshot": _screenshot,
    "invoice": _invoice,
    "list": _list,
    "log": _log,
}
