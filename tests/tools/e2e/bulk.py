# SPDX-License-Identifier: MIT
"""Much at once: whatever way it takes, it arrives whole and in order."""

import hashlib
import os
import socket
import subprocess
import tempfile
import threading
import unittest

import harness
from harness import Listener, tool

SIZE = (1 << 30) if not harness.RUNNER else (1 << 27)
PART = SIZE >> 2
PATIENCE = 100.0  # seconds
MEMORY = "/dev/shm" if os.path.isdir("/dev/shm") else None


def digest(stream):
    taken = hashlib.blake2b()
    size = 0
    while part := stream.read(1 << 20):
        taken.update(part)
        size += len(part)
    return size, taken.hexdigest()


class Patience(unittest.TestCase):
    """A peer that has finished sending may go on reading, in its own time."""

    def test_a_peer_that_reads_late_gets_a_whole_file(self):
        tick = threading.Event()

        def finish_first(connection):
            connection.shutdown(socket.SHUT_WR)
            tick.wait(2)
            return len(harness.read_all(connection))

        with tempfile.NamedTemporaryFile() as file:
            file.write(bytes(64_000_000))
            file.flush()
            with harness.Peer(finish_first) as peer:
                done = harness.run("socksend", peer.host, peer.port, "--file", file.name)
        self.assertEqual((done.returncode, done.stderr, peer.result), (0, "", 64_000_000))

    def test_a_pipe_that_gives_little_is_sent_to_its_end(self):
        def finish_first(connection):
            connection.shutdown(socket.SHUT_WR)
            return harness.read_all(connection)

        tick = threading.Event()
        with harness.Peer(finish_first) as peer:
            command = tool("socksend", peer.host, peer.port)
            with subprocess.Popen(command, stdin=subprocess.PIPE) as sender:
                for number in range(6):
                    sender.stdin.write(b"%d" % number)
                    sender.stdin.flush()
                    tick.wait(0.4)
                sender.stdin.close()
                self.assertEqual(sender.wait(harness.LIMIT), 0)
        self.assertEqual(peer.result, b"012345")


class Bulk(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.whole, cls.expected = cls.random_file(SIZE)
        cls.part, cls.expected_part = cls.random_file(PART)

    @classmethod
    def random_file(cls, size):
        """A file, and what digest() says of it."""
        file = tempfile.NamedTemporaryFile(dir=MEMORY)
        cls.addClassCleanup(file.close)
        made = hashlib.blake2b()
        for _ in range(size >> 25):
            block = os.urandom(1 << 25)
            made.update(block)
            file.write(block)
        file.flush()
        return file, (size, made.hexdigest())

    def test_a_file_goes_there_and_back(self):
        with Listener("--echo", "--discard", "--once", "127.0.0.1:0") as listener:
            command = tool("socksend", "127.0.0.1", listener.port(), "--file", self.whole.name)
            with subprocess.Popen(command, stdout=subprocess.PIPE) as sender:
                self.addCleanup(sender.kill)
                self.assertEqual(digest(sender.stdout), self.expected)
                self.assertEqual(sender.wait(PATIENCE), 0)
            self.assertEqual(listener.process.wait(PATIENCE), 0)

    def test_a_pipe_goes_to_a_pipe(self):
        with Listener("--once", "127.0.0.1:0", stdout=subprocess.PIPE) as listener:
            command = tool("socksend", "127.0.0.1", listener.port())
            with subprocess.Popen(command, stdin=subprocess.PIPE) as sender:
                self.addCleanup(sender.kill)
                feeding = threading.Thread(target=self.feed, args=[sender.stdin])
                feeding.start()
                self.assertEqual(digest(listener.process.stdout), self.expected_part)
                feeding.join(PATIENCE)
                self.assertEqual(sender.wait(PATIENCE), 0)
            self.assertEqual(listener.process.wait(PATIENCE), 0)
            listener.process.stdout.close()

    def feed(self, pipe):
        with pipe, open(self.part.name, "rb") as source:
            while part := source.read(1 << 20):
                pipe.write(part)

    def test_redirected_input_goes_to_a_file(self):
        with tempfile.NamedTemporaryFile(dir=MEMORY) as taken:
            with Listener("--once", "--output", taken.name, "127.0.0.1:0") as listener:
                command = tool("socksend", "127.0.0.1", listener.port())
                with open(self.part.name, "rb") as source:
                    done = subprocess.run(command, stdin=source, timeout=PATIENCE)
                self.assertEqual(done.returncode, 0)
                self.assertEqual(listener.process.wait(PATIENCE), 0)
            self.assertEqual(digest(taken), self.expected_part)


    def test_two_clients_are_appended_to_a_file(self):
        part = 1 << 25
        with tempfile.NamedTemporaryFile(dir=MEMORY) as taken:
            taken.write(b"before")
            taken.flush()
            with open(taken.name, "ab") as behind:
                with Listener("--count", "2", "127.0.0.1:0", stdout=behind) as listener:
                    clients = [harness.connect(listener.port()) for _ in range(2)]
                    data = [bytes([65 + i]) * part for i in range(2)]
                    sending = [threading.Thread(target=c.sendall, args=[d]) for c, d in zip(clients, data)]
                    for thread in sending:
                        thread.start()
                    for thread, client in zip(sending, clients):
                        thread.join(PATIENCE)
                        client.close()
                    self.assertEqual(listener.process.wait(PATIENCE), 0)
            taken.seek(0)
            content = taken.read()
        self.assertEqual(content[:6], b"before")
        self.assertEqual([content.count(letter) for letter in (b"A", b"B")], [part, part])
        self.assertEqual(len(content), 6 + 2 * part)

    def test_a_reader_that_goes_ends_it_with_a_message(self):
        with Listener("127.0.0.1:0", stdout=subprocess.PIPE) as listener:
            with harness.connect(listener.port()) as client:
                sending = threading.Thread(target=self.send_until_refused, args=[client])
                sending.start()
                self.assertEqual(len(listener.process.stdout.read(1 << 22)), 1 << 22)
                listener.process.stdout.close()
                self.assertEqual(listener.wait(), 1)
                sending.join(PATIENCE)
                listener.expect("socklisten: standard output: cannot be written")

    def send_until_refused(self, client):
        try:
            while True:
                client.sendall(bytes(1 << 20))
        except OSError:
            pass


if __name__ == "__main__":
    harness.main()
