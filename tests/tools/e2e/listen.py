# SPDX-License-Identifier: MIT
"""socklisten speaks with peers that are not ours."""

import os
import socket
import subprocess
import threading
import unittest

import harness
from harness import Listener, connect, read_all, run, tool

MEBIBYTE = os.urandom(1 << 20)


def send(connection, data):
    """Sends on a thread and half-closes, so that the caller can read meanwhile."""

    def work():
        connection.sendall(data)
        connection.shutdown(socket.SHUT_WR)

    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    return thread


class Stream(unittest.TestCase):
    def test_prints_what_comes_and_tells_about_it(self):
        with Listener("127.0.0.1:0") as listener:
            with connect(listener.port()) as client:
                name = "%s:%d" % client.getsockname()
                listener.expect(f"{name} connected")
                client.sendall(MEBIBYTE)
            listener.expect(f"{name} closed, {len(MEBIBYTE)} bytes")
            self.assertEqual(listener.output(), MEBIBYTE)

    def test_echoes_all_after_the_half_close(self):
        with Listener("--echo", "127.0.0.1:0") as listener:
            with connect(listener.port()) as client:
                sending = send(client, MEBIBYTE * 16)
                self.assertTrue(read_all(client) == MEBIBYTE * 16)
                sending.join(harness.LIMIT)

    def test_serves_many_at_once(self):
        with Listener("--echo", "127.0.0.1:0") as listener:
            port = listener.port()
            clients = [connect(port) for _ in range(200)]
            for number, client in enumerate(clients):
                client.sendall(b"%3d" % number)
            for number, client in enumerate(clients):
                self.assertEqual(client.recv(3, socket.MSG_WAITALL), b"%3d" % number)
                client.close()
            listener.expect(r".* closed, 3 bytes", 200)

    def test_nobody_waits_for_a_client_that_does_not_read(self):
        with Listener("--echo", "127.0.0.1:0") as listener:
            with connect(listener.port()) as slow, connect(listener.port()) as quick:
                sending = send(slow, MEBIBYTE * 16)
                for _ in range(100):
                    quick.sendall(b"ping")
                    self.assertEqual(quick.recv(4, socket.MSG_WAITALL), b"ping")
                self.assertTrue(read_all(slow) == MEBIBYTE * 16)
                sending.join(harness.LIMIT)

    def test_reports_a_reset(self):
        with Listener("127.0.0.1:0") as listener:
            with connect(listener.port()) as client:
                client.sendall(b"12 bytes it!")
                harness.reset_on_close(client)
                listener.expect(".* connected")
            listener.expect(r".* reset by peer.*, \d+ bytes?")

    def test_listens_on_both_families_at_one_port(self):
        with Listener("0") as listener:
            port = listener.port(r"0\.0\.0\.0")
            with connect(port):
                listener.expect(r"127\.0\.0\.1:\d+ connected")
            if harness.has_ipv6():
                self.assertEqual(listener.port(r"\[::\]"), port)
                with connect(port, "::1"):
                    listener.expect(r"\[::1\]:\d+ connected")

    def test_listens_on_many_ports(self):
        with Listener(*["127.0.0.1:0"] * 20) as listener:
            for found in listener.expect(r"listening on .*:(\d+)", 20):
                with connect(int(found.group(1))) as client:
                    client.sendall(b"x")
            listener.expect(".* closed, 1 byte", 20)

    def test_once_ends_with_the_first_client(self):
        with Listener("--once", "127.0.0.1:0") as listener:
            with connect(listener.port()) as client:
                client.sendall(b"all")
            self.assertEqual(listener.wait(), 0)
            self.assertEqual(listener.output(), b"all")

    def test_a_port_that_is_taken_is_named(self):
        with Listener("127.0.0.1:0") as listener:
            port = listener.port()
            done = run("socklisten", f"127.0.0.1:{port}")
        self.assertEqual(done.returncode, 1)
        self.assertRegex(done.stderr, rf"^socklisten: 127\.0\.0\.1:{port}: address in use")

    def test_the_port_is_free_again_at_once(self):
        with Listener("--once", "127.0.0.1:0") as listener:
            port = listener.port()
            with connect(port) as client:
                client.shutdown(socket.SHUT_WR)
                read_all(client)
            self.assertEqual(listener.wait(), 0)
        with Listener(f"127.0.0.1:{port}") as again:
            self.assertEqual(again.port(), port)

    @harness.needs_signals
    def test_ctrl_c_ends_it_with_a_report(self):
        with Listener("127.0.0.1:0") as listener:
            with connect(listener.port()) as client:
                client.sendall(b"12345")
                listener.expect(".* connected")
                client.shutdown(socket.SHUT_WR)
                listener.expect(".* closed, 5 bytes")
            self.assertEqual(listener.interrupt(), 0)
            listener.expect("stopped, 1 client, 5 bytes")

    @unittest.skipIf(harness.RUNNER, "an emulator needs handles of its own")
    def test_survives_a_shortage_of_handles(self):
        try:
            import resource
        except ImportError:
            self.skipTest("handles cannot be limited here")

        def limit():
            resource.setrlimit(resource.RLIMIT_NOFILE, (32, 32))

        with Listener("--echo", "127.0.0.1:0", preexec_fn=limit) as listener:
            port = listener.port()
            clients = [connect(port) for _ in range(100)]
            for client in clients:
                self.addCleanup(client.close)
            listener.expect(r"socklisten: accepting waits: too many open sockets .*")
            try:
                for client in clients:
                    with client:
                        client.sendall(b"me too")
                        self.assertEqual(client.recv(6, socket.MSG_WAITALL), b"me too")
            except (AssertionError, OSError):
                # UBSan looks at an object's type through a pipe, and takes having none for a fault.
                listener.wait()
                if "<memory cannot be printed>" in listener.lines:
                    self.skipTest("the sanitizer needs handles of its own")
                raise
            listener.expect(".* closed, 6 bytes", 100)


class Datagrams(unittest.TestCase):
    def test_are_printed_with_their_sender(self):
        with Listener("--udp", "127.0.0.1:0") as listener:
            port = listener.port()
            with harness.datagram_socket() as here:
                name = r"127\.0\.0\.1:%d" % here.getsockname()[1]
                for data in b"", b"x", os.urandom(65507):
                    here.sendto(data, ("127.0.0.1", port))
                    listener.expect(f"{name} {len(data)} bytes?")

    def test_are_echoed(self):
        with Listener("--udp", "--echo", "0") as listener:
            port = listener.port()
            for host in ["127.0.0.1"] + ["::1"] * harness.has_ipv6():
                with harness.datagram_socket(host) as here:
                    for data in b"", b"x", os.urandom(65507):
                        here.sendto(data, (host, port))
                        self.assertEqual(here.recv(65535), data)

    def test_once_ends_with_the_first(self):
        with Listener("--udp", "--once", "127.0.0.1:0") as listener:
            with harness.datagram_socket() as here:
                here.sendto(b"only", ("127.0.0.1", listener.port()))
            self.assertEqual(listener.wait(), 0)
            self.assertEqual(listener.output(), b"only")


class Mistakes(unittest.TestCase):
    def check(self, code, complaint, *arguments):
        done = run("socklisten", *arguments)
        self.assertEqual(done.returncode, code, done.stderr)
        self.assertRegex(done.stderr, "^socklisten: " + complaint)

    def test_are_named(self):
        self.check(2, 'port "70000": must be 0 to 65535, ', "70000")
        self.check(2, 'port "-1": must be 0 to 65535, ', "localhost:-1")
        self.check(2, 'address "::1": must be ', "::1")
        self.check(2, 'host "127.1": must be ', "127.1:0")
        self.check(2, "ADDRESS is required\n")
        self.check(1, "no-such-host.invalid:0: host not found", "no-such-host.invalid:0")
        self.check(1, "192.0.2.1:0: address not available", "192.0.2.1:0")

    @harness.needs_file("/dev/full")
    def test_a_full_disk(self):
        with open("/dev/full", "wb") as full, Listener("127.0.0.1:0", stdout=full) as listener:
            with connect(listener.port()) as client:
                client.sendall(b"x")
                self.assertEqual(listener.wait(), 1)
            listener.expect("socklisten: standard output: cannot be written")

    def test_a_reader_that_has_gone(self):
        with Listener("127.0.0.1:0", stdout=subprocess.PIPE) as listener:
            with connect(listener.port()) as client:
                client.sendall(b"read")
                self.assertEqual(listener.process.stdout.read(4), b"read")
                listener.process.stdout.close()
                client.sendall(b"not read")
                self.assertEqual(listener.wait(), 1)
            listener.expect("socklisten: standard output: cannot be written")


if __name__ == "__main__":
    harness.main()
