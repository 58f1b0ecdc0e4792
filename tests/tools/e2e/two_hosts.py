# SPDX-License-Identifier: MIT
"""The tools speak across a network: two network namespaces, and a cable between them."""

import os
import subprocess
import sys
import unittest

import harness
from harness import Listener, tool

MEBIBYTE = os.urandom(1 << 20)
NAMES = [f"portsock-{os.getpid()}-{side}" for side in "ab"]
ADDRESSES = [("192.0.2.1", "2001:db8::1"), ("192.0.2.2", "2001:db8::2")]  # for documentation

FIRST_PACKET = """
import socket
seen = socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_TCP)
seen.settimeout(20)
print("ready", flush=True)
packet = seen.recv(4096)
kind = "SYN" if packet[33] == 2 else "other"
print(f"{kind}, class {packet[1]}, ttl {packet[8]}")
"""


def ip(*words):
    done = subprocess.run(["ip", *words], capture_output=True, timeout=harness.LIMIT)
    if done.returncode != 0:
        raise OSError(f"ip {' '.join(words)}: {done.stderr.decode().strip()}")


def inside(side):
    return ["ip", "netns", "exec", NAMES[side]]


def remove():
    for name in NAMES:  # a namespace takes its end of the cable with it
        subprocess.run(["ip", "netns", "del", name], capture_output=True, timeout=harness.LIMIT)


def build():
    for name in NAMES:
        ip("netns", "add", name)
    ip("link", "add", "cable", "netns", NAMES[0], "type", "veth", "peer", "cable", "netns", NAMES[1])
    for name, (v4, v6) in zip(NAMES, ADDRESSES):
        ip("-n", name, "address", "add", v4 + "/24", "dev", "cable")
        ip("-n", name, "address", "add", v6 + "/64", "dev", "cable", "nodad")
        ip("-n", name, "link", "set", "lo", "up")
        ip("-n", name, "link", "set", "cable", "up")


class TwoHosts(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        if harness.RUNNER:
            raise unittest.SkipTest("an emulator's sockets may live in another namespace")
        cls.addClassCleanup(remove)
        try:
            build()
        except OSError as refused:
            raise unittest.SkipTest(f"no network can be built here: {refused}")

    def run_here(self, name, *arguments, input=b""):
        return subprocess.run(
            inside(0) + tool(name, *arguments), input=input, capture_output=True, timeout=harness.LIMIT
        )

    def test_send_and_listen(self):
        with Listener("--echo", "0", prefix=inside(1)) as listener:
            for host in ADDRESSES[1]:
                done = self.run_here("socksend", host, listener.port(), input=MEBIBYTE)
                self.assertEqual((done.returncode, done.stderr), (0, b""))
                self.assertEqual(done.stdout, MEBIBYTE)

    def test_send_and_listen_with_datagrams(self):
        with Listener("--udp", "0", prefix=inside(1)) as listener:
            for host, name in zip(ADDRESSES[1], (r"192\.0\.2\.1", r"\[2001:db8::1\]")):
                done = self.run_here("socksend", "--udp", host, listener.port(), "--message", host)
                self.assertEqual((done.returncode, done.stderr), (0, b""))
                listener.expect(rf"{name}:\d+ {len(host)} bytes")

    def test_send_to_where_no_way_leads(self):
        done = self.run_here("socksend", "198.51.100.1", "9", "--message", "x")
        self.assertEqual(done.returncode, 1)
        self.assertIn(b"network unreachable (ENETUNREACH)", done.stderr)

    def test_send_to_an_address_that_nobody_has(self):
        done = self.run_here("socksend", "192.0.2.77", "9", "--message", "x", "--timeout", "0.2")
        self.assertEqual(done.returncode, 1)
        self.assertIn(b"timed out", done.stderr)

    def test_send_by_a_device(self):
        with Listener("--echo", "0", prefix=inside(1)) as listener:
            for host in ADDRESSES[1]:
                to = [host, listener.port(), "--message", "x", "--timeout", "1"]
                done = self.run_here("socksend", *to, "--device", "cable", "--dscp", "10")
                self.assertEqual((done.returncode, done.stdout, done.stderr), (0, b"x", b""))
                # No way leads there by loopback.
                done = self.run_here("socksend", *to, "--device", "lo")
                self.assertEqual((done.returncode, done.stdout), (1, b""))
        done = self.run_here("socksend", "192.0.2.2", "9", "--message", "x", "--device", "nosuch")
        self.assertEqual(done.returncode, 1)
        self.assertIn(b"address not available", done.stderr)

    def test_the_first_packet_has_the_options(self):
        watch = [*inside(1), sys.executable, "-c", FIRST_PACKET]
        with Listener("0", prefix=inside(1)) as listener, subprocess.Popen(
            watch, stdout=subprocess.PIPE, stderr=subprocess.PIPE
        ) as watcher:
            self.addCleanup(watcher.kill)
            self.assertEqual(watcher.stdout.readline(), b"ready\n")
            done = self.run_here(
                "socksend", "192.0.2.2", listener.port(), "--message", "x", "--dscp", "10", "--ttl", "9"
            )
            self.assertEqual((done.returncode, done.stderr), (0, b""))
            self.assertEqual(watcher.communicate(timeout=harness.LIMIT)[0], b"SYN, class 40, ttl 9\n")

    def test_ping(self):
        for host in ADDRESSES[1]:
            done = self.run_here("sockping", "-c", "3", "-i", "0.05", host)
            self.assertEqual(done.returncode, 0, done.stderr)
            self.assertIn(b"3 packets transmitted, 3 received", done.stdout)


if __name__ == "__main__":
    harness.main()
