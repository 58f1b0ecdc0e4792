# SPDX-License-Identifier: MIT
"""sockping across two routers: here (0), two routers (1 and 2), and a host there (3)."""

import re
import subprocess
import unittest

import harness
from harness import tool
from harness.network import FAMILIES, NOWHERE, OnARow, address


class AcrossRouters(OnARow):
    hosts = 4

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.row.end_at(1)
        cls.row.ip(1, "route", "add", "blackhole", "198.51.100.0/24")

    def lines(self, done, status=0):
        self.assertEqual((done.returncode, done.stderr), (status, b""))
        return done.stdout.decode().splitlines()

    def assert_in_order(self, done, summary, status=0):
        self.lines(done, status)
        self.assertRegex(done.stdout.decode(), rf"(?m)^{summary}")

    def test_a_reply_lost_a_hop_at_each(self):
        for family in FAMILIES:
            lines = self.lines(self.row.ping("-c", 2, "-i", 0.02, self.there(family)))
            self.assertRegex(lines[1], f"^64 bytes from {self.there(family)}: icmp_seq=1 ttl=62 time=")

    def test_a_request_without_hops_left_is_reported(self):
        for family in FAMILIES:
            for hops in (1, 2):
                done = self.row.ping("-c", 1, "-t", hops, self.there(family))
                said = self.lines(done, status=1)
                router = address(hops, 2, family)
                self.assertRegex(said[1], rf"^From {router} icmp_seq=1 .*(live|hop limit) exceeded")
                expected = "1 packets transmitted, 0 received, +1 errors, 100% packet loss"
                self.assertIn(expected, done.stdout.decode())

    def test_a_request_to_nowhere_is_reported(self):
        for family, host in NOWHERE.items():
            said = self.lines(self.row.ping("-c", 1, host), status=1)[1]
            router = address(1, 2, family)
            self.assertRegex(said, rf"^From {router} icmp_seq=1 .*(unreachable|no route)")

    def test_a_silent_host_is_waited_for_as_long_as_was_said(self):
        done = self.row.ping("-q", "-c", 2, "-i", 0.01, "-W", 0.1, "198.51.100.1")
        self.assert_in_order(done, r"2 packets transmitted, 0 received, .*100%.*\nloss in 1 run", 1)

    def test_a_request_that_does_not_fit_a_link_is_reported_with_what_does(self):
        for host in (2, 3):
            self.row.ip(host, "link", "set", "net3", "mtu", 1300)
            self.addCleanup(self.row.ip, host, "link", "set", "net3", "mtu", 1500)
        for family, said in ((4, "fragmentation needed"), (6, "packet too big")):
            done = self.row.ping("-c", 1, "-M", "do", "-s", 1400, self.there(family))
            router = address(2, 2, family)
            expected = rf"^From {router} icmp_seq=1 {said} \(mtu 1300\)"
            self.assertRegex(self.lines(done, status=1)[1], expected)

    def test_half_of_the_requests_are_lost(self):
        self.filter(2, "forward",
                    "icmp type echo-request numgen inc mod 2 == 1 drop",
                    "icmpv6 type echo-request numgen inc mod 2 == 1 drop")  # fmt: skip
        for family in FAMILIES:
            done = self.row.ping("-c", 6, "-i", 0.01, "-W", 0.3, self.there(family))
            self.assert_in_order(done, "6 packets transmitted, 3 received, 50% packet loss")

    def test_a_lost_reply_is_asked_for_again(self):
        self.filter(2, "forward", "icmp type echo-reply numgen inc mod 2 == 0 drop")
        done = self.row.ping("--retries", 3, "-W", 0.2, self.there(4), self.there(4))
        self.assert_in_order(done, f"{self.there(4)} is alive")

    def test_replies_that_come_twice_are_marked(self):
        # What is sent twice is marked, for the second one is sent, too.
        twice = "meta mark 0 {} type echo-reply meta mark set 1 dup to net3"
        self.filter(3, "egress device net3", twice.format("icmp"), twice.format("icmpv6"),
                    table="netdev test")  # fmt: skip
        for family in FAMILIES:
            done = self.row.ping("-c", 4, "-i", 0.05, self.there(family))
            # The last one's double may come after the end.
            self.assert_in_order(done, r"4 packets transmitted, 4 received, \+[34] duplicates, 0%")
            self.assertIn(" (DUP!)", done.stdout.decode())

    def test_replies_out_of_order_are_counted(self):
        for family in FAMILIES:
            self.play(3, family, "swapped")
            done = self.row.ping("-c", 6, "-i", 0.01, self.there(family))
            self.assert_in_order(done, r"6 packets transmitted, 6 received, \+3 out of order, 0%")
            self.doCleanups()

    def test_forged_replies_do_not_count(self):
        for family in FAMILIES:
            self.play(3, family, "forged")
            for way in ("raw", "datagram"):
                if way == "datagram":
                    self.row.set(0, "net.ipv4.ping_group_range=0 2147483647")
                done = self.row.ping("--backend", way, "-c", 3, "-i", 0.02, self.there(family))
                with self.subTest(family=family, way=way):
                    self.assert_in_order(done, "3 packets transmitted, 3 received, 0% packet loss")
                    lines = self.lines(done)
                    self.assertEqual(len([one for one in lines if "icmp_seq=" in one]), 3)
            self.doCleanups()

    def test_a_flood_of_others_costs_no_reply(self):
        flood = subprocess.Popen(
            self.row.inside(0, *tool("sockping", "-q", "-f", "-w", harness.LIMIT, "127.0.0.1")),
            stdout=subprocess.DEVNULL,
        )
        self.addCleanup(flood.wait, harness.LIMIT)
        self.addCleanup(flood.kill)
        for host in ("127.0.0.1", "127.0.0.2"):
            done = self.row.ping("-q", "-c", 200, "-i", 0.002, "-W", 10, host)
            self.assert_in_order(done, "200 packets transmitted, 200 received, 0% packet loss")

    def test_an_interface_is_where_requests_leave(self):
        for family in FAMILIES:
            self.assert_in_order(self.row.ping("-I", "net1", "-c", 1, self.there(family)), "1 packets.*1 rec")
            # The host itself is not to be found on a cable.
            done = self.row.ping("-I", "net2", "-c", 1, "-W", 0.2, address(1, 1, family), host=1)
            self.assertNotEqual(done.returncode, 0, done.stdout)

    @harness.needs_program("ping")
    def test_ping_finds_the_same(self):
        self.filter(2, "forward", "icmp type echo-request numgen inc mod 2 == 1 drop")
        counts = r"(\d+) packets transmitted, (\d+) received, (\S+)% packet loss"
        ours = self.row.ping("-c", 6, "-i", 0.2, "-W", 0.5, self.there(4)).stdout.decode()
        theirs = subprocess.run(
            self.row.inside(0, "ping", "-c", 6, "-i", 0.2, "-W", 1, self.there(4)),
            capture_output=True,
            timeout=harness.LIMIT,
        ).stdout.decode()
        for said in (ours, theirs):
            self.assertEqual(re.search(counts, said).groups(), ("6", "3", "50"), said)
            self.assertEqual(re.findall(r"icmp_seq=(\d+) ttl=(\d+)", said),
                             [("1", "62"), ("3", "62"), ("5", "62")])  # fmt: skip

    @harness.needs_program("fping")
    def test_fping_finds_the_same(self):
        net = address(3, 0) + "/29"
        theirs = subprocess.run(
            self.row.inside(0, "fping", "-a", "-q", "-r", "0", "-t", "500", "-i", "1", "-g", net),
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=harness.LIMIT,
        )
        ours = self.row.ping("--alive", "--sorted", "-W", 0.5, "--sweep", net)
        self.assertEqual(ours.returncode, theirs.returncode)
        self.assertEqual(sorted(ours.stdout.split()), sorted(theirs.stdout.split()))
        self.assertEqual(ours.stdout.split(), [address(3, 1).encode(), address(3, 2).encode()])

        self.filter(2, "forward", "icmp type echo-request numgen inc mod 2 == 1 drop")
        theirs = subprocess.run(
            self.row.inside(0, "fping", "-q", "-c", 6, "-p", 20, "-t", 15, self.there(4)),
            capture_output=True,
            timeout=harness.LIMIT,
        )
        sent, received, lost = re.search(rb"= (\d+)/(\d+)/(\d+)%", theirs.stderr).groups()
        ours = self.row.ping("-q", "-c", 6, "-i", 0.02, "-W", 0.5, self.there(4)).stdout
        self.assertIn(b"%s packets transmitted, %s received, %s%% packet loss" % (sent, received, lost), ours)


if __name__ == "__main__":
    harness.main()
