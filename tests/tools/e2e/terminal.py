# SPDX-License-Identifier: MIT
"""What a person sees and types at a terminal."""

import os
import re
import socket
import subprocess
import tempfile
import threading
import unittest

import harness
from harness import Listener, run, tool


@unittest.skipIf(harness.RUNNER, "a terminal does not pass through an emulator")
@harness.needs_program("tmux")
class Terminal(unittest.TestCase):
    def setUp(self):
        # A server of its own: one that is still ending would take the next one's session with it.
        self.server = f"portsock-{os.getpid()}-{self._testMethodName}"
        self.tmux("-f", os.devnull, "new-session", "-d", "-x", "120", "-y", "20", "cat")
        self.addCleanup(self.tmux, "kill-server")

    def tmux(self, *arguments):
        command = ["tmux", "-L", self.server, *arguments]
        return subprocess.run(command, stdout=subprocess.PIPE, timeout=harness.LIMIT).stdout.decode()

    def start(self, *command):
        self.tmux("set-option", "-g", "remain-on-exit", "on")
        # tmux does not always hear of the end of a program in a window that was resized: a shell does.
        line = " ".join(map(str, command))
        self.tmux("respawn-pane", "-k", f"trap : INT QUIT; {line}; echo status $?")

    def expect(self, pattern):
        tick = threading.Event()
        for _ in range(300):
            screen = self.tmux("capture-pane", "-p", "-S", "-")
            if re.search(pattern, screen):
                return
            tick.wait(0.1)
        self.fail(f"{pattern!r} is not on the screen: {screen}")

    def test_prompt_asks_a_person(self):
        binary = os.path.abspath(tool("socksend")[-1])
        with Listener("127.0.0.1:0") as listener:
            self.start(binary, "--prompt", "127.0.0.1", listener.port())
            self.expect("(?m)^>")
            self.tmux("send-keys", "typed", "Enter")
            listener.expect(".* closed, 6 bytes")
            self.expect(r"(?m)^> typed\n>")
            self.tmux("send-keys", "C-d")
            self.expect("status 0")

    def test_a_file_shows_how_far_it_is(self):
        binary = os.path.abspath(tool("socksend")[-1])
        with tempfile.NamedTemporaryFile() as file:
            file.write(bytes(1_000_000))
            file.flush()
            with Listener("--discard", "127.0.0.1:0") as listener:
                self.start(binary, "--file", file.name, "--rate", "1M", "127.0.0.1", listener.port())
                self.expect(r"\[=+> *\] +\d+ %  .* left")
                self.expect(r"\[={30}\] 100 %  1\.00 MB")
                listener.expect(".* closed, 1000000 bytes")

    def test_a_file_that_goes_uncopied_shows_how_far_it_is(self):
        binary = os.path.abspath(tool("socksend")[-1])
        seen = threading.Event()

        def read_a_part(connection):
            first = len(connection.recv(1 << 20))
            seen.wait(harness.LIMIT)
            return first + len(harness.read_all(connection))

        with tempfile.NamedTemporaryFile() as file:
            file.write(bytes(64_000_000))
            file.flush()
            with harness.Peer(read_a_part) as peer:
                self.start(binary, "--file", file.name, peer.host, peer.port)
                self.expect(r"\[=*> *\] +\d+ %  .* left")
                seen.set()
                self.expect(r"\[={30}\] 100 %  64\.0 MB")
        self.assertEqual(peer.result, 64_000_000)

    def screen(self):
        return self.tmux("capture-pane", "-p")

    def test_a_plot_follows_the_terminal_and_leaves_it_as_it_was(self):
        if run("sockping", "-c", 1, "127.0.0.1").returncode == 2:
            self.skipTest("nobody can be pinged here")
        binary = os.path.abspath(tool("sockping")[-1])
        for locale, block, axis in ("C.UTF-8", "\u2588", "\u2502"), ("C", "#", r"\|"):
            with self.subTest(locale=locale):
                self.tmux("resize-window", "-x", "100", "-y", "24")
                self.start("env", f"LC_ALL={locale}", binary, "--plot", "-i", "0.02", "127.0.0.1")
                self.expect(rf"(?m)^ +\S+ ms {axis}")
                self.expect(rf"ms +\d+ {block}{{20}}")
                self.assertNotIn("bytes from", self.screen())
                self.tmux("resize-window", "-x", "50", "-y", "12")
                self.expect(r"(?m)^127\.0\.0\.1: \d+ of \d+ answered, 0% lost$")
                tick = threading.Event()
                for _ in range(100):
                    lines = self.screen().splitlines()
                    if lines[0].startswith("127.0.0.1: ") and max(map(len, lines)) <= 50:
                        break
                    tick.wait(0.1)
                self.assertTrue(lines[0].startswith("127.0.0.1: "), lines)
                self.tmux("send-keys", "C-c")
                self.expect(r"--- 127\.0\.0\.1 ping statistics ---")
                self.expect("status 0")

    def test_a_person_is_told_how_a_ping_goes(self):
        if run("sockping", "-c", 1, "127.0.0.1").returncode == 2:
            self.skipTest("nobody can be pinged here")
        binary = os.path.abspath(tool("sockping")[-1])
        self.start(binary, "-q", "-i", "0.02", "127.0.0.1")
        self.expect("PING")
        self.tmux("send-keys", "C-\\")
        self.expect(r"127\.0\.0\.1: \d+/\d+ packets, 0% loss")
        self.tmux("send-keys", "C-c")
        self.expect("status 0")

    def test_a_person_can_talk_through_socklisten(self):
        binary = os.path.abspath(tool("socklisten")[-1])
        held, port = harness.closed_port()
        held.close()
        self.start(binary, "--pipe", "--once", f"127.0.0.1:{port}")
        self.expect("listening on")
        with harness.connect(port) as client:
            client.sendall(b"hello, person\n")
            self.expect("hello, person")
            self.tmux("send-keys", "hello, program", "Enter")
            self.assertEqual(client.recv(15, socket.MSG_WAITALL), b"hello, program\n")


if __name__ == "__main__":
    harness.main()
