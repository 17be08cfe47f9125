"""How the words of a message are shown: plainly in the page, or as sent in a frame that can do nothing.

What is stored is clean already; it is cleaned again here, at the last moment, and nothing changes it
afterwards. In the page only words and their simplest marks are left. What a plain reading loses (tables,
colours, pictures from the web) is kept by the frame, whose document carries a policy of its own.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from markupsafe import Markup

from tugi.core.html import blocked_images, plain_html, shown_html

_TABLE = re.compile(r"<table[\s>]", re.IGNORECASE)

NOTHING = Markup("")


def is_rich(html: str) -> bool:
    """Whether a plain reading would lose the shape of it: tables are how mails are laid out."""
    return _TABLE.search(html) is not None


def has_remote_images(html: str) -> bool:
    return bool(blocked_images(html))


def for_page(html: str, images: Mapping[str, str]) -> Markup:
    """The words for the desk's own page. `images`: addresses by content id; no other picture is shown."""
    return Markup(plain_html(html, cid_urls=images))  # noqa: S704 - the cleaner's own output


def for_frame(html: str, images: Mapping[str, str], *, remote: bool) -> Markup:
    """The words as they were laid out, for the frame. `remote`: the agent asked for pictures from the web."""
    return Markup(shown_html(html, cid_urls=images, remote_images=remote))  # noqa: S704 - the cleaner's own output
