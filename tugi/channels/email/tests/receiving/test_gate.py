from __future__ import annotations

import ipaddress
from unittest import TestCase

from tugi.channels.email.receiving.gate import FREE, Gate, Limits

EVIL = "192.0.2.7"


class GateTest(TestCase):
    def setUp(self) -> None:
        self.seconds = 0.0
        limits = Limits(open=4, open_of_one=2, connections=6, mails=3)
        self.gate = Gate(limits, (ipaddress.ip_network("10.0.0.0/8"),), now=lambda: self.seconds)

    def test_one_address_has_few_connections_at_once(self) -> None:
        self.assertEqual([self.gate.enter(EVIL)[:3] for _ in range(3)], ["", "", "421"])
        self.gate.leave(EVIL)
        self.gate.leave(EVIL)
        self.assertEqual(self.gate.enter(EVIL), "")

    def test_all_together_have_a_bound_as_well(self) -> None:
        answers = [self.gate.enter(f"192.0.2.{number}") for number in range(5)]
        self.assertEqual([each[:9] for each in answers], ["", "", "", "", "421 4.3.2"])

    def test_connections_within_a_minute_are_counted_and_forgiven(self) -> None:
        def come_and_go() -> str:
            answer = self.gate.enter(EVIL)
            self.gate.leave(EVIL)
            return answer[:3]

        self.assertEqual([come_and_go() for _ in range(7)], [""] * 6 + ["421"])
        self.seconds += 10
        self.assertEqual([come_and_go(), come_and_go()], ["", "421"])

    def test_mails_of_one_do_not_count_for_another(self) -> None:
        self.assertEqual([self.gate.may(EVIL, "mails") for _ in range(4)], [True, True, True, False])
        self.assertIs(self.gate.may("192.0.2.8", "mails"), True)

    def test_our_own_mail_servers_are_not_counted(self) -> None:
        peer = self.gate.peer_of("10.1.2.3")
        self.assertEqual(peer, FREE)
        self.assertTrue(all(self.gate.may(peer, "mails") for _ in range(100)))

    def test_a_network_of_ipv6_is_one_peer(self) -> None:
        self.assertEqual(self.gate.peer_of("2001:db8::1"), self.gate.peer_of("2001:db8::ffff:2"))
        self.assertNotEqual(self.gate.peer_of("2001:db8::1"), self.gate.peer_of("2001:db8:0:1::1"))
        self.assertEqual(self.gate.peer_of("::ffff:192.0.2.7"), EVIL)

    def test_what_is_remembered_of_peers_is_bounded(self) -> None:
        for number in range(12_000):
            self.gate.may(f"peer {number}", "mails")
        self.assertLessEqual(len(self.gate._buckets), 10_000)
