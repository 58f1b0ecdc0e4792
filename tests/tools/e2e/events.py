# SPDX-License-Identifier: MIT
"""What sockping --json says is what its schema allows, for every kind of event there is."""

import ctypes
import pathlib
import signal
import socket
import struct
import subprocess
import threading
import time
import unittest

import harness
from harness import tool
from harness.schema import Schema, needed

NEW_NETWORK = 0x40000000  # CLONE_NEWNET


def checksum(data):
    if len(data) % 2:
        data += b"\0"
    total = sum(struct.unpack(f"!{len(data) // 2}H", data))
    total = (total & 0xFFFF) + (total >> 16)
    return ~(total + (total >> 16)) & 0xFFFF


def message(kind, code, rest):
    return struct.pack("!BBH", kind, code, checksum(struct.pack("!BBH", kind, code, 0) + rest)) + rest


class Responder(threading.Thread):
    """Answers echo requests on this host, each in another way, where the kernel was told not to."""

    def __init__(self):
        super().__init__(daemon=True)
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_ICMP)
        self.socket.settimeout(harness.LIMIT)

    def run(self):
        for sequence in range(1, 8):
            while True:
                packet, _ = self.socket.recvfrom(65535)
                request = packet[20:]
                if request[0] == 8 and request[6:8] == struct.pack("!H", sequence):
                    break
            self.answer(sequence, packet, request)

    def send(self, data):
        self.socket.sendto(data, ("127.0.0.1", 0))

    def answer(self, sequence, packet, request):
        reply = message(0, 0, request[4:])
        if sequence in (1, 2):
            self.send(reply)
        if sequence == 2:
            self.send(reply)  # a duplicate
        if sequence == 3:
            self.send(message(0, 0, request[4:-1] + b"\xff"))
        if sequence == 4:
            self.late = reply
        if sequence == 5:
            self.send(message(3, 1, b"\0\0\0\0" + packet[:28]))
        if sequence == 6:
            self.send(message(5, 1, socket.inet_aton("127.0.0.9") + packet[:28]))
            self.send(reply)
        if sequence == 7:
            # The fourth has been given up: its timeout is shorter than three intervals.
            self.send(self.late)
            self.send(reply)


@unittest.skipIf(harness.RUNNER, "an emulator's sockets may live in another namespace")
@needed
class Events(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        # This process and its children; the tests of other scripts are other processes.
        if ctypes.CDLL(None, use_errno=True).unshare(NEW_NETWORK) != 0:
            raise unittest.SkipTest("no network of its own here")
        for command in (
            ["ip", "link", "set", "lo", "up"],
            ["ip", "route", "add", "unreachable", "192.0.2.1"],
            ["ip", "route", "add", "blackhole", "192.0.2.2"],
        ):
            subprocess.run(command, check=True, timeout=harness.LIMIT)
        pathlib.Path("/proc/sys/net/ipv4/icmp_echo_ignore_all").write_text("1", encoding="ascii")
        cls.schema = Schema("sockping")
        cls.schema.check_itself()

    def test_of_every_kind_are_as_the_schema_says(self):
        Responder().start()
        command = tool("sockping", "--json", "-c", 7, "-i", 0.2, "-W", 0.3, "127.0.0.1")
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        first = process.stdout.readline() + process.stdout.readline()
        process.send_signal(signal.SIGQUIT)
        output, errors = process.communicate(timeout=harness.LIMIT)
        told = self.schema.events(first + output)
        nowhere = harness.run("sockping", "--json", "-c", 1, "192.0.2.1")
        told += self.schema.events(nowhere.stdout)
        pathlib.Path("/proc/sys/net/ipv4/icmp_echo_ignore_all").write_text("0", encoding="ascii")
        way = harness.run("sockping", "--trace", "--json", "-c", 2, "-i", 0.01, "127.0.0.1")
        told += self.schema.events(way.stdout)

        known = set()
        for one in self.schema.text["$defs"].values():
            event = one.get("properties", {}).get("event", {})
            known.update(event.get("enum", [event.get("const")]))
        known.discard(None)
        self.assertEqual(errors, b"")
        self.assertEqual({one["event"] for one in told}, known)

    def test_of_very_many_hosts_have_one_status(self):
        pathlib.Path("/proc/sys/net/ipv4/icmp_echo_ignore_all").write_text("1", encoding="ascii")
        command = tool("sockping", "--json", "-W", 5, "--sweep", "127.1.0.0/23")
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        self.addCleanup(process.communicate)
        self.addCleanup(process.kill)
        for _ in range(500):
            if self.listens(process):
                break
            time.sleep(0.02)
        process.send_signal(signal.SIGQUIT)
        told = self.schema.events(process.stdout.readline())
        self.assertEqual((told[0]["event"], told[0].get("hosts")), ("status", 510), told)

    @staticmethod
    def listens(process):
        """Whether it catches SIGQUIT by now, which would end it before."""
        status = pathlib.Path(f"/proc/{process.pid}/status").read_text(encoding="ascii")
        caught = int(next(line for line in status.splitlines() if line.startswith("SigCgt"))[7:], 16)
        return bool(caught >> (signal.SIGQUIT - 1) & 1)

    def test_that_are_not_in_the_schema_are_found(self):
        for wrong in ({"event": "lost"}, {"event": "party"}, {}):
            self.assertFalse(self.schema.allows(wrong))


if __name__ == "__main__":
    harness.main()
