"""The frame of our mails in HTML: one head with the desk's name, then the words, the answer first.

Mail programs are not browsers: Outlook draws with Word (tables, styles at each element, no floats), Gmail drops style
sheets it dislikes whole, some turn colours around in dark mode by themselves. So every style stands inline, is good
alone, and the style sheet only adds dark mode where it is understood. No picture and no font is loaded from anywhere.
"""

from __future__ import annotations

from html import escape

FONT = "font-family:-apple-system,'Segoe UI',Roboto,'Helvetica Neue',Arial,sans-serif"
INK, QUIET, LINE, ACCENT, GROUND = "#1f2328", "#57606a", "#d8dee4", "#3457d5", "#ffffff"
DARK = """\
:root{color-scheme:light dark;supported-color-schemes:light dark}
.words p{margin:0 0 14px}.words blockquote{margin:0 0 14px;padding:0 0 0 12px;border-left:2px solid #d8dee4}
.words img{max-width:100%;height:auto}.words pre{white-space:pre-wrap}
@media (prefers-color-scheme:dark){
.page,.words{background:#16181d!important;color:#e6e8eb!important}
.name{color:#e6e8eb!important;border-color:#8fa6ff!important}
.quiet,.quiet p,.gmail_quote{color:#a3abb5!important}
.words a{color:#9db1ff!important}.words blockquote,.signature{border-color:#3a3f47!important}
.words a.button{background:#9db1ff!important;color:#16181d!important;border-color:#9db1ff!important}
}"""


def page(parts: list[str], *, desk: str, language: str) -> str:
    """A whole mail. `parts` are cleaned or escaped HTML, `desk` is the name in its head."""
    body = "\n".join(part for part in parts if part)
    # Nobody's table columns: for screen readers this is text, one after the other.
    table = '<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0"'
    cell = f"{FONT};font-size:16px;line-height:1.5;color:{INK};background:{GROUND}"
    return f"""<!DOCTYPE html>
<html lang="{escape(language)}"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1">
<meta name="color-scheme" content="light dark"><meta name="supported-color-schemes" content="light dark">
<style>
{DARK}
</style></head>
<body class="page" style="margin:0;padding:0;background:{GROUND};color:{INK}">
{table} class="page" style="background:{GROUND}"><tr><td style="padding:20px 16px">
{table} style="max-width:640px">
{_head(desk)}<tr><td class="words" style="{cell}">
{body}
</td></tr></table>
</td></tr></table>
</body></html>
"""


def _head(desk: str) -> str:
    if not desk:
        return ""
    style = f"{FONT};font-size:14px;line-height:20px;font-weight:600;color:{INK};border-left:4px solid {ACCENT}"
    return (
        f'<tr><td style="padding:0 0 18px"><table role="presentation" cellpadding="0" cellspacing="0" border="0"><tr>'
        f'<td class="name" style="{style};padding:2px 0 2px 10px">{escape(desk)}</td></tr></table></td></tr>\n'
    )


def signature(lines: str) -> str:
    """What stands under the words; `lines` are escaped."""
    style = f"color:{QUIET};font-size:14px;border-top:1px solid {LINE};padding-top:12px;margin:18px 0 14px"
    return f'<p class="quiet signature" style="{style}">{lines}</p>' if lines else ""


def way_to_ticket(shown: str, link: str) -> str:
    """A link that looks like a button where styles are drawn, and like a link where they are not."""
    style = (
        f"display:inline-block;padding:9px 16px;border:1px solid {ACCENT};border-radius:6px;background:{ACCENT};"
        f"color:#ffffff;font-size:14px;font-weight:600;text-decoration:none"
    )
    return f'<p style="margin:18px 0"><a class="button" href="{escape(link)}" style="{style}">{escape(shown)}</a></p>'


def quoted(heading: str, words: str) -> str:
    """What is answered, in the container by which mail programs know a quote; `words` are cleaned HTML."""
    style = f"color:{QUIET};font-size:14px;margin-top:20px"
    quote = f"margin:0 0 14px;padding:0 0 0 12px;border-left:2px solid {LINE}"
    return (
        f'<div class="gmail_quote" style="{style}"><p>{escape(heading)}</p>'
        f'<blockquote type="cite" style="{quote}">{words}</blockquote></div>'
    )
