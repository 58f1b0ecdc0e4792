# SPDX-License-Identifier: MIT
"""Sockets inside this host: unix:PATH and unix-dgram:PATH, with themselves and with other programs."""

import json
import os
import re
import socket
import subprocess
import tempfile
import threading
import unittest

import harness
from harness import Listener, connect, read_all, run, tool

MEBIBYTE = os.urandom(1 << 20)


@harness.needs_local("unix")
class Local(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = folder.name
        self.path = os.path.join(folder.name, "socket")

    def connect(self):
        made = socket.socket(socket.AF_UNIX)
        made.settimeout(harness.LIMIT)
        made.connect(self.path)
        self.addCleanup(made.close)
        return made

    def listening(self, listener, scheme="unix"):
        listener.expect(rf"listening on {scheme}:{re.escape(self.path)}")

    # --- streams

    def test_bytes_go_both_ways(self):
        with Listener("--echo", "--once", f"unix:{self.path}") as listener:
            self.listening(listener)
            done = run("socksend", f"unix:{self.path}", input=MEBIBYTE)
            self.assertEqual((done.returncode, done.stderr), (0, ""))
            self.assertTrue(done.stdout == MEBIBYTE)
            self.assertEqual(listener.wait(), 0)
            listener.expect(r"process \d+ connected")
            listener.expect(rf"process \d+ closed, {1 << 20} bytes")

    @harness.needs_signals
    def test_the_file_goes_with_its_listener(self):
        with Listener(f"unix:{self.path}") as listener:
            self.listening(listener)
            self.assertTrue(os.path.exists(self.path))
            self.assertEqual(os.stat(self.path).st_mode & 0o077, 0)
            self.assertEqual(listener.interrupt(), 0)
        self.assertEqual(os.listdir(self.folder), [])

    def test_a_file_that_was_left_behind_is_replaced(self):
        left = socket.socket(socket.AF_UNIX)
        left.bind(self.path)
        left.listen()
        left.close()
        with Listener("--once", f"unix:{self.path}") as listener:
            self.listening(listener)
            self.connect().close()
            self.assertEqual(listener.wait(), 0)

    def test_a_path_that_is_taken_is_not(self):
        with Listener(f"unix:{self.path}") as listener:
            self.listening(listener)
            done = run("socklisten", f"unix:{self.path}")
            self.assertEqual(done.returncode, 1)
            self.assertIn(f"socklisten: unix:{self.path}: address in use", done.stderr)
        file = os.path.join(self.folder, "file")
        with open(file, "w", encoding="ascii") as made:
            made.write("precious")
        self.assertEqual(run("socklisten", f"unix:{file}").returncode, 1)
        with open(file, encoding="ascii") as kept:
            self.assertEqual(kept.read(), "precious")

    @unittest.skipIf(not hasattr(os, "geteuid") or os.geteuid() != 0, "only root can become another user")
    def test_others_may_connect_if_they_are_let_in(self):
        os.chmod(self.folder, 0o755)
        command = ["setpriv", "--reuid=65534", "--clear-groups", *tool("socksend", f"unix:{self.path}", "--message", "x")]
        if subprocess.run(["setpriv", "--reuid=65534", "test", "-x", command[3]], check=False).returncode != 0:
            self.skipTest("another user cannot run the tools from here")
        for everyone, code in ((), 1), (("--everyone",), 0):
            with Listener(*everyone, f"unix:{self.path}") as listener:
                self.listening(listener)
                done = subprocess.run(command, capture_output=True, timeout=harness.LIMIT)
                self.assertEqual(done.returncode, code, done.stderr)
                if code != 0:
                    self.assertIn(b"access denied", done.stderr)

    def test_nobody_listens(self):
        done = run("socksend", f"unix:{self.path}", "--message", "x")
        self.assertEqual(done.returncode, 1)
        self.assertIn(f"socksend: unix:{self.path}: connection refused", done.stderr)
        done = run("socksend", f"unix:{self.path}", "--connect-only")
        self.assertEqual((done.returncode, done.stdout), (1, f"unix:{self.path} refused\n".encode()))
        with Listener(f"unix:{self.path}") as listener:
            self.listening(listener)
            done = run("socksend", f"unix:{self.path}", "--connect-only")
            self.assertEqual((done.returncode, done.stdout), (0, f"unix:{self.path} open\n".encode()))

    def test_half_close_lets_the_answer_come(self):
        with Listener("--reply", "bye", "--once", f"unix:{self.path}") as listener:
            self.listening(listener)
            client = self.connect()
            client.sendall(b"hello")
            client.shutdown(socket.SHUT_WR)
            self.assertEqual(read_all(client), b"bye")
            self.assertEqual(listener.wait(), 0)
            listener.expect_output(b"hello")

    @harness.needs_signals
    @harness.needs_local("unix-dgram")
    def test_networks_and_paths_are_served_at_once(self):
        datagrams = os.path.join(self.folder, "datagrams")
        addresses = ["127.0.0.1:0", "udp://127.0.0.1:0", f"unix:{self.path}", f"unix-dgram:{datagrams}"]
        with Listener("--chat", "--deny", "10.0.0.0/8", *addresses) as listener:
            self.listening(listener)
            tcp = int(listener.expect(r"listening on tcp://127\.0\.0\.1:(\d+)")[0][1])
            udp = int(listener.expect(r"listening on udp://127\.0\.0\.1:(\d+)")[0][1])
            inside, outside = self.connect(), connect(tcp)
            self.addCleanup(outside.close)
            listener.expect(".* connected", 2)
            one = harness.datagram_socket()
            self.addCleanup(one.close)
            one.sendto(b"from udp\n", ("127.0.0.1", udp))
            for hears in inside, outside:
                self.assertEqual(hears.recv(9, socket.MSG_WAITALL), b"from udp\n")
            two = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
            self.addCleanup(two.close)
            two.bind(os.path.join(self.folder, "two"))
            two.settimeout(harness.LIMIT)
            two.sendto(b"from path", datagrams)
            self.assertEqual(inside.recv(9, socket.MSG_WAITALL), b"from path")
            self.assertEqual(outside.recv(9, socket.MSG_WAITALL), b"from path")
            self.assertEqual(one.recv(99), b"from path")
            outside.sendall(b"from tcp!")
            self.assertEqual(inside.recv(9, socket.MSG_WAITALL), b"from tcp!")
            self.assertEqual(two.recv(99), b"from tcp!")
            self.assertEqual(listener.interrupt(), 0)
            self.assertEqual(sorted(os.listdir(self.folder)), ["two"])

    def test_events_and_files_have_names_for_local_clients(self):
        folder = os.path.join(self.folder, "files")
        with Listener("--json", "--once", "--output-dir", folder, f"unix:{self.path}") as listener:
            run("socksend", f"unix:{self.path}", "--retries", "5", "--message", "hello")
            self.assertEqual(listener.wait(), 0)
            events = [json.loads(line) for line in listener.output().splitlines()]
        came = next(event for event in events if event["event"] == "connected")
        self.assertEqual((came["transport"], came["local"]), ("unix", self.path))
        self.assertRegex(came["peer"], r"process \d+")
        self.assertRegex(" ".join(os.listdir(folder)), r"^1-process_\d+$")

    def test_abstract_names_are_no_files(self):
        name = f"@portsock-{os.getpid()}"
        if run("socksend", f"unix:{name}", "--message", "x").returncode == 2:
            self.skipTest("this host has no such names")
        with Listener("--once", f"unix:{name}") as listener:
            listener.expect(f"listening on unix:{name}")
            self.assertEqual(run("socksend", f"unix:{name}", "--message", "hello").returncode, 0)
            self.assertEqual(listener.wait(), 0)
            listener.expect_output(b"hello")

    # --- datagrams

    @harness.needs_signals
    @harness.needs_local("unix-dgram")
    def test_datagrams_come_whole_and_are_answered(self):
        mine = os.path.join(self.folder, "mine")
        with Listener("--udp", "--echo", f"unix:{self.path}") as listener:
            self.listening(listener, "unix-dgram")
            words = ["--source-path", mine, "--wait", "0.5", f"unix-dgram:{self.path}"]
            done = run("socksend", *words, input=b"one\ntwo\n")
            self.assertEqual((done.returncode, done.stdout, done.stderr), (0, b"onetwo", ""))
            listener.expect(rf"{re.escape(mine)} 3 bytes", 2)
            self.assertFalse(os.path.exists(mine))
            self.assertEqual(listener.interrupt(), 0)
            self.assertEqual(os.listdir(self.folder), [])

    @harness.needs_local("unix-dgram")
    def test_who_has_no_address_is_not_answered(self):
        with Listener("--echo", "--once", f"unix-dgram:{self.path}") as listener:
            self.listening(listener, "unix-dgram")
            self.assertEqual(run("socksend", f"unix-dgram:{self.path}", "--message", "x").returncode, 0)
            self.assertEqual(listener.wait(), 0)
            listener.expect(r"\(unnamed\) not answered: address not available.*")

    @harness.needs_local("unix-dgram")
    def test_a_receiver_that_is_slow_loses_nothing(self):
        receiver = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.addCleanup(receiver.close)
        receiver.bind(self.path)
        receiver.settimeout(harness.LIMIT)
        lines = [f"line {i}".encode() for i in range(2000)]
        got = []
        taker = threading.Thread(target=lambda: got.extend(receiver.recv(99) for _ in lines))
        sender = subprocess.Popen(tool("socksend", f"unix-dgram:{self.path}"), stdin=subprocess.PIPE)
        sender.stdin.write(b"\n".join(lines))
        sender.stdin.close()
        taker.start()
        self.assertEqual(sender.wait(harness.LIMIT), 0)
        taker.join(harness.LIMIT)
        self.assertEqual(got, lines)

    # --- with others

    @harness.needs_program("socat")
    def test_socat(self):
        with Listener("--echo", f"unix:{self.path}") as listener:
            self.listening(listener)
            done = subprocess.run(
                ["socat", "-t", "20", "-", f"UNIX-CONNECT:{self.path}"],
                input=MEBIBYTE, stdout=subprocess.PIPE, timeout=harness.LIMIT,
            )
            self.assertTrue(done.stdout == MEBIBYTE)
        path = os.path.join(self.folder, "other")
        command = ["socat", "-u", f"UNIX-LISTEN:{path}", "STDOUT"]
        with tempfile.TemporaryFile() as taken, subprocess.Popen(command, stdout=taken) as server:
            harness.wait_for_file(path)
            done = run("socksend", f"unix:{path}", "--retries", "5", input=MEBIBYTE)
            self.assertEqual((done.returncode, done.stderr), (0, ""))
            self.assertEqual(server.wait(harness.LIMIT), 0)
            taken.seek(0)
            self.assertTrue(taken.read() == MEBIBYTE)

    @harness.needs_program("nc.openbsd")
    def test_nc(self):
        with Listener("--echo", f"unix:{self.path}") as listener:
            self.listening(listener)
            done = subprocess.run(
                ["nc.openbsd", "-N", "-U", self.path],
                input=MEBIBYTE, stdout=subprocess.PIPE, timeout=harness.LIMIT,
            )
            self.assertTrue(done.stdout == MEBIBYTE)

    # --- what is refused

    def test_what_is_of_networks_alone_is_refused(self):
        for words in (
            ["--ttl", "3"], ["-4"], ["--source-port", "9"], ["--linger", "0"], ["80"], ["--udp", "--wait", "1"],
        ):
            done = run("socksend", f"unix:{self.path}", *words, "--message", "x")
            self.assertEqual(done.returncode, 2, words)
        self.assertEqual(run("socklisten", "--share", f"unix:{self.path}").returncode, 2)
        done = run("socklisten", f"unix:{'x' * 200}")
        self.assertEqual(done.returncode, 2)
        self.assertIn("must be unix:PATH of at most", done.stderr)


if __name__ == "__main__":
    harness.main()
