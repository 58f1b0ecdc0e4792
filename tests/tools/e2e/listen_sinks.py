# SPDX-License-Identifier: MIT
"""What becomes of what comes to socklisten: bytes, lines, files, events."""

import os
import re
import socket
import tempfile
import unittest

import harness
from harness import Listener, connect, read_all, run
from harness.schema import Schema

TIME = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z"


def talk(port, data, host="127.0.0.1"):
    """Sends, finishes, and returns the answer."""
    with connect(port, host) as client:
        client.sendall(data)
        client.shutdown(socket.SHUT_WR)
        return read_all(client)


class Sinks(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = folder.name

    def path(self, name):
        return os.path.join(self.folder, name)

    def read(self, name):
        with open(self.path(name), "rb") as file:
            return file.read()

    def test_discard_prints_nothing_and_still_echoes(self):
        with Listener("--discard", "--echo", "--once", "127.0.0.1:0") as listener:
            self.assertEqual(talk(listener.port(), b"there and back"), b"there and back")
            self.assertEqual(listener.wait(), 0)
            self.assertEqual(listener.output(), b"")

    def test_output_goes_to_a_file_of_any_name(self):
        data = os.urandom(1 << 20)
        with Listener("--once", "--output", self.path("grüße 世界"), "127.0.0.1:0") as listener:
            talk(listener.port(), data)
            self.assertEqual(listener.wait(), 0)
            self.assertEqual(listener.output(), b"")
        self.assertTrue(self.read("grüße 世界") == data)

    def test_each_client_has_a_file_of_its_own(self):
        folder = self.path("new folder")
        with Listener("--count", "3", "--output-dir", folder, "127.0.0.1:0") as listener:
            for text in b"one", b"", b"three":
                talk(listener.port(), text)
            self.assertEqual(listener.wait(), 0)
        self.assertEqual(sorted(os.listdir(folder)), ["1-127.0.0.1", "2-127.0.0.1", "3-127.0.0.1"])
        self.assertEqual(self.read("new folder/1-127.0.0.1"), b"one")
        self.assertEqual(self.read("new folder/2-127.0.0.1"), b"")
        self.assertEqual(self.read("new folder/3-127.0.0.1"), b"three")

    def test_file_names_cannot_leave_the_folder(self):
        with Listener(
            "--once", "--output-dir", self.folder, "--name", "../%n:%p", "127.0.0.1:0"
        ) as listener:
            with connect(listener.port()) as client:
                port = client.getsockname()[1]
                client.sendall(b"x")
            self.assertEqual(listener.wait(), 0)
        self.assertEqual(os.listdir(self.folder), [f".._1_{port}"])

    def test_a_folder_that_cannot_be_made_is_named(self):
        with open(self.path("file"), "wb"):
            pass
        done = run("socklisten", "--output-dir", self.path("file"), "127.0.0.1:0")
        self.assertEqual(done.returncode, 1)
        self.assertIn("cannot be written", done.stderr)

    @harness.needs_file("/dev/full")
    def test_a_full_disk_is_named(self):
        with Listener("--output", "/dev/full", "127.0.0.1:0") as listener:
            with connect(listener.port()) as client:
                client.sendall(b"x")
                self.assertEqual(listener.wait(), 1)
            listener.expect("socklisten: /dev/full: cannot be written")

    def test_labelled_lines_stay_whole(self):
        with Listener("--label", "--count", "2", "127.0.0.1:0") as listener:
            with connect(listener.port()) as a, connect(listener.port()) as b:
                names = ["%s:%d" % client.getsockname() for client in (a, b)]
                a.sendall(b"first ")
                b.sendall(b"all of it\nno end")
                listener.expect(".* connected", 2)
                a.sendall(b"half\n")
                a.shutdown(socket.SHUT_WR)
                read_all(a)
            self.assertEqual(listener.wait(), 0)
            lines = listener.output().decode().splitlines()
        texts = [re.fullmatch(rf"{TIME} (\S+) (.*)", line).groups() for line in lines]
        self.assertEqual(
            sorted(texts),
            sorted([(names[0], "first half"), (names[1], "all of it"), (names[1], "no end")]),
        )

    def test_hexdump_shows_both_directions(self):
        with Listener("--hexdump", "--echo", "--once", "127.0.0.1:0") as listener:
            with connect(listener.port()) as client:
                name = "%s:%d" % client.getsockname()
                client.sendall(b"hello\x00\xff")
                self.assertEqual(client.recv(7, socket.MSG_WAITALL), b"hello\x00\xff")
                client.sendall(b"0123456789abcdefg")
                client.recv(17, socket.MSG_WAITALL)
            self.assertEqual(listener.wait(), 0)
            rows = [
                "00000000  68 65 6c 6c 6f 00 ff" + " " * 30 + "|hello..|",
                "00000007  30 31 32 33 34 35 36 37  38 39 61 62 63 64 65 66  |0123456789abcdef|",
                "00000017  67" + " " * 48 + "|g|",
            ]
            expected = [f"{name} {way} {row}" for part in (rows[:1], rows[1:]) for way in "<>" for row in part]
            self.assertEqual(listener.output().decode().splitlines(), expected)

    def test_quiet_says_nothing_but_complaints(self):
        ready = self.path("ready")
        with Listener(
            "--quiet", "--once", "--ready-file", ready, "--print-port", "127.0.0.1:0"
        ) as listener:
            harness.wait_for_file(ready)
            found = re.fullmatch(rb"tcp 127\.0\.0\.1:(\d+)\r?\n", self.read("ready"))
            talk(int(found.group(1)), b"bytes")
            self.assertEqual(listener.wait(), 0)
            self.assertEqual(listener.output(), found.group(1) + b"\nbytes")
            self.assertEqual(listener.lines, [""])


class Events(unittest.TestCase):
    def test_tell_all_that_happens(self):
        with tempfile.TemporaryDirectory() as folder:
            ready = os.path.join(folder, "ready")
            with Listener(
                "--json",
                "--echo",
                *("--count", "3", "--statistics", "1000", "--ready-file", ready),
                *("tcp://127.0.0.1:0", "udp://127.0.0.1:0"),
            ) as listener:
                harness.wait_for_file(ready)
                with open(ready, encoding="utf-8") as file:
                    ports = [int(line.rsplit(":", 1)[1]) for line in file]
                talk(ports[0], "Grüße\n".encode())
                with harness.datagram_socket() as here:
                    here.sendto(b"\x00\xff", ("127.0.0.1", ports[1]))
                    self.assertEqual(here.recv(10), b"\x00\xff")
                talk(ports[0], b"")
                self.assertEqual(listener.wait(), 0)
                events = Schema("socklisten").events(listener.output())
        self.assertEqual(
            [event["event"] for event in events],
            ["listening", "listening", "connected", "received", "left", "datagram", "received"]
            + ["connected", "left", "statistics", "stopped"],
        )
        self.assertEqual(events[3]["text"], "Grüße\n")
        self.assertEqual(events[4]["reason"], "closed")
        self.assertEqual(events[4]["sent"], 8)
        self.assertEqual(events[6]["base64"], "AP8=")
        self.assertEqual(events[-1]["clients"], 2)
        self.assertEqual(events[-1]["datagrams"], 1)
        self.assertEqual(events[-1]["received"], 10)
        self.assertEqual(events[-1]["sent"], 10)


if __name__ == "__main__":
    harness.main()
