# SPDX-License-Identifier: MIT
"""What socklisten gives back, and whom it serves for how long."""

import os
import socket
import subprocess
import tempfile
import threading
import unittest

import harness
from harness import Listener, connect, read_all, run


def talk(port, data, host="127.0.0.1"):
    """Sends, finishes, and returns the answer."""
    with connect(port, host) as client:
        client.sendall(data)
        client.shutdown(socket.SHUT_WR)
        return read_all(client)


class Answers(unittest.TestCase):
    def test_reply_to_what_was_asked(self):
        with Listener("--reply", "no", "127.0.0.1:0") as listener:
            self.assertEqual(talk(listener.port(), b"question"), b"no")
            self.assertEqual(talk(listener.port(), b""), b"no")

    def test_reply_of_a_large_file_reaches_a_slow_reader_whole(self):
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "large")
            large = os.urandom(8 << 20)
            with open(path, "wb") as file:
                file.write(large)
            with Listener("--discard", "--reply", "@" + path, "127.0.0.1:0") as listener:
                port = listener.port()
                slow = [connect(port) for _ in range(4)]
                for client in slow:
                    client.sendall(b"?")
                self.assertTrue(talk(port, b"?") == large)
                for client in slow:
                    with client:
                        self.assertTrue(read_all(client) == large)

    def test_reply_to_each_datagram(self):
        with Listener("--udp", "--reply", "pong", "127.0.0.1:0") as listener:
            with harness.datagram_socket() as here:
                for _ in range(2):
                    here.sendto(b"ping", ("127.0.0.1", listener.port()))
                    self.assertEqual(here.recv(10), b"pong")

    def test_chat_reaches_all_others_over_both_protocols(self):
        with Listener("--chat", "tcp://127.0.0.1:0", "udp://127.0.0.1:0") as listener:
            tcp, udp = (
                int(listener.expect(rf"listening on {scheme}://\S+:(\d+)")[0].group(1))
                for scheme in ("tcp", "udp")
            )
            with connect(tcp) as a, connect(tcp) as b, harness.datagram_socket() as c:
                listener.expect(".* connected", 2)
                c.sendto(b"c joins\n", ("127.0.0.1", udp))
                for other in a, b:
                    self.assertEqual(other.recv(8, socket.MSG_WAITALL), b"c joins\n")
                a.sendall(b"from a\n")
                self.assertEqual(b.recv(7, socket.MSG_WAITALL), b"from a\n")
                self.assertEqual(c.recv(100), b"from a\n")
                b.sendall(b"from b\n")
                # Had it come back to its sender, this would not be the next that a hears.
                self.assertEqual(a.recv(7, socket.MSG_WAITALL), b"from b\n")

    def test_chat_goes_on_without_one_who_does_not_read(self):
        with Listener("--chat", "--discard", "127.0.0.1:0") as listener:
            with connect(listener.port()) as deaf, connect(listener.port()) as loud:
                listener.expect(".* connected", 2)
                loud.sendall(bytes(64 << 20))
                listener.expect(r".* closed for not reading, 0 bytes")
                self.assertEqual(loud.send(b"x"), 1)
                deaf.close()

    def test_pipe_is_a_talk_in_both_directions(self):
        with Listener("--pipe", "--once", "127.0.0.1:0", stdin=subprocess.PIPE) as listener:
            listener.process.stdin.write(b"before anybody came\n")
            listener.process.stdin.flush()
            with connect(listener.port()) as client:
                self.assertEqual(client.recv(20, socket.MSG_WAITALL), b"before anybody came\n")
                client.sendall(b"answer\n")
                listener.process.stdin.write(b"last\n")
                listener.process.stdin.close()
                self.assertEqual(read_all(client), b"last\n")
                client.sendall(b"and still heard\n")
                client.shutdown(socket.SHUT_WR)
                self.assertEqual(listener.wait(), 0)
            self.assertEqual(listener.output(), b"answer\nand still heard\n")

    def test_pipe_carries_much_both_ways_at_once(self):
        there, back = os.urandom(16 << 20), os.urandom(16 << 20)
        with tempfile.TemporaryFile() as file:
            file.write(there)
            file.seek(0)
            with Listener("--pipe", "--once", "127.0.0.1:0", stdin=file) as listener:
                with connect(listener.port()) as client:
                    heard = []
                    reading = threading.Thread(target=lambda: heard.append(read_all(client)))
                    reading.start()
                    client.sendall(back)
                    client.shutdown(socket.SHUT_WR)
                    reading.join(harness.LIMIT)
                self.assertEqual(listener.wait(), 0)
                self.assertTrue(heard == [there])
                self.assertTrue(listener.output() == back)

    def test_pipe_sends_lines_to_the_last_who_sent_a_datagram(self):
        with Listener("--udp", "--pipe", "127.0.0.1:0", stdin=subprocess.PIPE) as listener:
            with harness.datagram_socket() as here:
                here.sendto(b"hello\n", ("127.0.0.1", listener.port()))
                listener.process.stdin.write(b"to you\n")
                listener.process.stdin.flush()
                self.assertEqual(here.recv(100), b"to you")
            listener.process.stdin.close()


class Limits(unittest.TestCase):
    def test_count_of_both_kinds(self):
        with Listener("--count", "3", "tcp://127.0.0.1:0", "udp://127.0.0.1:0") as listener:
            tcp, udp = (
                int(listener.expect(rf"listening on {scheme}://\S+:(\d+)")[0].group(1))
                for scheme in ("tcp", "udp")
            )
            talk(tcp, b"one")
            with harness.datagram_socket() as here:
                here.sendto(b"two", ("127.0.0.1", udp))
                listener.expect(".* 3 bytes", 2)
            talk(tcp, b"three")
            self.assertEqual(listener.wait(), 0)
            self.assertEqual(listener.output(), b"onetwothree")

    def test_further_clients_wait_until_there_is_room(self):
        with Listener("--echo", "--max-connections", "2", "127.0.0.1:0") as listener:
            port = listener.port()
            clients = [connect(port) for _ in range(3)]
            for client in clients:
                self.addCleanup(client.close)
                client.sendall(b"x")
            self.assertEqual([client.recv(1) for client in clients[:2]], [b"x", b"x"])
            clients[0].close()
            self.assertEqual(clients[2].recv(1), b"x")
            listener.expect(".* connected", 3)

    def test_an_idle_client_is_closed_and_a_busy_one_is_not(self):
        with Listener("--echo", "--idle-timeout", "0.5", "127.0.0.1:0") as listener:
            with connect(listener.port()) as idle, connect(listener.port()) as busy:
                idle.settimeout(0.05)
                while True:
                    busy.sendall(b"x")
                    busy.recv(1)
                    try:
                        self.assertEqual(idle.recv(1), b"")
                        break
                    except TimeoutError:
                        pass
                listener.expect(".* closed for being idle, 0 bytes")
                busy.sendall(b"x")
                self.assertEqual(busy.recv(1), b"x")

    def test_max_bytes_is_exact(self):
        with Listener("--max-bytes", "1k", "--once", "127.0.0.1:0") as listener:
            with connect(listener.port()) as client:
                client.sendall(b"x" * 5000)
                self.assertEqual(listener.wait(), 0)
            listener.expect(".* closed at its limit, 1000 bytes")
            self.assertEqual(listener.output(), b"x" * 1000)

    def test_a_rest_that_follows_plenty_is_not_kept_waiting(self):
        data = os.urandom((4 << 20) + 100_017)
        times = 8
        with Listener("--max-bytes", times * len(data), "--once", "127.0.0.1:0") as listener:
            with connect(listener.port()) as client:
                for i in range(times):
                    client.sendall(data)
                    sent = (i + 1) * len(data)
                    harness.wait_until(lambda: listener.printed() == sent, f"{sent} bytes were not printed")
                self.assertEqual(listener.wait(), 0)
            self.assertEqual(listener.output(), times * data)

    def test_deny_wins_over_allow(self):
        with Listener("--allow", "127.0.0.0/8,::1", "--deny", "127.0.0.1", "127.0.0.1:0") as listener:
            port = listener.port()
            with self.assertRaises(ConnectionError):  # some systems tell it to connect already
                with connect(port) as client:
                    while client.send(b"x"):
                        pass
            listener.expect(".* refused")

    def test_who_is_not_allowed_is_not_heard(self):
        with Listener("--udp", "--allow", "192.0.2.0/24", "127.0.0.1:0") as listener:
            with harness.datagram_socket() as here:
                here.sendto(b"x", ("127.0.0.1", listener.port()))
                listener.expect(".* refused")
            self.assertEqual(listener.output(), b"")

    def test_mistakes_are_named(self):
        for complaint, *arguments in [
            ('network "10.0.0.1/8": must be such as ', "--allow", "10.0.0.1/8", "7"),
            ('group "10.0.0.1": must be such as ', "--multicast", "10.0.0.1", "7"),
            ('--count "1x": must be 0 to ', "--count", "1x", "7"),
            ('scheme "http": must be tcp or udp', "http://localhost:80"),
            ("no such file: cannot be read", "--reply", "@no such file", "127.0.0.1:0"),
        ]:
            done = run("socklisten", *arguments)
            self.assertEqual(done.returncode, 2, done.stderr)
            self.assertRegex(done.stderr, "^socklisten: " + complaint)


class Ends(unittest.TestCase):
    @harness.needs_signals
    def test_what_has_arrived_is_still_taken(self):
        with Listener("127.0.0.1:0") as listener:
            clients = [connect(listener.port()) for _ in range(3)]
            listener.expect(".* connected", 3)
            for client in clients:
                client.sendall(b"12345")
            self.assertEqual(listener.interrupt(), 0)
            listener.expect(".* closed by the end of socklisten, 5 bytes", 3)
            listener.expect("stopped, 3 clients, 15 bytes")
            self.assertEqual(listener.output(), b"12345" * 3)
            for client in clients:
                client.close()

    def test_statistics_are_told_at_the_end(self):
        with Listener("--statistics", "1000", "--once", "127.0.0.1:0") as listener:
            talk(listener.port(), b"12345")
            self.assertEqual(listener.wait(), 0)
            listener.expect(r"after \d+\.\d s: 1 client, 0 here, 5 B received, 0 B sent, [\d.]+ k?B/s")


class Multicast(unittest.TestCase):
    def test_is_heard_by_all_who_share(self):
        arguments = ("--udp", "--multicast", "239.255.77.1", "--share")
        with Listener(*arguments, "0.0.0.0:0") as one:
            port = one.port()
            with Listener(*arguments, f"0.0.0.0:{port}") as two:
                two.port()
                with harness.datagram_socket("0.0.0.0") as here:
                    here.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_LOOP, 1)
                    try:
                        here.sendto(b"to all", ("239.255.77.1", port))
                    except OSError:
                        self.skipTest("this host has no way to groups")
                    one.expect(".* 6 bytes")
                    two.expect(".* 6 bytes")


if __name__ == "__main__":
    harness.main()
