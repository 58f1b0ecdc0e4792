# SPDX-License-Identifier: MIT
"""A row of hosts, each in a network namespace of its own, with cables between neighbours.

The cable between the hosts n-1 and n is the network n: 192.0.n.0/24 and 2001:db8:n::/64. Its left end
is address 1, its right end address 2. Every host but the first and the last is a router.
"""

import os
import subprocess
import sys
import unittest

import harness

FAMILIES = (4, 6)
NOWHERE = {4: "203.0.113.1", 6: "2001:db8:99::1"}


def works(command):
    try:
        done = subprocess.run(command, capture_output=True, timeout=harness.LIMIT)
    except OSError:
        return False
    return done.returncode == 0


def address(net, end, family=4):
    return f"192.0.{net}.{end}" if family == 4 else f"2001:db8:{net}::{end}"


class Row:
    def __init__(self, count):
        self.names = [f"portsock-{os.getpid()}-{number}" for number in range(count)]

    def ip(self, host, *words):
        command = ["ip", "-n", self.names[host], *map(str, words)]
        done = subprocess.run(command, capture_output=True, timeout=harness.LIMIT)
        if done.returncode != 0:
            raise unittest.SkipTest(f"no network can be built here: {done.stderr.decode().strip()}")

    def inside(self, host, *command):
        return ["ip", "netns", "exec", self.names[host], *map(str, command)]

    def run(self, host, *command):
        """The output of a command that must succeed."""
        done = subprocess.run(self.inside(host, *command), capture_output=True, timeout=harness.LIMIT)
        if done.returncode != 0:
            raise AssertionError(f"{command}: {done.stderr.decode()}")
        return done.stdout.decode()

    def ping(self, *arguments, host=0):
        return subprocess.run(
            self.inside(host, *harness.tool("sockping", *arguments)),
            capture_output=True,
            timeout=harness.LIMIT,
        )

    def build(self):
        for name in self.names:
            if not works(["ip", "netns", "add", name]):
                raise unittest.SkipTest("no network can be built here")
        last = len(self.names) - 1
        for net in range(1, last + 1):
            self._connect(net)
        for host in range(last + 1):
            self.ip(host, "link", "set", "lo", "up")
            for family in FAMILIES:
                for net in range(1, last + 1):
                    network = address(net, 0, family) + ("/24" if family == 4 else "/64")
                    if net < host:
                        self._route(host, family, network, address(host, 1, family))
                    elif net > host + 1:
                        self._route(host, family, network, address(host + 1, 2, family))
        self.ip(0, "route", "add", "default", "via", address(1, 2))
        self.ip(0, "-6", "route", "add", "default", "via", address(1, 2, 6))
        for host in range(1, last):
            # Routers limit the errors that they send to one host to one a second (icmp(7)).
            self.set(host, "net.ipv4.ip_forward=1", "net.ipv6.conf.all.forwarding=1",
                     "net.ipv4.icmp_ratelimit=0", "net.ipv6.icmp.ratelimit=0")  # fmt: skip

        # Neighbours take a moment to find each other.
        for family in FAMILIES:
            self.ping(f"-{family}", "-o", "-c", 50, "-i", 0.1, address(last, 2, family))

    def end_at(self, router):
        """Requests to NOWHERE get as far as this router, which says that there is no way."""
        for family, host in NOWHERE.items():
            for before in range(1, router):
                self._route(before, family, host, address(before + 1, 2, family))
            self.ip(router, "route", "add", "unreachable", host)

    def remove(self):
        for name in self.names:
            works(["ip", "netns", "del", name])

    def set(self, host, *switches):
        for switch in switches:
            works(self.inside(host, "sysctl", "-qw", switch))

    def _connect(self, net):
        left, right, cable = net - 1, net, f"net{net}"
        self.ip(left, "link", "add", cable, "type", "veth", "peer", cable, "netns", self.names[right])
        for host, end in ((left, 1), (right, 2)):
            self.ip(host, "address", "add", address(net, end) + "/24", "dev", cable)
            v6 = address(net, end, 6) + "/64"
            self.ip(host, "address", "add", v6, "dev", cable, "nodad")
            self.ip(host, "link", "set", cable, "up")

    def _route(self, host, family, network, gateway):
        self.ip(host, f"-{family}", "route", "add", network, "via", gateway)


class OnARow(unittest.TestCase):
    """`hosts` of them, 0 to hosts - 1, for all tests of a class."""

    hosts = 2

    @classmethod
    def setUpClass(cls):
        if harness.RUNNER:
            raise unittest.SkipTest("an emulator's sockets may live in another namespace")
        cls.row = Row(cls.hosts)
        cls.addClassCleanup(cls.row.remove)
        cls.row.build()

    def there(self, family=4):
        """The last host."""
        return address(self.hosts - 1, 2, family)

    def filter(self, host, hook, *rules, table="inet test"):
        """Rules of nftables for what the host sends (output) or is sent (input), until the test ends."""
        chain = f"add chain {table} rules {{ type filter hook {hook} priority 0 ; }}"
        lines = [f"add table {table}", chain, *(f"add rule {table} rules {rule}" for rule in rules)]
        command = self.row.inside(host, "nft", "; ".join(lines))
        self.addCleanup(works, self.row.inside(host, "nft", f"delete table {table}"))
        try:
            done = subprocess.run(command, capture_output=True, timeout=harness.LIMIT)
        except OSError as missing:
            self.skipTest(str(missing))
        if done.returncode != 0:
            self.skipTest(f"no filter here: {done.stderr.decode().strip()}")

    def play(self, host, *arguments):
        """Answers echo requests in the host by icmp_peer.py instead of the system, until the test ends."""
        quiet = "net.ipv4.icmp_echo_ignore_all", "net.ipv6.icmp.echo_ignore_all"
        self.row.set(host, *(f"{switch}=1" for switch in quiet))
        self.addCleanup(self.row.set, host, *(f"{switch}=0" for switch in quiet))
        script = os.path.join(os.path.dirname(__file__), "icmp_peer.py")
        peer = subprocess.Popen(
            self.row.inside(host, sys.executable, script, *arguments), stdout=subprocess.PIPE
        )
        self.addCleanup(peer.stdout.close)
        self.addCleanup(peer.wait, harness.LIMIT)
        self.addCleanup(peer.kill)
        if peer.stdout.readline() != b"ready\n":
            self.skipTest("no raw sockets for Python here")
