"""A listener that is switched off still says that its thread lives."""

from __future__ import annotations

import threading

import pytest

from tugi.channels.email import fetchers
from tugi.events.fetchers import Fetch
from tugi.events.worker import Stop


@pytest.mark.parametrize("take", [fetchers.take_mail, fetchers.take_handed_mail])
def test_a_listener_that_is_off_gives_signs_of_life(
    take: Fetch, settings: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings, "SMTP_LISTEN", None)
    monkeypatch.setattr(settings, "LMTP_LISTEN", None)
    monkeypatch.setattr(fetchers, "REST_SECONDS", 0.01)
    stop = Stop()
    began = stop.at
    resting = threading.Thread(target=take, args=(stop,))
    resting.start()
    resting.join(0.2)

    assert resting.is_alive()
    assert stop.at > began
    stop.set()
    resting.join(2)
    assert not resting.is_alive()
