"""Which pages may open a live socket.

A browser sends the desk's cookies with a socket that any site opens; only the Origin tells them apart.
"""

from __future__ import annotations

from urllib.parse import urlsplit

from django.conf import settings
from django.http.request import validate_host


def is_ours(origin: str, host: str) -> bool:
    """Whether a page of `origin` may connect to `host` (both as the browser sent them).

    Ours are the desk's public address, and the very host that was asked if it is one of the desk's own
    names: the desk opened as localhost is still the desk. Nothing else, no sub-domains.
    """
    public = urlsplit(settings.PUBLIC_URL)
    if origin == f"{public.scheme}://{public.netloc}":
        return True
    scheme, _, netloc = origin.partition("://")
    plain = public.scheme == "http" and scheme == "http"
    return (plain or scheme == "https") and netloc == host and _is_own_name(host)


def _is_own_name(host: str) -> bool:
    try:
        name = urlsplit(f"//{host}").hostname
    except ValueError:
        return False
    exact = [own for own in settings.ALLOWED_HOSTS if not own.startswith((".", "*"))]
    return name is not None and validate_host(f"[{name}]" if ":" in name else name, exact)
