# SPDX-License-Identifier: MIT
"""What socksend sends, when, from where, and what it tells about it."""

import json
import os
import re
import socket
import subprocess
import tempfile
import threading
import unittest

import harness
from harness import Listener, Peer, read_all, run, tool


class Sources(unittest.TestCase):
    def sent(self, *arguments, **options):
        with Peer(read_all) as peer:
            done = run("socksend", f"127.0.0.1:{peer.port}", *arguments, **options)
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        return peer.result

    def test_hexadecimal_digits_are_bytes(self):
        self.assertEqual(self.sent("--hex", "00 ff:0d0a"), b"\x00\xff\r\n")

    def test_zeros_and_random_bytes_have_their_size(self):
        self.assertEqual(self.sent("--zero", "300k"), bytes(300_000))
        one, two = self.sent("--random", "300k"), self.sent("--random", "300k")
        self.assertEqual((len(one), len(two)), (300_000, 300_000))
        self.assertNotEqual(one, two)

    def test_a_message_is_repeated(self):
        self.assertEqual(self.sent("--message", "again ", "--repeat", "3"), b"again again again ")

    def test_a_file_is_repeated(self):
        data = os.urandom(300_000)
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "file")
            with open(path, "wb") as file:
                file.write(data)
            self.assertTrue(self.sent("--file", path, "--repeat", "2") == data * 2)

    def test_a_rate_and_an_interval_lose_nothing(self):
        data = os.urandom(30_000)
        self.assertTrue(self.sent("--rate", "200k", input=data) == data)
        lines = b"a\nb\nc\nlast"
        self.assertEqual(self.sent("--lines", "--interval", "0.05", "--delay", "0.05", input=lines), lines)

    def test_much_arrives_as_it_is(self):
        data = os.urandom(1 << 20) * 64
        self.assertTrue(self.sent(input=data) == data)


class Datagrams(unittest.TestCase):
    def heard(self, count, *arguments, **options):
        with harness.datagram_socket() as here:
            port = here.getsockname()[1]
            done = run("socksend", f"udp://127.0.0.1:{port}", *arguments, **options)
            self.assertEqual((done.returncode, done.stderr), (0, ""))
            return [here.recv(65535) for _ in range(count)]

    def test_have_the_size_that_is_asked_for(self):
        self.assertEqual(self.heard(3, "--size", "4", input=b"0123456789"), [b"0123", b"4567", b"89"])
        self.assertEqual(self.heard(2, "--zero", "2000"), [bytes(1400), bytes(600)])

    def test_may_be_lines_of_a_message(self):
        self.assertEqual(self.heard(2, "--lines", "--message", "a\nb"), [b"a", b"b"])

    def test_may_be_what_there_is_to_read(self):
        self.assertEqual(self.heard(1, "--blocks", input=b"one\ntwo\n"), [b"one\ntwo\n"])

    def test_are_repeated_at_a_rate(self):
        arguments = ("--message", "x", "--repeat", "20", "--rate", "200")
        self.assertEqual(self.heard(20, *arguments), [b"x"] * 20)

    def test_reach_a_group_and_anybody_may_answer(self):
        arguments = ("--udp", "--multicast", "239.255.77.2", "--reply", "here", "0.0.0.0:0")
        with Listener(*arguments) as listener:
            peer = f"udp://239.255.77.2:{listener.port()}"
            done = run("socksend", peer, "--message", "who?", "--wait", "1", "--ttl", "1")
            if done.returncode and "unreachable" in done.stderr:
                self.skipTest("this host has no way to groups")
            self.assertEqual((done.returncode, done.stdout), (0, b"here"), done.stderr)


class Connections(unittest.TestCase):
    def test_addresses_are_taken_as_people_type_them(self):
        with Listener("--echo", "0") as listener:
            port = listener.port()
            peers = [("localhost", port), (f"localhost:{port}",), (f"tcp://127.0.0.1:{port}/",)]
            if harness.has_ipv6():
                peers += [("::1", port), (f"[::1]:{port}",), ("-6", f"tcp://[::1]:{port}")]
            for peer in peers:
                done = run("socksend", *peer, "--message", "x")
                self.assertEqual((done.returncode, done.stdout), (0, b"x"), (peer, done.stderr))

    def test_the_source_can_be_chosen(self):
        with socket.socket() as held:
            held.bind(("127.0.0.1", 0))
            port = held.getsockname()[1]
        with Peer(lambda connection: connection.getpeername()) as peer:
            where = ("127.0.0.1", peer.port, "--source", "127.0.0.1", "--source-port", port)
            done = run("socksend", *where, "--message", "")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(peer.result, ("127.0.0.1", port))

    def test_wait_limits_how_long_the_answer_may_take(self):
        def answer_and_stay(connection):
            connection.sendall(b"so far")
            read_all(connection)
            released.wait(harness.LIMIT)

        released = threading.Event()
        with Peer(answer_and_stay) as peer:
            done = run("socksend", "127.0.0.1", peer.port, "--message", "?", "--wait", "1")
            released.set()
        self.assertEqual((done.returncode, done.stdout), (0, b"so far"))

    def test_an_interval_goes_on_after_the_peer_has_finished(self):
        def finish_and_listen(connection):
            connection.shutdown(socket.SHUT_WR)
            return read_all(connection)

        # The interval is longer than socksend waits for a quiet pipe.
        with Peer(finish_and_listen) as peer:
            arguments = ("127.0.0.1", peer.port, "--lines", "--interval", "1.2")
            done = run("socksend", *arguments, input=b"a\nb\nc\n")
        self.assertEqual((done.returncode, done.stderr, peer.result), (0, "", b"a\nb\nc\n"))

    def test_no_shutdown_leaves_the_peer_waiting_for_more(self):
        def answer_early(connection):
            question = connection.recv(100)
            connection.settimeout(0.2)
            try:
                return question, connection.recv(100)
            except TimeoutError:
                return question, "more may come"

        with Peer(answer_early) as peer:
            run("socksend", "127.0.0.1", peer.port, "--message", "?", "--no-shutdown")
        self.assertEqual(peer.result, (b"?", "more may come"))

    def test_linger_0_ends_with_a_reset(self):
        def wait_for_reset(connection):
            try:
                connection.recv(100)
                return connection.recv(100)
            except ConnectionResetError:
                return "reset"

        with Peer(wait_for_reset) as peer:
            arguments = ("--message", "?", "--no-shutdown", "--wait", "0.2", "--linger", "0")
            run("socksend", "127.0.0.1", peer.port, *arguments)
        self.assertEqual(peer.result, "reset")

    def test_options_of_the_socket_are_taken(self):
        options = "--no-delay --keep-alive 30 --ttl 9 --send-buffer 64Ki --receive-buffer 64Ki".split()
        with Peer(read_all) as peer:
            done = run("socksend", "127.0.0.1", peer.port, "--message", "x", *options)
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        self.assertEqual(peer.result, b"x")

    def test_retries_reach_a_listener_that_comes_late(self):
        held, port = harness.closed_port()
        with held:
            process = subprocess.Popen(
                tool("socksend", "127.0.0.1", port, "--message", "late", "--retries", "20", "-v"),
                stdin=subprocess.DEVNULL,
                stderr=subprocess.PIPE,
            )
            for line in process.stderr:
                if b"tries again" in line:
                    break
            held.listen()
            held.settimeout(harness.LIMIT)
            connection, _ = held.accept()
            with connection:
                connection.settimeout(harness.LIMIT)
                self.assertEqual(read_all(connection), b"late")
            process.stderr.read()
            self.assertEqual(process.wait(harness.LIMIT), 0)
            process.stderr.close()

    def test_connect_only_tells_which_ports_are_open(self):
        with socket.create_server(("127.0.0.1", 0)) as listener:
            port = listener.getsockname()[1]
            done = run("socksend", "127.0.0.1", port, "--connect-only")
            self.assertEqual((done.returncode, done.stdout.decode().splitlines()), (0, [f"127.0.0.1:{port} open"]))
            first, last = max(port - 40, 1), min(port + 40, 65535)
            done = run("socksend", "127.0.0.1", f"{first}-{last}", "--connect-only", "--json")
            self.assertEqual(done.returncode, 0)
            told = [json.loads(line) for line in done.stdout.splitlines()]
            self.assertEqual([one["peer"] for one in told], [f"127.0.0.1:{p}" for p in range(first, last + 1)])
            states = {one["peer"]: one["state"] for one in told}
            self.assertEqual(states[f"127.0.0.1:{port}"], "open")
        held, port = harness.closed_port()
        with held:
            done = run("socksend", "127.0.0.1", port, "--connect-only")
        self.assertEqual((done.returncode, done.stdout.decode().split()), (1, [f"127.0.0.1:{port}", "refused"]))


class Telling(unittest.TestCase):
    def test_hexdump_shows_both_directions(self):
        with Peer(lambda connection: (read_all(connection), connection.sendall(b"\x00!"))) as peer:
            done = run("socksend", "127.0.0.1", peer.port, "--message", "hi", "--hexdump")
        rows = ["> 00000000  68 69" + " " * 45 + "|hi|", "< 00000000  00 21" + " " * 45 + "|.!|"]
        self.assertEqual(done.stdout.decode().splitlines(), rows)

    def test_verbose_tells_each_step(self):
        with Peer(lambda connection: (read_all(connection), connection.sendall(b"ok"))) as peer:
            done = run("socksend", "127.0.0.1", peer.port, "--message", "hi", "-v")
        ms = r"\d+\.\d{3} ms"
        here = r"127\.0\.0\.1:\d+"
        patterns = [
            rf"resolved in {ms}: 127\.0\.0\.1",
            rf"connected in {ms}: {here} to 127\.0\.0\.1:{peer.port}",
            rf"first byte after {ms}",
            rf"sent 2 bytes, received 2 bytes in {ms}",
        ]
        for line, pattern in zip(done.stderr.splitlines(), patterns, strict=True):
            self.assertRegex(line, f"^{pattern}$")

    def test_json_sums_up(self):
        with Peer(lambda connection: (read_all(connection), connection.sendall(b"answer"))) as peer:
            done = run("socksend", "127.0.0.1", peer.port, "--message", "hi", "--json")
        told = json.loads(done.stderr)
        for name in "resolve_seconds", "connect_seconds", "first_byte_seconds", "seconds":
            self.assertIs(type(told.pop(name)), float)
        self.assertRegex(told.pop("local"), r"^127\.0\.0\.1:\d+$")
        expected = {"event": "summary", "ok": True, "transport": "tcp"}
        expected |= {"peer": f"127.0.0.1:{peer.port}", "sent": 2, "received": 6}
        self.assertEqual(told, expected)
        held, port = harness.closed_port()
        with held:
            done = run("socksend", "127.0.0.1", port, "--message", "hi", "--json")
        self.assertFalse(json.loads(done.stderr.splitlines()[-1])["ok"])

    def test_mistakes_are_named(self):
        for complaint, *arguments in [
            ('--hex "4": must be pairs', "h", "7", "--hex", "4"),
            ('--linger "5": must be 0', "h", "7", "--linger", "5"),
            ("a range of ports needs --connect-only", "h", "7-9"),
            ('ports "9-7": the first must not be greater', "h", "9-7", "--connect-only"),
            ('--repeat "0": must be at least 1', "h", "7", "--repeat", "0"),
            ("--repeat needs ", "h", "7", "--repeat", "2"),
            ('port "8": h:7 has one already', "h:7", "8"),
            ('--ttl "0": must be at least 1', "h", "7", "--ttl", "0"),
            ('scheme "http": must be tcp or udp', "http://h:7"),
        ]:
            done = run("socksend", *arguments)
            self.assertEqual(done.returncode, 2, done.stderr)
            self.assertRegex(done.stderr, "^socksend: " + re.escape(complaint))


if __name__ == "__main__":
    harness.main()
