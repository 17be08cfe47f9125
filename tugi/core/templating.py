"""The Jinja2 environment of every page: strict, escaping, translated, with the design system at hand.

`ui` holds every macro of `core/components/`, so a template (and a block rendered alone) needs no imports.
Two functions here build markup: `icon` and `attributes`; everything in them is escaped.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache, lru_cache
from hashlib import blake2s
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles import finders
from django.templatetags.static import static
from django.urls import get_urlconf, reverse
from django.utils.http import urlencode
from django.utils.translation import get_language, gettext, ngettext, npgettext, pgettext
from jinja2 import Environment, StrictUndefined, pass_context, pass_environment
from jinja2.runtime import Context, Macro
from jinja2.utils import htmlsafe_json_dumps
from markupsafe import Markup, escape

from tugi.core import dates, panels, places

COMPONENTS = Path(__file__).parent / "templates/core/components"
SCRIPTS = Path(__file__).parent / "static/core"
SPRITE = "core/icons.svg"
TINTS = 12
ATTRIBUTE = re.compile(r"[a-z][a-z0-9:.-]*")


def environment(**options: Any) -> Environment:
    """What Django's Jinja2 backend calls with its options; ours are laid over them."""
    ours = {
        "undefined": StrictUndefined,
        "extensions": ["jinja2.ext.i18n", "jinja2.ext.loopcontrols"],
        "trim_blocks": True,
        "lstrip_blocks": True,
    }
    env = Environment(**{"autoescape": True, **options, **ours})  # noqa: S701 - on unless Django's option says so
    env.policies["ext.i18n.trimmed"] = True
    env.install_gettext_callables(  # type: ignore[attr-defined]
        gettext, ngettext, newstyle=True, pgettext=pgettext, npgettext=npgettext
    )
    env.globals.update(
        _=_translated,
        gettext=_translated,
        url=url,
        static=static,
        asset=asset,
        icon=icon,
        draw=icon,
        panels=_panels,
        places=_places,
        import_map=import_map,
        unchanging=_unchanging,
        ui=Components(env),
    )
    env.filters.update(
        ago=dates.ago,
        brief=dates.brief,
        moment=dates.moment,
        datetime=dates.absolute,
        day=dates.day,
        duration=dates.duration,
        number=dates.number,
        bytes=dates.size,
        initials=initials,
        tint=tint,
        attributes=attributes,
    )
    return env


class Components:
    """`ui.button(…)`: a macro of `core/components/*.html` by its name."""

    def __init__(self, env: Environment) -> None:
        self._env = env
        self._homes: dict[str, str] = {}

    def __getattr__(self, name: str) -> Macro:
        if name.startswith("_"):
            raise AttributeError(name)
        home = self._homes.get(name) or self._find(name)
        macro: Macro = getattr(self._env.get_template(home).module, name)
        if not self._env.auto_reload:
            setattr(self, name, macro)
        return macro

    def _find(self, name: str) -> str:
        self._homes = {macro: home for home in component_files() for macro in self._macros(home)}
        if name not in self._homes:
            raise AttributeError(f"no component {name!r} in core/components/")
        return self._homes[name]

    def _macros(self, home: str) -> list[str]:
        module = self._env.get_template(home).module
        return [name for name, value in vars(module).items() if isinstance(value, Macro)]


def component_files() -> list[str]:
    """Template names of the files that define components."""
    return [f"core/components/{path.name}" for path in sorted(COMPONENTS.glob("*.html"))]


def url(name: str, *args: Any, query: Mapping[str, Any] | None = None, **kwargs: Any) -> str:
    """The address of a named route; `query` becomes its query string."""
    path = _path(name, args, tuple(kwargs.items()), get_urlconf() or settings.ROOT_URLCONF)
    return f"{path}?{urlencode(query)}" if query else path


@lru_cache(maxsize=5000)
def _path(name: str, args: tuple[Any, ...], kwargs: tuple[tuple[str, Any], ...], routes: str) -> str:
    return reverse(name, args=args or None, kwargs=dict(kwargs) or None, urlconf=routes)


def asset(path: str) -> str:
    """A static file's address with its fingerprint, fit to be cached for ever. Raises FileNotFoundError."""
    return _address(path, _found(path).stat().st_mtime_ns if settings.DEBUG else 0)


@cache
def _address(path: str, changed: int) -> str:
    return f"{static(path)}?v={_mark(_found(path), changed)}"


@cache
def _found(path: str) -> Path:
    found = finders.find(path)
    if not isinstance(found, str):
        raise FileNotFoundError(f"no static file {path!r}")
    return Path(found)


@cache
def _mark(path: Path, changed: int) -> str:
    return blake2s(path.read_bytes(), digest_size=5).hexdigest()


@cache
def icon_names() -> tuple[str, ...]:
    """Names of the symbols in the sprite, in its order."""
    sprite = Path(__file__).parent / "static" / SPRITE
    return tuple(re.findall(r'<symbol id="([a-z0-9-]+)"', sprite.read_text()))


def icon(name: str, label: str | None = None, size: str = "") -> Markup:
    """A drawing from the sprite: hidden from readers of the screen unless it has a label of its own."""
    return _drawn(name, None if label is None else str(label), size, asset(SPRITE))


@lru_cache(maxsize=2000)
def _drawn(name: str, label: str | None, size: str, sprite: str) -> Markup:
    if name not in icon_names():
        raise LookupError(f"no icon {name!r} in {SPRITE}")
    told = Markup('role="img" aria-label="{}"').format(label) if label else Markup('aria-hidden="true"')
    kind = f"icon icon--{size}" if size else "icon"
    return Markup('<svg class="{}" {}><use href="{}#{}"></use></svg>').format(kind, told, sprite, name)


def attributes(given: Mapping[str, Any]) -> Markup:
    """Keyword arguments as attributes: `hx_post` → `hx-post`, `hx_swap__inherited` → `hx-swap:inherited`.

    True gives a bare attribute; None and False give none. Raises ValueError for a name no attribute has.
    """
    return Markup("").join(
        _attribute(key, value) for key, value in given.items() if value is not None and value is not False
    )


def _attribute(key: str, value: Any) -> Markup:
    name = _attribute_name(key)
    return Markup(f" {name}" if value is True else f' {name}="{escape(value)}"')  # noqa: S704 - both are safe by now


@lru_cache(maxsize=500)
def _attribute_name(key: str) -> str:
    name = key.strip("_").replace("__", ":").replace("_", "-")
    if not ATTRIBUTE.fullmatch(name) or name.startswith("on"):
        raise ValueError(f"not an attribute to write: {name!r}")
    return name


@lru_cache(maxsize=10_000)
def initials(name: str) -> str:
    """One or two letters that stand for a person: of the first and the last word, "?" for a nameless one."""
    words = [word for word in re.split(r"[\s.@_-]+", name) if word[:1].isalnum()]
    letters = [word[0] for word in (words[:1] + words[1:][-1:])]
    return "".join(letters).upper() or "?"


@lru_cache(maxsize=10_000)
def tint(name: str) -> int:
    """A stable hue for a name, 0 to 11: the same person has the same colour on every screen."""
    return blake2s(name.casefold().encode(), digest_size=2).digest()[0] % TINTS


def import_map() -> Markup:
    """`tugi/<name>` for every element and helper, and the rich-text bundle, as JSON for a script element."""
    return _import_map.__wrapped__() if settings.DEBUG else _import_map()


@cache
def _import_map() -> Markup:
    return htmlsafe_json_dumps({"imports": _elements()})


def _elements() -> dict[str, str]:
    found = [*sorted(SCRIPTS.glob("elements/*.js")), *sorted(SCRIPTS.glob("helpers/*.js"))]
    ours = {f"tugi/{path.stem}": asset(f"core/{path.parent.name}/{path.name}") for path in found}
    return ours | {"django-prose-editor/editor": asset("django_prose_editor/editor.js")}


@pass_context
def _translated(context: Context, message: str, /, **variables: Any) -> str:
    """`_("…")`: Jinja's own, which also formats what there is nothing to put into, is a sixth of a page's cost."""
    kept = _sentence(message, get_language())
    text = kept if context.eval_ctx.autoescape else str(kept)
    return text % variables if variables or "%" in text else text


@lru_cache(maxsize=20_000)
def _sentence(message: str, language: str | None) -> Markup:
    return Markup(gettext(message))  # noqa: S704 - as Jinja does: catalogues are ours


@pass_environment
def _unchanging(env: Environment, name: str) -> Markup:
    """`{{ unchanging("…") }}`: a template that says the same on every page, rendered once for each language."""
    render = _kept.__wrapped__ if env.auto_reload else _kept
    return render(env, name, get_language())


@lru_cache(maxsize=100)
def _kept(env: Environment, name: str, language: str | None) -> Markup:
    return Markup(env.get_template(name).render())  # noqa: S704 - templates escape


@pass_context
def _panels(context: Context, slot: str, subject: Any = None) -> Markup:
    return panels.render(context["request"], slot, subject)


@pass_context
def _places(context: Context, menu: str = "rail") -> list[places.Place]:
    return places.open_to(context["request"], menu)
