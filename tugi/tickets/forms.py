"""What the desk's requests may say: their shape only. Whether it may be done is for access and actions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from django import forms

from tugi.core.html import clean_reply_html, html_to_text, text_to_html
from tugi.core.text import normalise
from tugi.tickets.models import Priority

BIGGEST = 2**63 - 1
LONGEST_MESSAGE = 500_000


class ChangeForm(forms.Form):
    """`version` is what the agent last saw of the ticket; without it the change is made whatever happened since.

    `must_say` names fields that may be empty but not left out: a request that says nothing changes nothing.
    """

    must_say: ClassVar[frozenset[str]] = frozenset()
    version = forms.IntegerField(required=False, min_value=1, max_value=2**31 - 1)


class AssignmentForm(ChangeForm):
    """`agent` is an id, "me", or empty for nobody."""

    must_say = frozenset({"agent"})
    agent = forms.RegexField(r"^(me|[0-9]{1,18})$", required=False)


class StatusForm(ChangeForm):
    status = forms.IntegerField(min_value=1, max_value=BIGGEST)


class PriorityForm(ChangeForm):
    priority = forms.TypedChoiceField(choices=Priority.choices, coerce=Priority)


class SubjectForm(ChangeForm):
    must_say = frozenset({"subject"})
    subject = forms.CharField(max_length=1000, required=False)


class DepartmentForm(ChangeForm):
    department = forms.IntegerField(min_value=1, max_value=BIGGEST)


class TagsForm(ChangeForm):
    """Names to add and to remove; `add` may hold several, set apart by commas."""

    add = forms.CharField(max_length=500, required=False)
    remove = forms.CharField(max_length=100, required=False)

    def clean_add(self) -> list[str]:
        return [name.strip() for name in self.cleaned_data["add"].split(",") if name.strip()]

    def clean_remove(self) -> list[str]:
        name = self.cleaned_data["remove"].strip()
        return [name] if name else []


class ParticipantsForm(forms.Form):
    """Whom to add, as typed; or the contact to remove, or to bring back. One of them is said."""

    add = forms.CharField(max_length=400, required=False)
    remove = forms.IntegerField(min_value=1, max_value=BIGGEST, required=False)
    again = forms.IntegerField(min_value=1, max_value=BIGGEST, required=False)


class MergeForm(forms.Form):
    """`into` is the number of the ticket that stays."""

    into = forms.IntegerField(min_value=1, max_value=BIGGEST)


class ManyFiles(forms.ClearableFileInput):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    """As many files as were sent; how large and how many is for `tugi.tickets.uploads`."""

    widget = ManyFiles

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        files = data if isinstance(data, (list, tuple)) else [data] if data else []
        return [super(FilesField, self).clean(file, initial) for file in files]


class MarksField(forms.MultipleChoiceField):
    """Signed marks, as many as were sent; what they stand for is for who made them."""

    MOST = 50

    def validate(self, value: list[str]) -> None:
        if len(value) > self.MOST:
            raise forms.ValidationError(self.error_messages["invalid_list"], code="invalid_list")


class MessageForm(forms.Form):
    """A reply or a note. `body_format` says what the body is written in. `then` names what becomes of the ticket.

    `recipients` are those that the composer showed: a reply goes to nobody else (`recipients_shown`).

    `draft` is the composer's own key: the same twice is one message. `kept` marks files of a reply that was
    taken back (`tugi.tickets.kept_files`). `seen` is the newest message that the agent has seen.
    """

    KINDS = [("reply", "reply"), ("note", "note")]
    FORMATS = [("text", "text"), ("html", "html")]
    THEN = [("", "stay"), ("resolved", "resolved"), ("pending", "pending")]

    kind = forms.ChoiceField(choices=KINDS)
    body = forms.CharField(required=False, max_length=LONGEST_MESSAGE, strip=False)
    body_format = forms.ChoiceField(choices=FORMATS, required=False)
    then = forms.ChoiceField(choices=THEN, required=False)
    files = FilesField(required=False, allow_empty_file=True)  # type: ignore[assignment]
    recipients = forms.CharField(required=False, max_length=50_000, strip=False)
    draft = forms.RegexField(r"^[\w-]{16,64}$", required=False)
    kept = MarksField(required=False)
    seen = forms.IntegerField(required=False, min_value=0, max_value=BIGGEST)


def body_of(given: Mapping[str, Any]) -> tuple[str, str]:
    """What was written, as clean HTML and as text. The editor sends HTML; a plain text field sends text."""
    body = given.get("body", "")
    if given.get("body_format") == "html":
        html = clean_reply_html(body)
        return html, html_to_text(html)
    text = normalise(body)
    return text_to_html(text), text
