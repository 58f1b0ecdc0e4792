# SPDX-License-Identifier: MIT
"""sockping --trace: here (0), three routers (1 to 3), and a host there (4)."""

import json
import unittest

import harness
from harness.network import FAMILIES, NOWHERE, OnARow, address

END = 4  # the host's hop


def exceeded(rule):
    return f"icmp type time-exceeded {rule}", f"icmpv6 type time-exceeded {rule}"


class Trace(OnARow):
    hosts = 5

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.row.end_at(2)

    def trace(self, *arguments, status=0):
        done = self.row.ping("--trace", "--json", "-i", 0.05, "-W", 0.5, *arguments)
        self.assertEqual((done.returncode, done.stderr), (status, b""))
        *hops, way = [json.loads(line) for line in done.stdout.splitlines()]
        self.assertEqual([hop["hop"] for hop in hops], list(range(1, len(hops) + 1)))
        self.assertEqual((way["event"], way["hops"]), ("trace", len(hops)))
        return hops, way

    def test_names_every_router_and_ends_at_the_host(self):
        for family in FAMILIES:
            hops, way = self.trace("-c", 4, self.there(family))
            self.assertTrue(way["reached"])
            self.assertEqual(
                [hop["addresses"] for hop in hops], [[address(net, 2, family)] for net in (1, 2, 3, 4)]
            )
            for hop in hops:
                self.assertEqual((hop["sent"], hop["received"], hop["loss_percent"]), (4, 4, 0))
                self.assertLessEqual(hop["rtt_min_ms"], hop["rtt_avg_ms"])
                self.assertLessEqual(hop["rtt_avg_ms"], hop["rtt_max_ms"])
                self.assertGreater(hop["rtt_min_ms"], 0)

    def test_is_a_table(self):
        done = self.row.ping("--trace", "-c", 2, "-i", 0.05, self.there())
        self.assertEqual((done.returncode, done.stderr), (0, b""))
        lines = done.stdout.decode().splitlines()
        self.assertEqual(lines[0], f"TRACE {self.there()} ({self.there()}) 56 data bytes, times in ms")
        self.assertEqual(lines[1].split(), "hop router loss% sent last avg best worst stdev".split())
        self.assertEqual(len(lines), 2 + END)
        for number, line in enumerate(lines[2:], 1):
            hop, router, loss, sent, *times = line.split()
            self.assertEqual((hop, router, loss, sent), (str(number), address(number, 2), "0.0", "2"))
            last, average, best, worst, _ = map(float, times)
            self.assertTrue(best <= average <= worst and best <= last <= worst, line)

    def test_tells_what_a_router_loses(self):
        self.filter(2, "output", *exceeded("numgen inc mod 2 == 1 drop"))
        for family in FAMILIES:
            hops, way = self.trace("-c", 4, self.there(family))
            self.assertEqual([hop["loss_percent"] for hop in hops], [0, 50, 0, 0])
            self.assertTrue(way["reached"])

    def test_passes_over_a_router_that_says_nothing(self):
        self.filter(2, "output", *exceeded("drop"))
        for family in FAMILIES:
            hops, way = self.trace("-c", 2, self.there(family))
            self.assertEqual((hops[1]["addresses"], hops[1]["received"]), ([], 0))
            self.assertNotIn("rtt_avg_ms", hops[1])
            self.assertEqual((way["reached"], way["hops"]), (True, END))

    def test_ends_where_the_way_does(self):
        for family, host in NOWHERE.items():
            hops, way = self.trace("-c", 2, host, status=1)
            self.assertEqual((way["reached"], way["hops"]), (False, 2))
            self.assertEqual(hops[1]["addresses"], [address(2, 2, family)])
            self.assertRegex(hops[1]["message"], "unreachable|no route")

    def test_goes_no_further_than_it_is_told(self):
        hops, way = self.trace("-c", 1, "-t", 2, self.there(), status=1)
        self.assertEqual((way["reached"], len(hops)), (False, 2))

    def test_works_through_a_datagram_socket(self):
        self.row.set(0, "net.ipv4.ping_group_range=0 2147483647")
        for family in FAMILIES:
            hops, way = self.trace("-c", 2, "--backend", "datagram", self.there(family))
            self.assertTrue(way["reached"])
            self.assertEqual(
                [hop["addresses"] for hop in hops], [[address(net, 2, family)] for net in (1, 2, 3, 4)]
            )

    def test_wants_one_host(self):
        for arguments in ([], [self.there(), self.there(6)], ["--csv", self.there()]):
            done = self.row.ping("--trace", *arguments)
            self.assertEqual((done.returncode, done.stdout), (2, b""))


if __name__ == "__main__":
    harness.main()
