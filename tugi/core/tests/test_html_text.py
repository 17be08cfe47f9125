from __future__ import annotations

import pytest

from tugi.core.html import html_to_text, text_to_html


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p>a</p><p>b</p>", "a\n\nb"),
        ("<div>a</div><div>b</div>", "a\nb"),
        ("a<br>b<br><br>c", "a\nb\n\nc"),
        ("a<b> b </b>c", "a b c"),
        ("  a \n  b ", "a b"),
        ("<ul><li>a<li>b</ul>", "- a\n- b"),
        ("<table><tr><td>a<td>b<tr><td>c</table>", "a b\nc"),
        ("a<blockquote>b<br>c</blockquote>d", "a\n\n> b\n> c\n\nd"),
        ("<pre>a\n  b</pre>", "a\n  b"),
        ("<a href='https://x.example/y'>here</a>", "here <https://x.example/y>"),
        ("<a href='https://x.example/'>x.example</a>", "x.example"),
        ("<a href='mailto:a@b.c'>me</a>", "me"),
        ("<img alt='Logo' src=x>", "[Logo]"),
        ("a<style>b{}</style><script>c</script><title>d</title>e", "ae"),
        ("<head><title>x</title></head><body>a", "a"),
        ("&lt;b&gt; &amp; &eacute; &#8364;&nbsp;1", "<b> & é € 1"),
        ("a<!-- b -->c", "ac"),
        ("1 < 2 and 3 > 2", "1 < 2 and 3 > 2"),
        ("a <3 b", "a <3 b"),
        ("<p>a<p>b", "a\n\nb"),
        ("<p title='a>b'>c</p>", "c"),
        ("<a href='x>c", "c"),
        ("a<hr>b", "a\n---\nb"),
        ("", ""),
        ("<div><div><div>a</div></div></div>", "a"),
    ],
)
def test_html_is_read_as_text(html: str, text: str) -> None:
    assert html_to_text(html) == text


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("a\nb", "<p>a<br>\nb</p>"),
        ("a\n\n\nb", "<p>a</p>\n<p>b</p>"),
        ("<b>&\"'", "<p>&lt;b&gt;&amp;&quot;&#x27;</p>"),
        ("a  b", "<p>a\xa0 b</p>"),
        ("", ""),
    ],
)
def test_text_is_written_as_html(text: str, html: str) -> None:
    assert text_to_html(text) == html


@pytest.mark.parametrize(
    ("text", "target", "shown"),
    [
        ("see https://a.example/b?c=1&d=2.", "https://a.example/b?c=1&amp;d=2", "https://a.example/b?c=1&amp;d=2"),
        ("(www.a.example)", "https://www.a.example", "www.a.example"),
        ("https://a.example/b_(c)", "https://a.example/b_(c)", "https://a.example/b_(c)"),
        ("ann@a.example,", "mailto:ann@a.example", "ann@a.example"),
        ("<https://a.example>", "https://a.example", "https://a.example"),
    ],
)
def test_addresses_become_links(text: str, target: str, shown: str) -> None:
    assert f'<a href="{target}" rel="noopener noreferrer nofollow">{shown}</a>' in text_to_html(text)


@pytest.mark.parametrize(
    "text", ['https://a"onclick=alert(1)', "https://a'><script>", "javascript:alert(1)", 'a@b"onx=1']
)
def test_links_bring_no_markup(text: str) -> None:
    html = text_to_html(text)
    assert "<script" not in html
    assert 'onclick="' not in html
    assert "javascript:" not in html.partition('href="')[2].partition('"')[0]


def test_text_survives_the_way_there_and_back() -> None:
    text = "Hello <you> & me\nsecond line\n\nnew paragraph"
    assert html_to_text(text_to_html(text)) == text
