# SPDX-License-Identifier: MIT
"""socksend speaks with peers that are not ours."""

import os
import signal
import socket
import subprocess
import sys
import tempfile
import unittest

import harness
from harness import Peer, read_all, run, tool

MEBIBYTE = os.urandom(1 << 20)


class Stream(unittest.TestCase):
    def test_sends_input_as_it_is(self):
        with Peer(read_all) as peer:
            done = run("socksend", peer.host, peer.port, input=MEBIBYTE)
        self.assertEqual((done.returncode, done.stdout, done.stderr), (0, b"", ""))
        self.assertEqual(peer.result, MEBIBYTE)

    def test_prints_the_answer_as_it_is(self):
        def answer(connection):
            question = read_all(connection)
            connection.sendall(MEBIBYTE)
            return question

        with Peer(answer) as peer:
            done = run("socksend", peer.host, peer.port, "--message", "question")
        self.assertEqual((done.returncode, done.stdout), (0, MEBIBYTE))
        self.assertEqual(peer.result, b"question")

    def test_does_not_wait_for_the_end_of_the_input_to_send(self):
        with Peer(lambda connection: connection.sendall(connection.recv(100).upper())) as peer:
            with subprocess.Popen(
                tool("socksend", peer.host, peer.port),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
            ) as process:
                process.stdin.write(b"now")
                process.stdin.flush()
                self.assertEqual(process.stdout.read(3), b"NOW")
                # The peer is gone, and the input is still open.
                self.assertEqual(process.wait(harness.LIMIT), 0)

    def test_echo_of_much_does_not_deadlock(self):
        def echo(connection):
            while part := connection.recv(1 << 16):
                connection.sendall(part)

        everything = MEBIBYTE * 64
        with Peer(echo) as peer:
            done = run("socksend", peer.host, peer.port, input=everything)
        self.assertEqual(done.returncode, 0)
        self.assertTrue(done.stdout == everything)

    def test_loses_nothing_to_a_peer_that_finished_first(self):
        def finish_then_read(connection):
            connection.shutdown(socket.SHUT_WR)
            return read_all(connection)

        with Peer(finish_then_read) as peer:
            done = run("socksend", peer.host, peer.port, input=MEBIBYTE * 8)
        self.assertEqual(done.returncode, 0)
        self.assertTrue(peer.result == MEBIBYTE * 8)

    def test_takes_utf8(self):
        with Peer(read_all) as peer:
            run("socksend", peer.host, peer.port, "--message", "Grüße, 世界 🌍")
        self.assertEqual(peer.result.decode(), "Grüße, 世界 🌍")

    def test_sends_a_file_with_any_name(self):
        with tempfile.TemporaryDirectory() as folder, Peer(read_all) as peer:
            path = os.path.join(folder, "grüße 世界.bin")
            with open(path, "wb") as file:
                file.write(MEBIBYTE)
            done = run("socksend", peer.host, peer.port, "--file", path)
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        self.assertEqual(peer.result, MEBIBYTE)

    @harness.needs_ipv6
    def test_speaks_ipv6(self):
        for host in "::1", "[::1]":
            with Peer(read_all, socket.AF_INET6) as peer:
                done = run("socksend", host, peer.port, "--message", "six")
            self.assertEqual((done.returncode, peer.result), (0, b"six"))

    def test_prompts_and_connects_for_each_line(self):
        with socket.create_server(("127.0.0.1", 0)) as listener:
            listener.settimeout(harness.LIMIT)
            process = subprocess.Popen(
                tool("socksend", "--prompt", *listener.getsockname()),
                stdin=subprocess.PIPE,
                stderr=subprocess.PIPE,
            )
            for line in b"one\n", b"two words\n", b"three\n":
                process.stdin.write(line)
                process.stdin.flush()
                connection, _ = listener.accept()
                with connection:
                    connection.settimeout(harness.LIMIT)
                    self.assertEqual(read_all(connection), line)
            _, log = process.communicate(timeout=harness.LIMIT)
        self.assertEqual((process.returncode, log.decode()), (0, "> > > > "))

    def test_reports_a_reset_after_what_came_before(self):
        def answer_and_reset(connection):
            connection.sendall(b"before")
            harness.reset_on_close(connection)
            self.assertEqual(process.stdout.read(6), b"before")

        process = None
        with Peer(answer_and_reset) as peer:
            process = subprocess.Popen(
                tool("socksend", peer.host, peer.port),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
            )
            peer.thread.join(harness.LIMIT)
            self.assertEqual(process.wait(harness.LIMIT), 1)
            self.assertIn(b"connection reset", process.stderr.read())
            for pipe in process.stdin, process.stdout, process.stderr:
                pipe.close()

    @harness.needs_signals
    def test_ctrl_c_ends_it(self):
        with Peer(lambda connection: (connection.sendall(b"x"), read_all(connection))) as peer:
            process = subprocess.Popen(
                tool("socksend", peer.host, peer.port),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
            )
            self.assertEqual(process.stdout.read(1), b"x")
            process.send_signal(signal.SIGINT)
            self.assertEqual(process.wait(harness.LIMIT), 1)
            self.assertEqual(process.stderr.read(), b"socksend: interrupted\n")
            for pipe in process.stdin, process.stdout, process.stderr:
                pipe.close()


class Datagrams(unittest.TestCase):
    def setUp(self):
        self.peer = harness.datagram_socket()
        self.addCleanup(self.peer.close)
        self.port = self.peer.getsockname()[1]

    def send(self, *arguments, **options):
        return run("socksend", "--udp", "127.0.0.1", self.port, *arguments, **options)

    def test_of_no_bytes(self):
        self.assertEqual(self.send("--message", "").returncode, 0)
        self.assertEqual(self.peer.recv(65535), b"")

    def test_of_all_bytes_that_fit(self):
        most = os.urandom(65507)
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "most")
            with open(path, "wb") as file:
                file.write(most)
            self.assertEqual(self.send("--file", path).returncode, 0)
            self.assertEqual(self.peer.recv(65535), most)
            with open(path, "ab") as file:
                file.write(b"!")
            done = self.send("--file", path)
        self.assertEqual(done.returncode, 1)
        self.assertRegex(done.stderr, r"^socksend: 127.0.0.1:\d+: message too large")

    def test_are_the_lines_of_the_input(self):
        self.assertEqual(self.send(input=b"one\n\ntwo").returncode, 0)
        self.assertEqual([self.peer.recv(100) for _ in range(3)], [b"one", b"", b"two"])

    def test_are_answered(self):
        process = subprocess.Popen(
            tool("socksend", "--udp", "127.0.0.1", self.port, "--message", "?", "--wait", "60"),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
        )
        question, sender = self.peer.recvfrom(100)
        self.assertEqual(question, b"?")
        self.peer.sendto(b"answer", sender)
        self.assertEqual(process.stdout.read(6), b"answer")
        process.kill()
        process.communicate(timeout=harness.LIMIT)

    def test_to_nobody_are_no_failure(self):
        self.peer.close()
        self.assertEqual(self.send(input=b"one\ntwo\n").returncode, 0)


class Mistakes(unittest.TestCase):
    def check(self, code, complaint, *arguments):
        done = run("socksend", *arguments)
        self.assertEqual(done.returncode, code, done.stderr)
        self.assertRegex(done.stderr, "^socksend: " + complaint)

    def test_are_named(self):
        self.check(2, 'port "70000": must be 0 to 65535, ', "127.0.0.1", "70000")
        self.check(2, 'port "80x": must be 0 to 65535, ', "127.0.0.1", "80x")
        self.check(2, 'host "127.1": must be ', "127.1", "80")
        self.check(2, 'host "010.0.0.1": must be ', "010.0.0.1", "80")
        self.check(2, "PORT is required\n", "127.0.0.1")
        self.check(2, "no such file: cannot be read\n", "::1", "80", "--file", "no such file")

    def test_of_the_network_too(self):
        held, port = harness.closed_port()
        with held:
            refused = rf"127\.0\.0\.1:{port}: connection refused \(\w*ECONNREFUSED\)\n"
            self.check(1, refused, "127.0.0.1", port)
        self.check(1, "no-such-host.invalid:80: host not found", "no-such-host.invalid", "80")

    @harness.needs_file("/dev/full")
    def test_a_full_disk(self):
        with Peer(lambda connection: connection.sendall(b"x")) as peer:
            with open("/dev/full", "wb") as full:
                done = run("socksend", peer.host, peer.port, stdout=full)
        self.assertEqual(done.returncode, 1)
        self.assertEqual(done.stderr, "socksend: standard output: cannot be written\n")

    def test_a_reader_that_has_gone(self):
        def flood(connection):
            try:
                while True:
                    connection.sendall(MEBIBYTE)
            except OSError:
                return "told"

        with Peer(flood) as peer:
            process = subprocess.Popen(
                tool("socksend", peer.host, peer.port, "--message", ""),
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
            )
            self.assertEqual(process.stdout.read(10), MEBIBYTE[:10])
            process.stdout.close()
            self.assertEqual(process.wait(harness.LIMIT), 1)
            self.assertIn(b"socksend: standard output: cannot be written", process.stderr.read())
            process.stderr.close()
        self.assertEqual(peer.result, "told")


if __name__ == "__main__":
    harness.main()
