"""Every mail of the corpus is read as expected."""

from __future__ import annotations

import pytest

from tests.mail.corpus import KINDS, Sample, samples, wrong_keys
from tugi.channels.email.inspection import as_data
from tugi.channels.email.parsing import parse_mail

pytestmark = pytest.mark.once
ALL = [sample for kind in KINDS for sample in samples(kind)]


@pytest.mark.parametrize("sample", ALL, ids=lambda sample: f"{sample.kind}/{sample.name}")
def test_a_mail_is_read_as_expected(sample: Sample) -> None:
    mail = parse_mail(sample.raw)
    found = as_data(mail)
    wrong = wrong_keys(sample.expected, found)
    assert {key: found.get(key) for key in wrong} == {key: sample.expected[key] for key in wrong}
    assert not [problem for problem in mail.problems if "failed" in problem]
