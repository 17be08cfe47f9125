"""The environment of the templates: what it escapes, what it refuses, what it draws."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import cast

import pytest
from django.template import engines
from django.template.backends.jinja2 import Jinja2
from django.utils import translation
from jinja2 import Environment, UndefinedError
from markupsafe import Markup

from tugi.core import templating

TEMPLATES = Path(__file__).parents[1] / "templates"
HOUSE = Path(__file__).parents[2]
DRAWN = re.compile(r"""\b(?:draw|icon|icon_button|icon_link)\(\s*["']([a-z-]+)["']|icon=["']([a-z-]+)["']""")


def environment() -> Environment:
    env: Environment = cast(Jinja2, engines["jinja2"]).env
    return env


def rendered(source: str, **context: object) -> str:
    return environment().from_string(source).render(**context)


def test_a_missing_variable_is_an_error() -> None:
    with pytest.raises(UndefinedError):
        rendered("{{ nobody }}")


def test_text_is_escaped_also_inside_a_component() -> None:
    assert "&lt;script&gt;" in rendered("{{ ui.button(label) }}", label="<script>")
    assert "<script>" not in rendered("{{ ui.chip(label, title=label) }}{{ ui.avatar(label) }}", label="<script>\"'")


def test_translated_text_escapes_what_is_put_into_it() -> None:
    assert rendered('{{ _("Select %(subject)s", subject=name) }}', name="<b>") == "Select &lt;b&gt;"


def test_keywords_become_attributes() -> None:
    given = {"hx_post": "/x?a=1&b=2", "hx_swap__inherited": "none", "disabled": True, "hidden": False, "title": None}
    assert templating.attributes(given) == ' hx-post="/x?a=1&amp;b=2" hx-swap:inherited="none" disabled'


@pytest.mark.parametrize("name", ["onclick", "a b", "x>y", "1st", ""])
def test_what_is_no_attribute_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match="not an attribute"):
        templating.attributes({name: "x"})


def test_an_icon_without_a_label_is_hidden_and_one_with_a_label_is_named() -> None:
    assert 'aria-hidden="true"' in templating.icon("mail")
    assert 'aria-label="E-mail &#34;x&#34;"' in templating.icon("mail", 'E-mail "x"')
    assert isinstance(templating.icon("mail"), Markup)


def test_an_unknown_icon_is_an_error() -> None:
    with pytest.raises(LookupError):
        templating.icon("unicorn")


def test_every_icon_the_templates_name_exists() -> None:
    sources = [path.read_text() for path in HOUSE.glob("**/templates/**/*.html")]
    names = {name for source in sources for pair in DRAWN.findall(source) for name in pair if name}
    assert names - set(templating.icon_names()) == set()


def test_every_template_of_the_house_compiles() -> None:
    for path in TEMPLATES.rglob("*.html"):
        environment().get_template(str(path.relative_to(TEMPLATES)))


def test_an_unknown_component_is_an_error() -> None:
    with pytest.raises(UndefinedError):
        rendered("{{ ui.unicorn() }}")


def test_no_two_components_share_a_name() -> None:
    names = [
        name
        for home in templating.component_files()
        for name in re.findall(r"macro ([a-z]\w*)\(", (TEMPLATES / home).read_text())
    ]
    assert len(names) == len(set(names))


def test_an_asset_carries_its_fingerprint_and_a_missing_one_is_an_error() -> None:
    assert re.fullmatch(r"\S+core/icons\.svg\?v=[0-9a-f]{10}", templating.asset("core/icons.svg"))
    with pytest.raises(FileNotFoundError):
        templating.asset("core/unicorn.css")


def test_the_import_map_names_every_element() -> None:
    files = {path.stem for path in templating.SCRIPTS.glob("elements/*.js")}
    assert {f"tugi/{name}" for name in files} <= set(json.loads(templating.import_map())["imports"])


@pytest.mark.parametrize(
    ("name", "letters"),
    [
        ("Mari Tamm", "MT"),
        ("Ирина Петрова", "ИП"),
        ("Cleo", "C"),
        ("james@x.example", "JE"),
        ("", "?"),
        ("🙂", "?"),
    ],
)
def test_initials_stand_for_a_person(name: str, letters: str) -> None:
    assert templating.initials(name) == letters


def test_a_name_keeps_its_tint_whatever_its_case() -> None:
    assert templating.tint("Mari Tamm") == templating.tint("MARI TAMM")
    assert {templating.tint(f"person {each}") for each in range(200)} == set(range(12))


def test_what_never_changes_is_rendered_once_for_each_language() -> None:
    template = engines["jinja2"].from_string("{{ unchanging('core/_attendants.html') }}")
    said = {}
    for language in ("en", "ru", "en"):
        with translation.override(language):
            said[language] = template.render()

    assert "Keys on this page" in said["en"]
    assert "Keys on this page" not in said["ru"]
