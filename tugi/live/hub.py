"""All live sockets of this process: who listens to what, and who is told when something happens."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from tugi.live import frames, log, topics, viewers
from tugi.live.frames import REFUSED, BadFrame, Pointer
from tugi.live.log import Happening
from tugi.live.sockets import Socket
from tugi.live.threads import DatabaseThread
from tugi.live.viewers import Viewer

TOO_OLD = 1000
MOST_SOCKETS_A_SESSION = 20
MOST_TOPICS = 500


class Hub:
    """`door` is the thread that is asked for people who come and what they may hear. `position` is how
    far the log has been told; whoever moves it (`tugi.live.rounds`) tells first."""

    def __init__(self, door: DatabaseThread) -> None:
        self.sockets: set[Socket] = set()
        self.position = 0
        self._door = door
        self._listeners: dict[str, set[Socket]] = {}
        self._per_session: Counter[str] = Counter()

    def has_room_for(self, viewer: Viewer) -> bool:
        return self._per_session[viewer.session] < MOST_SOCKETS_A_SESSION

    def join(self, socket: Socket) -> None:
        self.sockets.add(socket)
        self._per_session[socket.viewer.session] += 1

    def leave(self, socket: Socket) -> None:
        self.unsubscribe(socket, list(socket.topics))
        self.sockets.discard(socket)
        self._per_session[socket.viewer.session] -= 1
        if not self._per_session[socket.viewer.session]:
            del self._per_session[socket.viewer.session]

    async def subscribe(self, socket: Socket, wanted: Sequence[str], since: int | None) -> None:
        """Let the socket hear those of the topics that exist for its agent, and what it missed `since`.

        Raises BadFrame for more topics than one socket may have.
        """
        granted = await self._door.run(viewers.may_listen, socket.viewer, wanted)
        if len(socket.topics.union(granted)) > MOST_TOPICS:
            raise BadFrame(REFUSED, "too many topics")
        for topic in granted:
            socket.topics.add(topic)
            self._listeners.setdefault(_key(topic, socket.viewer), set()).add(socket)
        missed: list[Pointer] = []
        socket.hold()
        try:
            here = self.position
            if since is not None and await self._cannot_replay(since, here):
                socket.say(frames.reload(here))
            elif since is not None and since < here:
                missed = await self._missed(socket.viewer, granted, since, here)
            socket.say(frames.subscribed(granted, here))
            if refused := [topic for topic in wanted if topic not in granted]:
                socket.say(frames.refused(refused))
        finally:
            socket.release(missed)

    def unsubscribe(self, socket: Socket, unwanted: Iterable[str]) -> None:
        for topic in unwanted:
            key = _key(topic, socket.viewer)
            listeners = self._listeners.get(key, set())
            listeners.discard(socket)
            socket.topics.discard(topic)
            if not listeners:
                self._listeners.pop(key, None)

    def tell(self, happening: Happening) -> None:
        """Point at it. Never awaits: who subscribes next either hears it here or finds it in the log."""
        for pointer in _pointers(happening):
            for socket in list(self._listeners.get(pointer.topic, ())):
                if happening.is_told_to(socket.viewer):
                    socket.point(pointer)
                    self._drop_if_lost(socket, pointer.topic, happening)
        for agent_id in happening.agents:
            pointer = frames.pointer(topics.ME, happening.seq, happening.kind)
            for socket in list(self._listeners.get(_key_of_agent(agent_id), ())):
                socket.point(pointer)
        self.position = happening.seq

    async def _missed(self, viewer: Viewer, granted: Sequence[str], since: int, here: int) -> list[Pointer]:
        happenings = await self._door.run(log.read, since, here)
        return [pointer for happening in happenings for pointer in _missed(viewer, granted, happening)]

    async def _cannot_replay(self, since: int, here: int) -> bool:
        """Too far back; or in a future that this log does not have, while another process may well be a
        moment ahead of this one."""
        return since > await self._door.run(log.head) if since > here else here - since > TOO_OLD

    def _drop_if_lost(self, socket: Socket, topic: str, happening: Happening) -> None:
        if topic != topics.INBOX and not happening.is_seen_by(socket.viewer):
            self.unsubscribe(socket, [topic])
            socket.say(frames.refused([topic]))


def _pointers(happening: Happening) -> Iterator[Pointer]:
    if happening.ticket is not None:
        topic = topics.for_ticket(happening.ticket)
        yield frames.pointer(topic, happening.seq, happening.kind, happening.ticket)
        yield frames.pointer(topics.INBOX, happening.seq, happening.kind, happening.ticket)


def _missed(viewer: Viewer, granted: Sequence[str], happening: Happening) -> Iterator[Pointer]:
    if happening.is_told_to(viewer):
        yield from (pointer for pointer in _pointers(happening) if pointer.topic in granted)
    if topics.ME in granted and viewer.agent_id in happening.agents:
        yield frames.pointer(topics.ME, happening.seq, happening.kind)


def _key(topic: str, viewer: Viewer) -> str:
    return _key_of_agent(viewer.agent_id) if topic == topics.ME else topic


def _key_of_agent(agent_id: int) -> str:
    return f"{topics.ME} {agent_id}"
