from __future__ import annotations

import socket

import pytest

from tugi.serve import ground
from tugi.serve.refusal import StartRefused


def test_a_taken_port_is_said_with_the_setting_that_changes_it() -> None:
    with (
        socket.create_server(("127.0.0.1", 0)) as taken,
        pytest.raises(
            StartRefused, match=r"another program has that port\. Choose another with TUGI_PORT\. \(tugi\.E023\)"
        ),
    ):
        ground.listen("127.0.0.1", taken.getsockname()[1], "TUGI_PORT")
