"""Which of the world's languages a text is written in; `languages.detect` asks only which of the desk's it is.

Scripts that one language has tell it at once; for the others the model is asked, which takes 100 MB and half a second
to load.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Any

READ = 600
FEWEST_LETTERS = 8
_LATIN = {
    "en": 3, "de": 2, "fr": 2, "es": 2, "it": 2, "pt": 2, "nl": 2, "pl": 2, "ro": 2, "et": 2, "sv": 1, "da": 1, "fi": 1,
    "cs": 1, "hu": 1, "tr": 1, "lv": 1, "lt": 1, "sk": 0, "sl": 0, "hr": 0, "vi": 0, "id": 0, "no": 0, "nb": 0,
    "nn": -2, "ca": -1, "gl": -3, "eu": -2, "is": -2, "ga": -4, "cy": -4, "sq": -2, "mt": -4, "tl": -3, "sw": -3,
    "af": -3, "ms": -2, "az": -2,
}  # fmt: skip
_CYRILLIC = {"ru": 4, "uk": 2, "bg": 1, "be": 0, "sr": 0, "mk": -1, "kk": -1, "ky": -2, "mn": -2}
"""How much more often than others people write in these, as logarithms: it decides where a text is short."""
_SCRIPTS = {
    "ja": "[\u3040-\u30ff]", "ko": "[\uac00-\ud7af]", "zh": "[\u4e00-\u9fff]", "he": "[\u0590-\u05ff]",
    "ar": "[\u0600-\u06ff]", "el": "[\u0370-\u03ff]", "th": "[\u0e00-\u0e7f]", "hi": "[\u0900-\u097f]",
    "ka": "[\u10a0-\u10ff]", "hy": "[\u0530-\u058f]", "cyrillic": "[\u0400-\u052f]",
    "latin": "[a-zA-Z\u00c0-\u024f\u1ea0-\u1eff]",
}  # fmt: skip
_RULES = {code: re.compile(signs) for code, signs in _SCRIPTS.items()}
_NOISE = re.compile(r"https?://\S+|\S+@\S+|[\d_]+")


def written_language(text: str, hint: str = "") -> str:
    """The code (ISO 639-1) of the language; `hint`, or empty, where there are too few letters to tell."""
    sample = _NOISE.sub(" ", text[:READ])
    counts = {code: len(rule.findall(sample)) for code, rule in _RULES.items()}
    letters = sum(counts.values())
    if counts["ja"] and (counts["ja"] + counts["zh"]) * 3 > letters:
        return "ja"
    best = max(counts, key=lambda code: counts[code])
    if best not in ("latin", "cyrillic"):
        return best if counts[best] else hint
    return hint if letters < FEWEST_LETTERS else _likeliest(sample, _LATIN if best == "latin" else _CYRILLIC)


def _likeliest(sample: str, prior: dict[str, int]) -> str:
    ranks = _model(tuple(prior)).rank(sample)
    found: str = max(ranks, key=lambda rank: rank[1] + prior[rank[0]])[0]
    return "no" if found in ("nb", "nn") else found


@cache
def _model(languages: tuple[str, ...]) -> Any:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    model = LanguageIdentifier.from_model_file(MODEL_FILE)
    model.set_languages([code for code in model.labels if code in languages])
    return model
