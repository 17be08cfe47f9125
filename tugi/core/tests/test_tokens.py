"""Colours that can be read: contrast computed from the tokens themselves, in both themes (WCAG 2.2, 1.4.3, 1.4.11)."""

from __future__ import annotations

import math
import re
from pathlib import Path

import pytest

CSS = Path(__file__).parents[1] / "static/core/css"
TOKENS = (CSS / "tokens.css").read_text()
BRAND = dict(re.findall(r"(--brand-[hc]): ([\d.]+)", TOKENS))
GROUNDS = ("surface", "surface-sunken", "surface-raised", "surface-overlay", "surface-hover", "surface-selected")
SOFT = ("ok", "warning", "danger", "accent")
TEXT = [
    *[(ink, ground) for ink in ("ink", "ink-muted", "ink-faint") for ground in (*GROUNDS, "accent-soft", "note")],
    *[(ink, ground) for ink in (*SOFT,) for ground in ("surface", "surface-raised", "surface-overlay", f"{ink}-soft")],
    ("accent", "surface-selected"),
    ("accent", "note"),
    ("warning", "note"),
    ("danger", "note"),
    ("accent-ink", "accent"),
    ("accent-ink", "accent-hover"),
    ("danger-ink", "danger"),
    ("danger-ink", "danger-hover"),
    *[("ink", f"{soft}-soft") for soft in SOFT],
]
EDGES = [("line-control", ground) for ground in ("surface", "surface-raised", "surface-overlay")]


def luminance(colour: str) -> float:
    """Relative luminance of "L% C H" in OKLCH (CSS Color 4, 10.2, by way of linear sRGB, clipped to its gamut)."""
    light, chroma, hue = (float(part) for part in colour.replace("%", "").split())
    a, b = chroma * math.cos(math.radians(hue)), chroma * math.sin(math.radians(hue))
    light /= 100
    long = (light + 0.3963377774 * a + 0.2158037573 * b) ** 3
    middle = (light - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (light - 0.0894841775 * a - 1.2914855480 * b) ** 3
    red = 4.0767416621 * long - 3.3077115913 * middle + 0.2309699292 * short
    green = -1.2684380046 * long + 2.6097574011 * middle - 0.3413193965 * short
    blue = -0.0041960863 * long - 0.7034186147 * middle + 1.7076147010 * short
    red, green, blue = (min(max(each, 0.0), 1.0) for each in (red, green, blue))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def token(name: str, dark: bool) -> str:
    """The numbers of a colour token in one theme."""
    found = re.search(rf"--{name}: light-dark\(oklch\((.+?)\), oklch\((.+?)\)\);", TOKENS)
    assert found, name
    value = found[2 if dark else 1]
    value = re.sub(r"var\((--brand-[hc])\)", lambda brand: BRAND[brand[1]], value)
    return re.sub(r"calc\(([\d.]+) \* ([\d.]+)\)", lambda product: str(float(product[1]) * float(product[2])), value)


def contrast(ink: str, ground: str, dark: bool) -> float:
    high, low = sorted((luminance(token(ink, dark)), luminance(token(ground, dark))), reverse=True)
    return (high + 0.05) / (low + 0.05)


def test_black_on_white_is_twenty_one_to_one() -> None:
    assert round((luminance("100% 0 0") + 0.05) / (luminance("0% 0 0") + 0.05), 2) == 21


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize(("ink", "ground"), TEXT, ids="-on-".join)
def test_text_can_be_read(ink: str, ground: str, dark: bool) -> None:
    assert contrast(ink, ground, dark) >= 4.5


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize(("ink", "ground"), EDGES, ids="-on-".join)
def test_the_edge_of_a_control_can_be_seen(ink: str, ground: str, dark: bool) -> None:
    assert contrast(ink, ground, dark) >= 3


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("hue", range(0, 360, 10))
def test_initials_can_be_read_on_every_tint(hue: int, dark: bool) -> None:
    ground, ink = (f"37% .06 {hue}", f"93% .035 {hue}") if dark else (f"90.5% .055 {hue}", f"33% .08 {hue}")
    high, low = sorted((luminance(ink), luminance(ground)), reverse=True)
    assert (high + 0.05) / (low + 0.05) >= 4.5


SHEETS = sorted(CSS.glob("*.css"))


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda sheet: sheet.stem)
def test_a_sheet_keeps_the_house_rules(sheet: Path) -> None:
    text = re.sub(r"/\*.*?\*/", "", sheet.read_text(), flags=re.DOTALL)
    rules = re.sub(r"@media[^{]*|@container[^{]*|url\([^)]*\)", "", text)
    assert not re.search(r"#[0-9a-fA-F]{3,8}\b", rules), "a colour as hex"
    assert not re.search(r"(^|[\s,}])#[a-zA-Z][\w-]*\s*[{,:.]", rules), "an id as selector"
    assert "@layer" in text, "rules outside a layer"
    if sheet.stem != "utilities":
        assert "!important" not in text
    if sheet.stem not in ("tokens", "utilities"):
        assert not re.search(r"(?<![\d.])(?!(?:1|2|3|4|1\.5)px)\d+(\.\d+)?px\b", rules), "a size in pixels"


def test_every_token_that_is_used_is_defined() -> None:
    sheets = "".join(sheet.read_text() for sheet in SHEETS)
    defined = set(re.findall(r"(--[\w-]+):", sheets))
    assert set(re.findall(r"var\((--[\w-]+)\)", sheets)) - defined == set()
