from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tugi.live import frames
from tugi.live.frames import BadFrame, Ping, Subscribe, Unsubscribe

anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=20,
)


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ({"op": "ping"}, Ping()),
        ({"op": "subscribe", "topics": ["inbox", "me", "inbox"]}, Subscribe(("inbox", "me"), None)),
        ({"op": "subscribe", "topics": [], "since": 0}, Subscribe((), 0)),
        ({"op": "unsubscribe", "topics": ["me"]}, Unsubscribe(("me",))),
    ],
)
def test_what_a_client_may_say(said: dict[str, Any], meant: object) -> None:
    assert frames.read({"text": json.dumps(said)}) == meant


@pytest.mark.parametrize(
    ("message", "code"),
    [
        ({"bytes": b"{}"}, 1003),
        ({"text": None, "bytes": None}, 1003),
        ({"text": ""}, 1003),
        ({"text": "[" * 4096}, 1003),
        ({"text": "9" * 4096}, 1008),
        ({"text": '"' + "x" * 4095 + '"'}, 1008),
        ({"text": "{}"}, 1008),
        ({"text": '{"op": "hello"}'}, 1008),
        ({"text": '{"op": "subscribe", "topics": ["inbox"], "since": true}'}, 1008),
        ({"text": '{"op": "subscribe", "topics": ["inbox"], "since": -1}'}, 1008),
        ({"text": '{"op": "subscribe", "topics": [7]}'}, 1008),
    ],
)
def test_everything_else_closes(message: dict[str, Any], code: int) -> None:
    with pytest.raises(BadFrame) as bad:
        frames.read(message)

    assert bad.value.code == code


@given(anything | st.fixed_dictionaries({"op": st.just("subscribe"), "topics": anything, "since": anything}))
def test_nothing_but_a_bad_frame_is_ever_raised(said: Any) -> None:
    try:
        frames.read({"text": json.dumps(said)})
    except BadFrame as bad:
        assert len(bad.reason) < 20


def test_a_pointer_holds_no_more_than_ids() -> None:
    pointer = frames.pointer("inbox", 7, "message.received", 1001)

    assert json.loads(pointer.text) == {
        "op": "pointer",
        "topic": "inbox",
        "seq": 7,
        "kind": "message.received",
        "ticket": 1001,
    }
