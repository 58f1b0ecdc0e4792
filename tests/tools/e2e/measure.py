# SPDX-License-Identifier: MIT
"""Measuring, as a user does it, and with ends of another kind."""

import os
import socket
import subprocess
import tempfile
import unittest
import xml.etree.ElementTree

import harness
from harness import Listener, Peer, run
from harness.schema import Schema

REFUSAL = b"This port takes measurements alone: socksend --measure HOST PORT\n"
QUICK = ("--measure", "--time", "0.5", "--interval", "0.2")


def listener(*arguments):
    return Listener("--measure", *arguments, "127.0.0.1:0")


class Measure(unittest.TestCase):
    def events(self, *arguments):
        """What socksend prints as JSON, as its schema allows it."""
        with listener() as there:
            done = run("socksend", "127.0.0.1", there.port(), *QUICK, "--json", *arguments)
        self.assertEqual(done.returncode, 0, done.stderr)
        return Schema("socksend").events(done.stdout)

    def test_tells_a_stream_in_json(self):
        *intervals, summary = self.events("--parallel", "2")
        self.assertEqual({event["event"] for event in intervals}, {"interval"})
        self.assertEqual((summary["event"], summary["transport"]), ("summary", "tcp"))
        self.assertEqual((summary["direction"], summary["streams"]), ("forward", 2))
        self.assertEqual(sum(event["bytes"] for event in intervals), summary["bytes"])

    def test_tells_datagrams_in_json(self):
        *intervals, summary = self.events("--udp", "--size", "100", "--rate", "1000")
        self.assertEqual(sum(event["datagrams"] for event in intervals), summary["datagrams"])
        self.assertEqual(summary["datagrams"] + summary["lost"], summary["datagrams_sent"])
        self.assertEqual(summary["bytes"], 100 * summary["datagrams"])

    def test_tells_datagrams_of_the_other_end_in_json(self):
        words = ("--udp", "--reverse", "--size", "100", "--rate", "1000", "--parallel", "2")
        *_, summary = self.events(*words)
        self.assertEqual((summary["transport"], summary["direction"]), ("udp", "reverse"))
        self.assertEqual(summary["datagrams"] + summary["lost"], summary["datagrams_sent"])
        self.assertEqual(summary["bytes"], 100 * summary["datagrams"])

    def test_both_ends_tell_the_same_of_datagrams(self):
        for more in (), ("--reverse",):
            with listener("--json", "--once") as there:
                words = ("--udp", "--rate", "1000", "--json", *more)
                done = run("socksend", "127.0.0.1", there.port(), *QUICK, *words)
                self.assertEqual(there.wait(), 0)
                here = Schema("socksend").events(done.stdout)[-1]
                self.assertEqual(Schema("socklisten").events(there.output())[-1]["result"], here)

    def test_draws_a_picture(self):
        with tempfile.TemporaryDirectory() as folder, listener() as there:
            path = os.path.join(folder, "way.svg")
            done = run("socksend", "127.0.0.1", there.port(), *QUICK, "--svg", path)
            self.assertEqual(done.returncode, 0, done.stderr)
            self.assertTrue(xml.etree.ElementTree.parse(path).getroot().tag.endswith("svg"))

    def test_the_server_ends_after_one_test(self):
        with listener("--once") as there:
            done = run("socksend", "127.0.0.1", there.port(), *QUICK, "--reverse", "--parallel", "2")
            self.assertEqual(done.returncode, 0, done.stderr)
            self.assertEqual(there.wait(), 0)

    @harness.needs_signals
    def test_the_server_ends_when_interrupted(self):
        with listener() as there:
            there.port()
            self.assertEqual(there.interrupt(), 0)


class ForeignClients(unittest.TestCase):
    """They are told what is here, in words."""

    def test_python(self):
        with listener() as there, harness.connect(there.port()) as client:
            client.sendall(b"GET / HTTP/1.0\r\n\r\n")
            self.assertEqual(harness.read_all(client), REFUSAL)

    def test_python_that_begins_like_one_of_ours(self):
        with listener() as there, harness.connect(there.port()) as client:
            client.sendall(b"sockmeas")
            client.shutdown(socket.SHUT_WR)
            self.assertEqual(harness.read_all(client), REFUSAL)

    def test_our_own_without_measure(self):
        with listener() as there:
            done = run("socksend", "127.0.0.1", there.port(), input=b"hello\n")
        self.assertEqual((done.returncode, done.stdout), (0, REFUSAL))

    @harness.needs_program("nc")
    def test_netcat(self):
        with listener() as there:
            done = subprocess.run(
                ["nc", "127.0.0.1", str(there.port())], input=b"hello\n", stdout=subprocess.PIPE,
                timeout=harness.LIMIT, check=False)
        self.assertEqual(done.stdout, REFUSAL)

    def test_measuring_goes_on_beside_them(self):
        with listener() as there, harness.connect(there.port()):  # says nothing
            done = run("socksend", "127.0.0.1", there.port(), *QUICK)
        self.assertEqual(done.returncode, 0, done.stderr)


@unittest.skipUnless(hasattr(os, "fork") and not harness.RUNNER, "limits of handles are POSIX' own")
class FewHandles(unittest.TestCase):
    def test_measuring_goes_on_when_there_are_none_left(self):
        limit = ["sh", "-c", 'ulimit -n 20; exec "$@"', "sh"]
        with Listener("--measure", "127.0.0.1:0", prefix=limit) as there:
            port = there.port()
            harness.connect(port).close()  # UBSan looks at a new type once, and wants handles for it
            there.expect(".* is no socksend --measure")
            silent = [harness.connect(port) for _ in range(32)]
            for client in silent:
                client.close()
            done = run("socksend", "127.0.0.1", port, *QUICK, "--timeout", "20")
            self.assertEqual(done.returncode, 0, [done.stderr, *there.lines])


class ForeignServers(unittest.TestCase):
    """socksend says that it is one, and ends."""

    def refused(self, port, *arguments):
        done = run("socksend", "127.0.0.1", port, *QUICK, *arguments)
        self.assertEqual(done.returncode, 1)
        self.assertEqual(done.stdout, b"")
        return done.stderr

    def test_python_that_answers(self):
        with Peer(lambda connection: connection.sendall(b"HTTP/1.0 400 Bad Request\r\n\r\n")) as peer:
            self.assertIn("speaks another protocol", self.refused(peer.port))

    def test_python_that_is_silent(self):
        with Peer(harness.read_all) as peer:
            self.assertIn("no answer to a request", self.refused(peer.port, "--timeout", "0.5"))

    def test_our_own_that_echoes(self):
        with Listener("--echo", "127.0.0.1:0") as there:
            self.assertIn("speaks another protocol", self.refused(there.port()))

    @harness.needs_program("nc")
    def test_netcat(self):
        held, port = harness.closed_port()
        held.close()  # it does not tell which port it was given, so it gets one that was free just now
        peer = subprocess.Popen(
            ["nc", "-l", "127.0.0.1", str(port)], stdin=subprocess.PIPE, stdout=subprocess.DEVNULL)
        try:
            peer.stdin.write(b"hello\n")
            peer.stdin.flush()
            # It takes some time to listen.
            self.assertIn("speaks another protocol", self.refused(port, "--retries", "8"))
        finally:
            peer.kill()
            peer.communicate(timeout=harness.LIMIT)

    def test_udp_is_no_address_for_it(self):
        done = run("socklisten", "--measure", "udp://127.0.0.1:0")
        self.assertEqual(done.returncode, 2)
        self.assertIn("needs TCP addresses", done.stderr)


if __name__ == "__main__":
    harness.main()
