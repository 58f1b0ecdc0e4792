# SPDX-License-Identifier: MIT
"""The tools speak with the programs that everybody has."""

import os
import re
import subprocess
import unittest

import harness
from harness import Listener, run

MEBIBYTE = os.urandom(1 << 20)


def ask(*command):
    """Sends a mebibyte with another program, and returns what that prints."""
    done = subprocess.run(
        [str(word) for word in command],
        input=MEBIBYTE,
        stdout=subprocess.PIPE,
        timeout=harness.LIMIT,
    )
    return done.stdout


class OtherServer:
    """A program that listens on a port of its choice and says which."""

    def __init__(self, *command):
        self.process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )

    def port(self, pattern):
        for line in self.process.stderr:
            if found := re.search(pattern, line.decode()):
                return int(found.group(1))
        raise AssertionError(f"it did not say where it listens: {self.process.args}")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.communicate(timeout=harness.LIMIT)


@harness.needs_program("ncat")
class Ncat(unittest.TestCase):
    def test_is_echoed_to(self):
        with Listener("--echo", "127.0.0.1:0") as listener:
            self.assertEqual(ask("ncat", "127.0.0.1", listener.port()), MEBIBYTE)

    def test_gets_what_is_sent(self):
        # Its standard input is at the end, so it finishes first, and reads on.
        held, port = harness.closed_port()
        held.close()  # ncat does not tell which port it was given, so it gets one that was free just now
        with OtherServer("ncat", "-v", "-l", "127.0.0.1", str(port)) as server:
            server.port(r"Listening on 127\.0\.0\.1:(\d+)")
            done = run("socksend", "127.0.0.1", port, input=MEBIBYTE)
            self.assertEqual(done.returncode, 0, done.stderr)
            received, _ = server.process.communicate(timeout=harness.LIMIT)
        self.assertEqual(received, MEBIBYTE)


@harness.needs_program("socat")
class Socat(unittest.TestCase):
    def test_is_echoed_to(self):
        with Listener("--echo", "127.0.0.1:0") as listener:
            answer = ask("socat", "-t", "30", "-", f"TCP:127.0.0.1:{listener.port()}")
        self.assertEqual(answer, MEBIBYTE)

    def test_sends_datagrams(self):
        with Listener("--udp", "--once", "127.0.0.1:0") as listener:
            subprocess.run(
                ["socat", "-u", "-", f"UDP:127.0.0.1:{listener.port()}"],
                input=b"from socat",
                check=True,
                timeout=harness.LIMIT,
            )
            self.assertEqual(listener.wait(), 0)
            self.assertEqual(listener.output(), b"from socat")

    def test_echoes(self):
        with OtherServer("socat", "-d", "-d", "TCP-LISTEN:0,bind=127.0.0.1", "PIPE") as server:
            port = server.port(r"listening on .*127\.0\.0\.1:(\d+)")
            done = run("socksend", "127.0.0.1", port, input=MEBIBYTE)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(done.stdout, MEBIBYTE)


@harness.needs_program("nc")
class Netcat(unittest.TestCase):
    def test_is_heard(self):
        with Listener("--once", "127.0.0.1:0") as listener:
            usage = subprocess.run(["nc", "-h"], capture_output=True, timeout=harness.LIMIT)
            # OpenBSD's tells the end of its input only when asked to.
            finish = ["-N"] if b"-N" in usage.stdout + usage.stderr else []
            ask("nc", *finish, "127.0.0.1", listener.port())
            self.assertEqual(listener.wait(), 0)
            self.assertEqual(listener.output(), MEBIBYTE)


if __name__ == "__main__":
    harness.main()
