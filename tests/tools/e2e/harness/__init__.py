# SPDX-License-Identifier: MIT
"""Runs the real tools and plays their peers. Nothing here waits without a limit."""

import functools
import os
import re
import shutil
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import threading
import unittest

LIMIT = 30.0  # seconds; what takes longer has failed
BIN_DIR = os.environ.get("PORTSOCK_BIN_DIR", "build/dev/bin")
RUNNER = os.environ.get("PORTSOCK_RUNNER", "").replace(";", " ").split()


def tool(name, *arguments):
    """The command line of a tool, through the emulator if there is one."""
    path = os.path.join(BIN_DIR, name)
    return [*RUNNER, path if os.path.exists(path) else path + ".exe", *map(str, arguments)]


def run(name, *arguments, input=b"", **options):
    """Runs a tool to its end. Standard output and standard error are bytes and text."""
    options.setdefault("stdout", subprocess.PIPE)
    done = subprocess.run(
        tool(name, *arguments), input=input, stderr=subprocess.PIPE, timeout=LIMIT, **options
    )
    done.stderr = done.stderr.decode().replace("\r\n", "\n")
    return done


class Listener:
    """A socklisten that runs until it ends by itself or the block ends."""

    def __init__(self, *arguments, prefix=(), **options):
        self.stdout = tempfile.TemporaryFile()
        options.setdefault("stdout", self.stdout)
        options.setdefault("stdin", subprocess.DEVNULL)
        self.process = subprocess.Popen(
            [*prefix, *tool("socklisten", *arguments)],
            stderr=subprocess.PIPE,
            **options,
        )
        self.lines = []
        self.changed = threading.Condition()
        self.reader = threading.Thread(target=self._read, daemon=True)
        self.reader.start()

    def _read(self):
        for line in self.process.stderr:
            with self.changed:
                self.lines.append(line.decode().rstrip("\r\n"))
                self.changed.notify_all()
        with self.changed:
            self.lines.append("")
            self.changed.notify_all()

    def expect(self, pattern, count=1):
        """Waits until so many lines match the pattern, and returns the matches."""

        def found():
            return [m for m in map(re.compile(pattern).fullmatch, self.lines) if m]

        with self.changed:
            if not self.changed.wait_for(lambda: len(found()) >= count, LIMIT):
                raise AssertionError(f"{count} x {pattern!r} not in {self.lines}")
            return found()

    def port(self, host=r"\S+"):
        return int(self.expect(rf"listening on {host}:(\d+)")[0].group(1))

    def interrupt(self):
        self.process.send_signal(signal.SIGINT)
        return self.wait()

    def wait(self):
        """The exit code, once all it said has been read."""
        code = self.process.wait(LIMIT)
        self.reader.join(LIMIT)
        return code

    def output(self):
        self.stdout.seek(0)
        return self.stdout.read()

    def printed(self):
        return os.fstat(self.stdout.fileno()).st_size

    def expect_output(self, expected):
        """Waits until the bytes have been printed. Each event is logged before or after its bytes."""
        size = len(expected)
        self.expect(rf".* {size} bytes?")
        actual = self.output()
        assert actual == expected, f"{len(actual)} bytes printed, other than the {size} sent"

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait(LIMIT)
        self.process.stderr.close()
        self.stdout.close()


class Peer:
    """Something listening here, whose one connection `play(connection)` handles on a thread."""

    def __init__(self, play, family=socket.AF_INET):
        self.listener = socket.create_server(
            ("::1" if family == socket.AF_INET6 else "127.0.0.1", 0), family=family
        )
        self.listener.settimeout(LIMIT)
        self.host, self.port = self.listener.getsockname()[:2]
        self.play = play
        self.result = None
        self.thread = threading.Thread(target=self._run, daemon=True)
        self.thread.start()

    def _run(self):
        connection, _ = self.listener.accept()
        with connection:
            connection.settimeout(LIMIT)
            self.result = self.play(connection)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.thread.join(LIMIT)
        self.listener.close()


def connect(port, host="127.0.0.1"):
    return socket.create_connection((host, port), LIMIT)


def read_all(connection):
    parts = []
    while part := connection.recv(1 << 16):
        parts.append(part)
    return b"".join(parts)


def wait_until(happened, what):
    """For what nothing tells of on every system."""
    tick = threading.Event()
    for _ in range(int(LIMIT * 100)):
        if happened():
            return
        tick.wait(0.01)
    raise AssertionError(f"{what} in {LIMIT:.0f} s")


def wait_for_file(path):
    wait_until(lambda: os.path.exists(path), f"{path} did not appear")


def reset_on_close(connection):
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


def datagram_socket(host="127.0.0.1"):
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    made = socket.socket(family, socket.SOCK_DGRAM)
    made.bind((host, 0))
    made.settimeout(LIMIT)
    return made


def closed_port():
    """A port that is bound and does not listen, for as long as the socket lives."""
    held = socket.socket()
    held.bind(("127.0.0.1", 0))
    return held, held.getsockname()[1]


def has_ipv6():
    try:
        with socket.create_server(("::1", 0), family=socket.AF_INET6):
            return True
    except OSError:
        return False


needs_ipv6 = unittest.skipUnless(has_ipv6(), "this host has no IPv6")
needs_signals = unittest.skipIf(RUNNER, f"signals do not pass through {' '.join(RUNNER)}")


@functools.cache
def has_local(scheme):
    """Whether there are sockets inside this host, for the tools and for Python; nobody need listen."""
    if not hasattr(socket, "AF_UNIX"):
        return False
    with tempfile.TemporaryDirectory() as folder:
        done = run("socksend", f"{scheme}:{os.path.join(folder, 'nobody')}", "--message", "x")
    return "not supported" not in done.stderr


def needs_local(scheme):
    return unittest.skipUnless(has_local(scheme), f"this host has no {scheme}: sockets")


def needs_program(name):
    return unittest.skipUnless(shutil.which(name), f"{name} is not installed")


def needs_file(path):
    return unittest.skipUnless(os.path.exists(path), f"there is no {path}")


def main():
    """Runs the tests of the calling script. A script of which nothing could run says so: 77."""
    ended = unittest.main(module="__main__", verbosity=2, exit=False).result
    if not ended.wasSuccessful():
        sys.exit(1)
    sys.exit(77 if ended.skipped and len(ended.skipped) >= ended.testsRun else 0)
