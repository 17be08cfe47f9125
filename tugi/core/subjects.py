"""Subjects of mails: prefixes of replies and forwards in many languages, and our ticket's token `[#12345]`."""

from __future__ import annotations

import re

from tugi.core.text import single_line

_PREFIXES = """
re fw fwd aw wg sv vs vb vl vast edasi ed ref rep rép resp res enc tr r i rif rv rcv ot odp pd odg dotyczy fs
antw doorst ynt ilt i̇lt cevap yan rsp răsp răspuns redir redirecționat fwd fyi bls balas trs tl atb nb pren
vá válasz továbbítás tov to odpoveď odpověď odpovědět předáno preposlané posl ats persiųsti atbilde pārs
отв ответ re: пересл переслано пер на ha відп відповідь переадр отг препр одг
απ σχετ πρθ απάντηση προώθηση הועבר תגובה השב הנדון رد إعادة إرسال پاسخ
答复 回复 回覆 回信 转发 轉寄 轉發 转寄 返信 転送 回答 fw回 답장 회신 전달 re답 trả lời chuyển tiếp ตอบ ส่งต่อ
"""


def _words() -> str:
    phrases = ("trả lời", "chuyển tiếp", "إعادة توجيه", "réf", "i̇lt", "ilt", "out of office")
    single = (word for word in _PREFIXES.split() if word.isalpha() or word == "i̇lt")
    words = sorted({*single, *phrases} - {"out of office"}, key=len, reverse=True)
    return "|".join(re.escape(word) for word in words)


_PREFIX = re.compile(
    rf"\s*(?:{_words()})\s?(?:\[\d{{1,4}}\]|\(\d{{1,4}}\)|\^\d{{1,4}}|\*\d{{1,4}})?\s?[:：]\s*", re.IGNORECASE
)
_FORWARDS = """
fw fwd wg vb doorst tr enc rv rif i vs videresendt vidaresänd vl edasi redir redirecționat pd továbbítás tov
пересл переслано пер переадр препр προώθηση πρθ ilt i̇lt 转发 轉寄 轉發 转寄 転送 전달 pārs persiųsti předáno preposlané
"""
_FORWARD = re.compile(
    rf"\s*(?:{'|'.join(sorted(map(re.escape, _FORWARDS.split()), key=len, reverse=True))})\s?[:：]", re.IGNORECASE
)
_TOKEN = re.compile(r"(?<![0-9A-Za-z_\[#&])\[\s?#([0-9]{1,18})\s?\](?![0-9A-Za-z_\]])")


def strip_prefixes(subject: str) -> str:
    """The subject without Re:, Fwd:, AW:, Отв: and the like at its start, however many; blanks made single."""
    subject = single_line(subject)
    at = 0
    while match := _PREFIX.match(subject, at):
        at = match.end()
    return subject[at:]


def is_reply_or_forward(subject: str) -> bool:
    """Does the subject start like an answer's or a forward's?"""
    return _PREFIX.match(single_line(subject)) is not None


def is_forward(subject: str) -> bool:
    """Does the subject say that a mail is passed on?"""
    return _FORWARD.match(single_line(subject)) is not None


def subject_tokens(subject: str) -> tuple[int, ...]:
    """The ticket numbers that the subject names as `[#12345]`, in order, each once. They prove nothing."""
    return tuple(dict.fromkeys(int(number) for number in _TOKEN.findall(subject)))


def strip_token(subject: str, number: int | None = None) -> str:
    """The subject without our token (of that ticket, or of any), the tokens of other systems kept."""
    return single_line(_TOKEN.sub(lambda found: found[0] if number not in (None, int(found[1])) else " ", subject))


def with_token(subject: str, number: int) -> str:
    """The subject as we send it: our token once, in front."""
    return f"[#{number}] {strip_token(subject)}".rstrip()
