# SPDX-License-Identifier: MIT
"""Much data and many clients. PORTSOCK_BYTES and PORTSOCK_CLIENTS make it more of either."""

import hashlib
import os
import socket
import subprocess
import tempfile
import threading
import unittest

import harness
from harness import Listener, connect, tool

# An emulator takes its time.
BYTES = int(os.environ.get("PORTSOCK_BYTES", (8 if harness.RUNNER else 32) << 20))
CLIENTS = int(os.environ.get("PORTSOCK_CLIENTS", 100 if harness.RUNNER else 1000))
IDLE = int(os.environ.get("PORTSOCK_CLIENTS", 100 if harness.RUNNER else 10_000))
PATIENCE = 300  # seconds, for as much as anybody may ask for


def checksum(file):
    file.seek(0)
    digest = hashlib.blake2b()
    while block := file.read(1 << 20):
        digest.update(block)
    return digest.digest()


class MuchData(unittest.TestCase):
    def setUp(self):
        self.there = self.enterContext(tempfile.TemporaryFile())
        for _ in range(BYTES >> 20):
            self.there.write(os.urandom(1 << 20))
        self.sum = checksum(self.there)
        self.there.seek(0)

    def start(self, *arguments, **options):
        command = tool("socksend", *arguments)
        return subprocess.run(command, timeout=PATIENCE, stderr=subprocess.PIPE, **options)

    def test_arrives_whole(self):
        with Listener("--once", "127.0.0.1:0") as listener:
            done = self.start("127.0.0.1", listener.port(), stdin=self.there)
            self.assertEqual((done.returncode, done.stderr), (0, b""))
            self.assertEqual(listener.process.wait(PATIENCE), 0)
            self.assertEqual(checksum(listener.stdout), self.sum)

    def test_comes_back_whole(self):
        with Listener("--echo", "--discard", "127.0.0.1:0") as listener, tempfile.TemporaryFile() as back:
            done = self.start("127.0.0.1", listener.port(), stdin=self.there, stdout=back)
            self.assertEqual((done.returncode, done.stderr), (0, b""))
            self.assertEqual(checksum(back), self.sum)

    def test_goes_both_ways_at_once(self):
        with Listener("--pipe", "--once", "127.0.0.1:0", stdin=self.there) as listener:
            with tempfile.TemporaryFile() as back, tempfile.TemporaryFile() as other:
                other.write(bytes(BYTES))
                other.seek(0)
                done = self.start("127.0.0.1", listener.port(), stdin=other, stdout=back)
                self.assertEqual((done.returncode, done.stderr), (0, b""))
                self.assertEqual(listener.process.wait(PATIENCE), 0)
                self.assertEqual(checksum(back), self.sum)
                self.assertEqual(checksum(listener.stdout), checksum(other))


def memory(pid):
    """Resident bytes of a process, where the system has a file that tells."""
    with open(f"/proc/{pid}/status", encoding="ascii") as status:
        return next(int(line.split()[1]) << 10 for line in status if line.startswith("VmRSS"))


def handles_for(count):
    try:
        import resource
    except ImportError:
        return count <= 1000
    least = count + 200
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft < least <= hard:
        resource.setrlimit(resource.RLIMIT_NOFILE, (least, hard))
        soft = least
    return soft >= least


@unittest.skipUnless(handles_for(CLIENTS), f"{CLIENTS} clients need more handles than there are")
class ManyClients(unittest.TestCase):
    def test_are_held_at_once_and_each_is_answered(self):
        with Listener("--echo", "--discard", "--quiet", "--print-port", "127.0.0.1:0") as listener:
            port = self.port(listener)
            clients = []
            try:
                for _ in range(CLIENTS):
                    clients.append(connect(port))
                for number, client in enumerate(clients):
                    client.sendall(b"%7d" % number)
                for number, client in enumerate(clients):
                    self.assertEqual(client.recv(7, socket.MSG_WAITALL), b"%7d" % number)
            finally:
                for client in clients:
                    client.close()
            self.assertEqual(listener.lines, [])

    @unittest.skipUnless(handles_for(IDLE), f"{IDLE} clients need more handles than there are")
    @harness.needs_file("/proc/self/status")
    @unittest.skipIf(harness.RUNNER, "an emulator has memory of its own")
    def test_cost_a_kibibyte_each_at_most_while_they_are_idle(self):
        with Listener("--echo", "--discard", "--quiet", "--print-port", "127.0.0.1:0") as listener:
            port = self.port(listener)
            clients = [connect(port)]
            self.said(clients)
            before = memory(listener.process.pid)
            try:
                clients += [connect(port) for _ in range(IDLE)]
                self.said(clients)
                each = (memory(listener.process.pid) - before) / IDLE
            finally:
                for client in clients:
                    client.close()
            print(f"{each:.0f} bytes of socklisten for each of {IDLE} idle clients")
            self.assertLessEqual(each, 1024)

    @staticmethod
    def port(listener):
        tick = threading.Event()
        while not (said := listener.output()).endswith(b"\n"):
            tick.wait(0.01)
        return int(said)

    @staticmethod
    def said(clients):
        """All of them have talked, so socklisten knows them."""
        for client in clients:
            client.sendall(b"x")
        for client in clients:
            assert client.recv(1) == b"x"


if __name__ == "__main__":
    harness.main()
