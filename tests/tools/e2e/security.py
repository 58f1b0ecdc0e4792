# SPDX-License-Identifier: MIT
"""What a program beside the tools, or a hostile one at the other end, cannot do."""

import collections
import contextlib
import errno
import itertools
import json
import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import unittest

import harness
from harness import Listener, connect, tool
from harness.network import OnARow

MEBIBYTE = bytes(1 << 20)
SHARING = [name for name in ("SO_REUSEADDR", "SO_REUSEPORT") if hasattr(socket, name)]
# Where a socket is, and from where somebody might take what it is sent: "::" is also all of IPv4.
HOSTS = {
    "127.0.0.1": ("127.0.0.1", "0.0.0.0", "::"),
    "0.0.0.0": ("127.0.0.1", "0.0.0.0", "::"),
    "::1": ("::1", "::"),
    "::": ("::1", "::"),
}


def as_listener(host):
    return f"[{host}]:0" if ":" in host else f"{host}:0"


def loopback(host):
    return "::1" if ":" in host else "127.0.0.1"


def memory_of(process):
    """The most that it ever had in memory, in bytes."""
    with open(f"/proc/{process.pid}/status", encoding="ascii") as status:
        return int(re.search(r"VmHWM:\s+(\d+) kB", status.read())[1]) * 1024


def push(connection, size, block=MEBIBYTE, patience=1):
    """Sends so much, or until nothing has gone for so many seconds."""
    connection.settimeout(patience)
    sent = 0
    while sent < size:
        try:
            sent += connection.send(block)
        except (TimeoutError, ConnectionError):
            break
    return sent


@unittest.skipIf(harness.RUNNER, "the other program is this system's")
class Ports(unittest.TestCase):
    @staticmethod
    def hosts():
        # Elsewhere a wildcard and one address may be beside each other (platform/guide/bind-matrix.md).
        return [
            (host, thieves if sys.platform == "linux" else [host])
            for host, thieves in HOSTS.items()
            if ":" not in host or harness.has_ipv6()
        ]

    def attempts(self, kind, hosts, port):
        """Each way of asking for the port: whom it was given to."""
        for host in hosts:
            family = socket.AF_INET6 if ":" in host else socket.AF_INET
            for count in range(len(SHARING) + 1):
                for options in itertools.combinations(SHARING, count):
                    with socket.socket(family, kind) as thief, self.subTest(host=host, options=options):
                        if host == "::":
                            thief.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
                        for option in options:
                            thief.setsockopt(socket.SOL_SOCKET, getattr(socket, option), 1)
                        with self.assertRaises(OSError) as refused:
                            thief.bind((host, port))
                            if kind == socket.SOCK_STREAM:
                                thief.listen()
                        self.assertIn(refused.exception.errno, (errno.EADDRINUSE, errno.EACCES))

    def test_a_second_process_cannot_take_a_port_of_tcp(self):
        for host, thieves in self.hosts():
            with Listener("--echo", as_listener(host)) as listener:
                port = listener.port()
                self.attempts(socket.SOCK_STREAM, thieves, port)
                with connect(port, loopback(host)) as client:
                    client.sendall(b"still here")
                    self.assertEqual(client.recv(100), b"still here")

    def test_a_second_process_cannot_take_a_port_of_udp(self):
        for host, thieves in self.hosts():
            with Listener("--udp", "--echo", as_listener(host)) as listener:
                port = listener.port()
                self.attempts(socket.SOCK_DGRAM, thieves, port)
                with harness.datagram_socket(loopback(host)) as here:
                    here.sendto(b"still here", (loopback(host), port))
                    self.assertEqual(here.recv(100), b"still here")


@unittest.skipIf(harness.RUNNER, "what an emulator takes is its own business")
@harness.needs_file("/proc/self/status")
class Memory(unittest.TestCase):
    LIMIT = 16 << 20  # of growth; what is sent is many times as much

    def grows_little(self, arguments, play, limit=LIMIT, warm_up=lambda port: None):
        with tempfile.TemporaryDirectory() as folder:
            ready = os.path.join(folder, "ready")
            with Listener(*arguments, "--ready-file", ready, "127.0.0.1:0", stdout=subprocess.DEVNULL) as listener:
                harness.wait_for_file(ready)
                with open(ready, encoding="ascii") as told:
                    port = int(told.read().rsplit(":", 1)[1])
                warm_up(port)
                self.watch(listener, port, play, limit)

    def watch(self, listener, port, play, limit):
        before = memory_of(listener.process)
        play(port)
        self.assertIsNone(listener.process.poll(), "it goes on")
        self.assertLess(memory_of(listener.process) - before, limit)

    def test_clients_that_never_read_their_echo_take_none(self):
        def play(port):
            clients = [connect(port) for _ in range(8)]
            for client in clients:
                push(client, 64 << 20)
            for client in clients:
                client.close()

        self.grows_little(["--echo"], play)

    def test_a_line_without_an_end_takes_none(self):
        for how in ("--label", "--json", "--hexdump", "--discard"):
            with self.subTest(how):
                size = 64 << 20 if how in ("--label", "--discard") else 16 << 20

                def play(port, size=size):
                    with connect(port) as client:
                        self.assertGreaterEqual(push(client, size, b"x" * (1 << 18), harness.LIMIT), size)

                self.grows_little([how], play)

    def test_one_who_does_not_listen_to_the_others_takes_none(self):
        def play(port):
            with connect(port) as deaf, connect(port) as talker:
                push(talker, 64 << 20)
                deaf.close()

        self.grows_little(["--chat"], play)

    def test_requests_that_are_nonsense_take_none(self):
        def play(port):
            for _ in range(50):
                with connect(port) as client:
                    push(client, 1 << 20, os.urandom(1 << 16))

        self.grows_little(["--measure"], play)

    def test_datagrams_from_many_ports_take_none(self):
        def play(port, blocks=400):
            for block in range(blocks):
                with contextlib.ExitStack() as block_end:
                    # Ports come again, with this address they do not. The system has room for so many.
                    host = f"127.1.{block // 200}.{block % 200 + 1}"
                    senders = [block_end.enter_context(harness.datagram_socket(host)) for _ in range(50)]
                    for sender in senders:
                        sender.sendto(b"x" * 1000, ("127.0.0.1", port))
                    for sender in senders:
                        self.assertEqual(len(sender.recv(2000)), 1000)

        def warm_up(port):
            play(port, 40)

        # Of the 20,000 none may cost 50 bytes.
        for how in "--label", "--json":
            with self.subTest(how):
                self.grows_little(["--udp", "--echo", how], play, 1 << 20, warm_up)

    def test_a_server_that_never_stops_takes_none_of_a_client_whose_output_waits(self):
        def flood(connection):
            return push(connection, 64 << 20)

        with harness.Peer(flood) as peer:
            with subprocess.Popen(
                tool("socksend", "127.0.0.1", peer.port), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE
            ) as client:
                peer.thread.join(harness.LIMIT)
                self.assertLess(memory_of(client), self.LIMIT)
                self.assertLess(peer.result, 64 << 20)
                client.kill()


@harness.needs_file("/proc/self/status")
class Replies(OnARow):
    """What somebody sends to sockping who sees what it asks."""

    LIMIT = 1 << 20  # of growth
    FLOOD = 10_000  # events, none of which may cost 100 bytes

    def flooded(self, family, *options):
        """Its events, the last of them when it was told to end."""
        ping = tool("sockping", "--json", "-i", 0.02, *options, self.there(family))
        with subprocess.Popen(self.row.inside(0, *ping), stdout=subprocess.PIPE) as process:
            too_late = threading.Timer(harness.LIMIT, process.kill)
            too_late.start()
            self.addCleanup(too_late.cancel)
            lines = [process.stdout.readline() for _ in range(10)]  # by then it has all that it needs
            before = memory_of(process)
            lines += itertools.islice(process.stdout, self.FLOOD)
            self.assertLess(memory_of(process) - before, self.LIMIT)
            process.send_signal(signal.SIGINT)
            lines += process.stdout
        return [json.loads(line) for line in lines]

    def test_a_flood_of_them_takes_no_memory_and_counts_for_nothing(self):
        self.row.set(0, "net.ipv4.ping_group_range=0 2147483647")
        # Without patience replies are late.
        for family, way, right, patience in (
            (4, "raw", "reply", ()),
            (4, "datagram", "late", ("-W", 0)),
            (6, "raw", "late", ("-W", 0)),
            (6, "datagram", "reply", ()),
        ):
            self.play(1, family, "flooding")
            with self.subTest(family=family, way=way):
                events = self.flooded(family, "--backend", way, *patience)
                kinds = collections.Counter(one["event"] for one in events)
                self.assertGreater(kinds[right], 0)
                self.assertGreater(kinds["duplicate"], kinds[right])
                answered = [one["sequence"] for one in events if one["event"] in ("reply", "late")]
                self.assertEqual(len(answered), len(set(answered)), "each counts once")
                host = next(one for one in events if one["event"] == "host")
                self.assertLessEqual(len(answered), host["sent"])
                told = [host[name] for name in ("received", "late", "duplicates", "corrupted")]
                self.assertEqual(told, [kinds[name] for name in ("reply", "late", "duplicate", "corrupted")])
            self.doCleanups()


if __name__ == "__main__":
    harness.main()
