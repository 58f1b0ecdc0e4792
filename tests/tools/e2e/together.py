# SPDX-License-Identifier: MIT
"""socksend and socklisten speak with each other."""

import os
import subprocess
import unittest

import harness
from harness import Listener, run, tool

MEBIBYTE = os.urandom(1 << 20)


class Together(unittest.TestCase):
    def test_bytes_arrive_as_they_are(self):
        with Listener("--once", "localhost:0") as listener:
            done = run("socksend", "localhost", listener.port(), input=MEBIBYTE)
            self.assertEqual((done.returncode, done.stderr), (0, ""))
            self.assertEqual(listener.wait(), 0)
            self.assertEqual(listener.output(), MEBIBYTE)

    def test_bytes_come_back_as_they_are(self):
        with Listener("--echo", "0") as listener:
            for host in ["127.0.0.1"] + ["::1"] * harness.has_ipv6():
                done = run("socksend", host, listener.port(), input=MEBIBYTE)
                self.assertEqual(done.returncode, 0)
                self.assertEqual(done.stdout, MEBIBYTE)

    def test_many_senders_at_once(self):
        with Listener("--echo", "127.0.0.1:0") as listener:
            senders = [
                subprocess.Popen(
                    tool("socksend", "127.0.0.1", listener.port(), "--message", f"sender {number}"),
                    stdin=subprocess.DEVNULL,
                    stdout=subprocess.PIPE,
                )
                for number in range(20)
            ]
            for number, sender in enumerate(senders):
                answer, _ = sender.communicate(timeout=harness.LIMIT)
                self.assertEqual(answer.decode(), f"sender {number}")

    def test_prompted_lines_come_on_connections_of_their_own(self):
        with Listener("127.0.0.1:0") as listener:
            done = run("socksend", "--prompt", "127.0.0.1", listener.port(), input=b"a\nb\nc\n")
            self.assertEqual((done.returncode, done.stderr), (0, "> > > > "))
            listener.expect(".* closed, 2 bytes", 3)
            self.assertEqual(listener.output(), b"a\nb\nc\n")

    def test_datagrams_come_back(self):
        with Listener("--udp", "--echo", "127.0.0.1:0") as listener:
            port = listener.port()
            done = run("socksend", "--udp", "127.0.0.1", port, "--message", "Grüße", "--wait", "0.5")
            self.assertEqual((done.returncode, done.stdout.decode()), (0, "Grüße"))


if __name__ == "__main__":
    harness.main()
