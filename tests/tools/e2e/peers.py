# SPDX-License-Identifier: MIT
"""socksend and socklisten with nc, ncat, socat, curl and Python's servers, in both directions."""

import http.server
import os
import socketserver
import struct
import subprocess
import tempfile
import threading
import unittest

import harness
from harness import Listener, run

MEBIBYTE = os.urandom(1 << 20)


def other(*command, **options):
    """Runs another program to its end, and returns what it printed."""
    options.setdefault("input", MEBIBYTE)
    words = [str(word) for word in command]
    return subprocess.run(words, stdout=subprocess.PIPE, timeout=harness.LIMIT, **options).stdout


def wait_until_listening(port):
    """Until somebody listens at the port, or has bound it for UDP. Connecting would be the one client."""
    tick = threading.Event()
    for _ in range(int(harness.LIMIT * 100)):
        for name in "tcp", "tcp6", "udp", "udp6":
            with open(f"/proc/net/{name}", encoding="ascii") as table:
                rows = [line.split() for line in table]
            if any(row[1].endswith(f":{port:04X}") and row[3] in ("0A", "07") for row in rows[1:]):
                return
        tick.wait(0.01)
    raise AssertionError(f"nobody listens at {port}")


class Server:
    """Another program that takes one connection, at a port that was free a moment ago."""

    def __init__(self, *command, **options):
        held, self.port = harness.closed_port()
        held.close()
        words = [str(self.port) if word == "PORT" else str(word).replace("PORT", str(self.port)) for word in command]
        self.process = subprocess.Popen(words, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, **options)
        wait_until_listening(self.port)

    def said(self):
        return self.process.communicate(timeout=harness.LIMIT)[0]

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.communicate(timeout=harness.LIMIT)


needs_tables = harness.needs_file("/proc/net/tcp")


@harness.needs_program("nc.openbsd")
@needs_tables
class OpenBsdNetcat(unittest.TestCase):
    def test_sends_and_hears_the_echo(self):
        with Listener("--echo", "--discard", "127.0.0.1:0") as listener:
            self.assertTrue(other("nc.openbsd", "-N", "127.0.0.1", listener.port()) == MEBIBYTE)

    def test_gets_what_is_sent(self):
        with Server("nc.openbsd", "-N", "-l", "127.0.0.1", "PORT") as server:
            done = run("socksend", "127.0.0.1", server.port, input=MEBIBYTE)
            self.assertEqual(done.returncode, 0, done.stderr)
            self.assertTrue(server.said() == MEBIBYTE)

    def test_exchanges_datagrams(self):
        with Listener("--udp", "--reply", "pong", "127.0.0.1:0") as listener:
            said = other("nc.openbsd", "-u", "-W", "1", "127.0.0.1", listener.port(), input=b"ping")
            self.assertEqual(said, b"pong")
            self.assertEqual(listener.output(), b"ping")

    def test_tells_the_same_ports_open(self):
        with Listener("127.0.0.1:0") as listener:
            port = listener.port()
            self.assertEqual(subprocess.run(["nc.openbsd", "-z", "127.0.0.1", str(port)], check=False).returncode, 0)
            self.assertEqual(run("socksend", "--connect-only", "127.0.0.1", port).returncode, 0)


@harness.needs_program("ncat")
@needs_tables
class Ncat(unittest.TestCase):
    def test_gets_what_is_sent(self):
        with Server("ncat", "-l", "127.0.0.1", "PORT", "--recv-only") as server:
            done = run("socksend", "127.0.0.1", server.port, input=MEBIBYTE)
            self.assertEqual(done.returncode, 0, done.stderr)
            self.assertTrue(server.said() == MEBIBYTE)

    def test_takes_part_in_a_chat(self):
        with Listener("--chat", "127.0.0.1:0") as listener:
            command = ["ncat", "127.0.0.1", str(listener.port())]
            with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as guest:
                listener.expect(".* connected")
                other("ncat", "--send-only", "127.0.0.1", listener.port(), input=b"hello\n")
                self.assertEqual(guest.stdout.readline(), b"hello\n")
                guest.kill()


@harness.needs_program("socat")
@needs_tables
class Socat(unittest.TestCase):
    def test_echoes(self):
        with Server("socat", "TCP-LISTEN:PORT,bind=127.0.0.1", "PIPE") as server:
            done = run("socksend", "127.0.0.1", server.port, input=MEBIBYTE)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertTrue(done.stdout == MEBIBYTE)

    def test_talks_with_a_program_behind_it(self):
        with Listener("--pipe", "--once", "127.0.0.1:0", stdin=subprocess.PIPE) as listener:
            peer = f"TCP:127.0.0.1:{listener.port()}"
            with subprocess.Popen(["socat", peer, "EXEC:cat"]) as program:
                listener.process.stdin.write(MEBIBYTE)
                listener.process.stdin.close()
                self.assertEqual(listener.wait(), 0)
                program.wait(harness.LIMIT)
            self.assertTrue(listener.output() == MEBIBYTE)


@harness.needs_program("curl")
class Curl(unittest.TestCase):
    def test_gets_a_page(self):
        page = b"HTTP/1.0 200 OK\r\nContent-Type: text/plain\r\n\r\n" + MEBIBYTE
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "page")
            with open(path, "wb") as file:
                file.write(page)
            with Listener("--reply", "@" + path, "127.0.0.1:0") as listener:
                url = f"http://127.0.0.1:{listener.port()}/"
                self.assertTrue(other("curl", "-sS", url, input=b"") == MEBIBYTE)
                listener.expect(r".* closed, \d+ bytes")
                self.assertTrue(listener.output().startswith(b"GET / HTTP/1.1\r\n"))

    def test_speaks_telnet(self):
        with Listener("--echo", "127.0.0.1:0") as listener:
            url = f"telnet://127.0.0.1:{listener.port()}"
            with subprocess.Popen(["curl", "-sS", "-N", url], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as curl:
                curl.stdin.write(b"line\n")
                curl.stdin.flush()
                self.assertEqual(curl.stdout.read(5), b"line\n")
                curl.kill()


class Python(unittest.TestCase):
    def serve(self, server):
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        self.addCleanup(thread.join, harness.LIMIT)
        self.addCleanup(server.server_close)
        self.addCleanup(server.shutdown)
        return server.server_address[1]

    def test_answers_a_request(self):
        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                self.send_response(200)
                self.end_headers()
                self.wfile.write(b"body of " + self.path.encode())

            def log_message(self, *_):
                pass

        port = self.serve(http.server.HTTPServer(("127.0.0.1", 0), Handler))
        done = run("socksend", "127.0.0.1", port, input=b"GET /page HTTP/1.0\r\n\r\n")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertTrue(done.stdout.startswith(b"HTTP/1.0 200 OK\r\n"))
        self.assertTrue(done.stdout.endswith(b"\r\n\r\nbody of /page"))

    def test_answers_a_question_as_a_name_server_does(self):
        # A question for the address of example.org (RFC 1035, section 4.1), and its header come back.
        question = struct.pack("!6H", 0x1234, 0x0100, 1, 0, 0, 0) + b"\x07example\x03org\x00\x00\x01\x00\x01"

        class Handler(socketserver.BaseRequestHandler):
            def handle(self):
                asked, socket = self.request
                answer = asked[:2] + b"\x81\x83" + asked[4:]
                socket.sendto(answer, self.client_address)

        port = self.serve(socketserver.UDPServer(("127.0.0.1", 0), Handler))
        arguments = (f"udp://127.0.0.1:{port}", "--hex", question.hex(), "--wait", "1")
        done = run("socksend", *arguments)
        self.assertEqual((done.returncode, done.stdout), (0, question[:2] + b"\x81\x83" + question[4:]))


if __name__ == "__main__":
    harness.main()
