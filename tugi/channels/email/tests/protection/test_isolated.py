"""Keys go to a process that lives for one mail, and nothing that a mail does there reaches further."""

# ruff: noqa: E501 - samples and tables are kept on one line
from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

import tugi
from tugi.channels.email.protection import isolated
from tugi.channels.email.protection.isolated import UNCHECKED, open_isolated
from tugi.channels.email.tests.protection import samples as s

ROOT = Path(tugi.__file__).parent.parent


def test_a_mail_is_opened_as_in_this_process() -> None:
    keys = [s.openpgp_key("desk").key, s.openpgp_key("ann", is_private=False).key]
    found = open_isolated(s.HEAD + s.openpgp_encrypted(), keys)
    assert [each.state for each in found.layers] == ["opened", "good"]
    assert b"zebra" in (found.raw or b"")


def test_a_bomb_takes_no_more_than_it_may_and_fails_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(isolated, "MEGABYTES", 200)
    mail = s.HEAD + s.openpgp_encrypted(b"\0" * 50_000_000)
    assert open_isolated(mail, [s.openpgp_key("desk").key]) == UNCHECKED


def test_the_process_that_reads_mail_knows_no_keys() -> None:
    code = "import sys, tugi.channels.email.parsing.child; sys.exit(any('protection.keys' in name or 'pysequoia' in name for name in sys.modules))"
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False).returncode == 0


def test_whoever_asks_loads_no_ciphers() -> None:
    code = "import sys, tugi.channels.email.protection.isolated; sys.exit('pysequoia' in sys.modules or 'django' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False).returncode == 0
