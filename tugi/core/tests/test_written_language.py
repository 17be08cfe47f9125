"""The language of a text that may be in any."""

from __future__ import annotations

import pytest

from tugi.core.written_language import written_language

TEXTS = {
    "en": "Thanks, it works now.",
    "de": "Danke, es klappt jetzt.",
    "fr": "Merci, cela fonctionne maintenant.",
    "es": "Gracias, ya funciona todo.",
    "it": "Grazie, adesso funziona.",
    "pt": "Obrigado, já funciona.",
    "nl": "Bedankt, het werkt nu weer.",
    "pl": "Dziękuję, już działa.",
    "ro": "Mulțumesc, acum merge.",
    "et": "Aitäh, nüüd kõik toimib.",
    "fi": "Kiitos, nyt kaikki toimii.",
    "sv": "Tack, nu fungerar det igen.",
    "cs": "Děkuji, už to funguje.",
    "hu": "Köszönöm, most már működik.",
    "tr": "Teşekkürler, şimdi çalışıyor.",
    "lv": "Paldies, tagad viss strādā.",
    "lt": "Ačiū, dabar viskas veikia.",
    "ru": "Номер заказа 2026-117. Спасибо!",
    "uk": "Дякую, тепер усе працює.",
    "bg": "Благодаря ви, вече всичко работи.",
    "el": "Ευχαριστώ, τώρα λειτουργεί.",
    "he": "תודה, עכשיו זה עובד.",
    "ar": "شكرا، يعمل الآن.",
    "ja": "ありがとうございます。動きました。",
    "zh": "谢谢，现在可以了。",
    "ko": "감사합니다. 이제 됩니다.",
    "th": "ขอบคุณค่ะ ใช้ได้แล้ว",
    "vi": "Cảm ơn, bây giờ được rồi.",
}


@pytest.mark.parametrize("language", TEXTS)
def test_a_short_sentence_is_enough(language: str) -> None:
    assert written_language(TEXTS[language]) == language


@pytest.mark.parametrize("text", ["", "OK", "2026-117", "https://example.com/help me@example.com"])
def test_what_says_nothing_is_what_others_say_it_is(text: str) -> None:
    assert written_language(text, "et") == "et"
    assert written_language(text) == ""
