"""Every mail of the corpus is read as expected."""

from __future__ import annotations

from typing import Any

import pytest

from tests.mail.corpus import HERE, KINDS, Sample, samples, wrong_keys
from tugi.channels.email.inspection import as_data
from tugi.channels.email.parsing import parse_mail

pytestmark = pytest.mark.once


def faults(sample: Sample) -> dict[str, Any]:
    """What is read otherwise than expected: by its key, what was found and what was wanted."""
    mail = parse_mail(sample.raw)
    found = as_data(mail)
    wrong = {key: (found.get(key), sample.expected[key]) for key in wrong_keys(sample.expected, found)}
    failed = [problem for problem in mail.problems if "failed" in problem]
    return wrong | ({"problems": (failed, [])} if failed else {})


@pytest.mark.parametrize("kind", KINDS)
def test_each_mail_is_read_as_expected(kind: str) -> None:
    assert {sample.name: found for sample in samples(kind) if (found := faults(sample))} == {}


@pytest.mark.parametrize("kind", KINDS)
def test_each_mail_has_its_expectation_and_each_expectation_its_mail(kind: str) -> None:
    assert sorted(path.stem for path in (HERE / kind).glob("*.eml")) == sorted(each.name for each in samples(kind))
