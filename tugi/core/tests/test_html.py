from __future__ import annotations

import pytest

from tugi.core.html import blocked_images, clean_html, clean_reply_html, plain_html, shown_html

PIXEL = "data:image/png;base64,iVBORw0KGgo="


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("<p>Hello <b>you</b></p>", "<p>Hello <b>you</b></p>"),
        ("<p style='color: red; position: fixed'>x</p>", '<p style="color:red">x</p>'),
        ("<table border=1 cellpadding=2><tr><td bgcolor=red>x</td></tr></table>", None),
        ("<font color=red size=2>x</font>", '<font color="red" size="2">x</font>'),
        ("a<script>b</script>c", "ac"),
        ("a<style>b</style>c<title>d</title>", "ac"),
        ("<form><input>text</form>", "text"),
        ("<p class=x id=y name=z>t</p>", "<p>t</p>"),
        ("<o:p>word</o:p>", "word"),
        ("<!-- a -->b", "b"),
        ("1 < 2 & 3", "1 &lt; 2 &amp; 3"),
        ("", ""),
    ],
)
def test_harmless_markup_stays_and_the_rest_goes(given: str, expected: str | None) -> None:
    cleaned = clean_html(given)
    assert cleaned == expected if expected is not None else "bgcolor" in cleaned


def test_what_is_no_tag_does_not_become_one_by_cleaning() -> None:
    assert clean_html("0<\x1fOn Monday, Ann wrote:") == "0&lt;On Monday, Ann wrote:"
    assert clean_html("<\0script>alert(1)</script>") == "&lt;script&gt;alert(1)"


def test_links_open_apart_and_tell_nothing() -> None:
    cleaned = clean_html('<a href="https://a.example/?b=1&c=2" target="_self" rel="opener">x</a>')
    assert 'href="https://a.example/?b=1&amp;c=2"' in cleaned
    assert 'rel="noopener noreferrer nofollow"' in cleaned
    assert 'target="_blank"' in cleaned


@pytest.mark.parametrize("href", ["/tickets/1", "#top", "www.example.com", "javascript:x", "data:text/html,x", "cid:x"])
def test_links_go_nowhere_but_to_the_web_a_mail_or_a_phone(href: str) -> None:
    assert "href" not in clean_html(f'<a href="{href}">x</a>')


def test_remote_pictures_wait_until_they_are_allowed() -> None:
    cleaned = clean_html('<img src="http://t.example/p.png?a=1&amp;b=2" alt="A"><img src=//u.example/x>')
    assert " src=" not in cleaned
    assert blocked_images(cleaned) == ("http://t.example/p.png?a=1&b=2", "https://u.example/x")
    assert " src=" not in shown_html(cleaned)
    assert 'src="http://t.example/p.png?a=1&amp;b=2"' in shown_html(cleaned, remote_images=True)


def test_a_forged_held_picture_is_no_way_in() -> None:
    assert blocked_images(clean_html('<img data-remote-src="javascript:x">')) == ()


def test_pictures_by_content_id_get_their_address() -> None:
    cleaned = clean_html('<img src="cid:a@b"><img src="cid:other">')
    assert cleaned == '<img src="cid:a@b"><img src="cid:other">'
    assert shown_html(cleaned, cid_urls={"a@b": "/files/1?x=1&y=2"}) == '<img src="/files/1?x=1&amp;y=2"><img>'
    assert clean_html('<img src="cid:a">', allow_cid=False) == "<img>"


def test_a_mail_cannot_name_our_own_files() -> None:
    url = "https://desk.example/files/1"
    cleaned = clean_html(f'<img src="{url}"><img src="cid:a">')
    assert shown_html(cleaned, cid_urls={"a": url}, remote_images=True).count(url) == 1


def test_small_pictures_in_the_html_stay_and_large_ones_go() -> None:
    assert PIXEL in clean_html(f'<img src="{PIXEL}">')
    assert "src" not in clean_html(f'<img src="{PIXEL}{"A" * 400_000}">')
    assert "src" not in clean_html('<img src="data:image/svg+xml;base64,AAAA">')


def test_html_that_is_too_deep_becomes_its_text() -> None:
    assert "hello" in clean_html("<div>" * 5_000 + "hello")
    assert "<div>" not in clean_html("<div>" * 5_000 + "hello")


def test_a_reply_keeps_less() -> None:
    cleaned = clean_reply_html('<p style="color:red">x <font>y</font><u>z</u></p><img src="cid:a"><img src="/b"><hr>')
    assert cleaned == '<p>x y<u>z</u></p><img src="cid:a"><img><hr>'
    assert clean_reply_html('<img src="/b">', own_urls=["/b"]) == '<img src="/b">'


def test_the_midst_of_a_page_gets_words_and_simple_marks() -> None:
    mail = '<table><tr><td style="color:red"><b>x</b> <font color="red">y</font></td></tr></table>'
    assert plain_html(clean_html(mail)) == "<b>x</b> y"


def test_a_page_gets_pictures_of_the_mail_but_none_from_the_web() -> None:
    stored = clean_html('<img src="cid:a" alt="A"><img src="https://spy.example/b"><img src="/files/c">')
    shown = plain_html(stored, cid_urls={"a": "/files/a"})
    assert shown == '<img src="/files/a" alt="A"><img><img>'
    assert plain_html('<img src="/files/a">', cid_urls={"a": "/files/a"}) == ""


@pytest.mark.parametrize("html", ["<", "<a", '<img src="', "<img src='x", "&", "\x00", "<!--", "<p", "</", "<>"])
def test_broken_markup_does_no_harm(html: str) -> None:
    assert clean_html(f"<p>before</p>{html}").startswith("<p>before</p>")
