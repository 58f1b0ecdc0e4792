# SPDX-License-Identifier: MIT
"""The system fails in its rarer ways, as strace makes it do; nothing is lost but what must be."""

import json
import os
import re
import socket
import subprocess
import tempfile
import threading
import unittest

import harness
from harness import Listener, Peer, connect, read_all, tool
from harness.network import works

MEBIBYTE = os.urandom(1 << 20)
# With a question mark what 32-bit systems alone have, and strace may not know.
SENDS, RECEIVES = "sendto,sendmsg,sendmmsg,?send", "recvfrom,recvmsg,recvmmsg,?recvmmsg_time64,?recv"
WAITS = "epoll_wait,epoll_pwait,epoll_pwait2,poll,ppoll,?ppoll_time64"
CALLS = f"{SENDS},{RECEIVES},{WAITS},accept4,read,write,sendfile,splice"


def strace(*injections, log=os.devnull, path=None):
    # With -D the traced program is the child, and ends when it is told to.
    words = ["strace", "-D", "-f", "-qq", "-o", log]
    if path:  # only what is done to this file fails
        words += ["-P", path]
    for injection in injections:
        words += ["-e", f"inject={injection}"]
    return words


def can_inject():
    try:
        done = subprocess.run(
            [*strace("read:error=EINTR:when=65535"), "true"], capture_output=True, timeout=harness.LIMIT
        )
    except OSError:
        return False
    return done.returncode == 0 and not done.stderr


@unittest.skipIf(harness.RUNNER, "what an emulator calls is its own business")
@unittest.skipUnless(can_inject(), "strace is missing, or may not trace")
class Faults(unittest.TestCase):
    def echoed(self, listener, data):
        with connect(listener.port()) as client:

            def work():
                client.sendall(data)
                client.shutdown(socket.SHUT_WR)

            sending = threading.Thread(target=work)
            sending.start()
            answer = read_all(client)
            sending.join(harness.LIMIT)
            return answer

    def test_signals_in_every_call_lose_nothing(self):
        with Listener("--echo", "127.0.0.1:0", prefix=strace(f"{CALLS}:error=EINTR:when=20+3")) as listener:
            self.assertTrue(self.echoed(listener, MEBIBYTE * 4) == MEBIBYTE * 4)
            listener.expect(r".* closed, 4194304 bytes")
            self.assertTrue(listener.output() == MEBIBYTE * 4)

    def test_signals_in_every_call_of_socksend_lose_nothing(self):
        with Peer(read_all) as peer:
            command = [*strace(f"{CALLS}:error=EINTR:when=20+3"), *tool("socksend", "127.0.0.1", peer.port)]
            done = subprocess.run(command, input=MEBIBYTE * 4, capture_output=True, timeout=harness.LIMIT)
        self.assertEqual((done.returncode, done.stderr), (0, b""))
        self.assertTrue(peer.result == MEBIBYTE * 4)

    def test_connections_that_died_in_the_queue_are_passed_over(self):
        with Listener("--echo", "127.0.0.1:0", prefix=strace("accept4:error=ECONNABORTED:when=1..3")) as listener:
            self.assertEqual(self.echoed(listener, b"still"), b"still")

    def test_a_shortage_of_handles_passes(self):
        for error in "EMFILE", "ENFILE", "ENOBUFS", "ENOMEM":
            with Listener("--echo", "127.0.0.1:0", prefix=strace(f"accept4:error={error}:when=1")) as listener:
                self.assertEqual(self.echoed(listener, b"after all"), b"after all")
                listener.expect("socklisten: accepting waits: .*")

    def test_a_lack_of_room_for_a_datagram_costs_one_answer_at_most(self):
        injection = "sendto,sendmsg:error=ENOBUFS:when=1"
        with Listener("--udp", "--echo", "127.0.0.1:0", prefix=strace(injection)) as listener:
            with harness.datagram_socket() as here:
                port = listener.port()
                here.sendto(b"lost", ("127.0.0.1", port))
                here.sendto(b"kept", ("127.0.0.1", port))
                while here.recv(10) != b"kept":
                    pass
            self.assertEqual(listener.output(), b"lostkept")

    def test_a_read_that_fails_is_told_and_resets_the_connection(self):
        def until_reset(connection):
            try:
                return read_all(connection)
            except ConnectionResetError:
                return "reset"

        with Peer(until_reset) as peer:
            # This file is standard input.
            command = [*strace("read:error=EIO", path=os.devnull), *tool("socksend", "127.0.0.1", peer.port)]
            done = subprocess.run(
                command, stdin=subprocess.DEVNULL, capture_output=True, timeout=harness.LIMIT
            )
        self.assertEqual((done.returncode, done.stderr), (2, b"socksend: standard input: cannot be read\n"))
        self.assertEqual(peer.result, "reset")

    def test_signals_in_every_call_lose_no_datagram(self):
        injection = f"{SENDS},{RECEIVES},{WAITS},write:error=EINTR:when=1+2"
        with Listener("--udp", "--echo", "127.0.0.1:0", prefix=strace(injection)) as listener:
            with harness.datagram_socket() as here:
                for number in range(50):
                    here.sendto(b"%d" % number, ("127.0.0.1", listener.port()))
                    self.assertEqual(here.recv(10), b"%d" % number)
            listener.expect(r".* \d+ bytes?", 50)

    def test_an_answer_that_the_system_refuses_is_told_and_costs_no_other(self):
        for error in "EPERM", "ENETUNREACH":
            injection = f"{SENDS}:error={error}:when=1..2"
            with Listener("--udp", "--echo", "127.0.0.1:0", prefix=strace(injection)) as listener:
                with harness.datagram_socket() as here:
                    for word in b"one", b"two", b"kept":
                        here.sendto(word, ("127.0.0.1", listener.port()))
                    while here.recv(10) != b"kept":
                        pass
                listener.expect(rf".* not answered: .* \({error}\)")

    def test_a_connection_that_fails_is_told_and_costs_the_others_nothing(self):
        for injection, told in (
            (f"{RECEIVES}:error=ETIMEDOUT:when=1", r"reset by peer \(ETIMEDOUT\), 0 bytes"),
            (f"{RECEIVES}:error=ENOMEM:when=1", r"out of memory \(ENOMEM\), 0 bytes"),
            (f"{SENDS}:error=ECONNRESET:when=1", r"reset by peer \(ECONNRESET\), 4 bytes"),
            (f"{SENDS}:error=ENOMEM:when=1", r"out of memory \(ENOMEM\), 4 bytes"),
        ):
            with Listener("--echo", "127.0.0.1:0", prefix=strace(injection)) as listener:
                with connect(listener.port()) as lost:
                    lost.sendall(b"lost")
                    listener.expect(rf".* {told}")
                    self.assertEqual(self.echoed(listener, b"kept"), b"kept")

    def test_what_the_network_says_to_socksend_is_told(self):
        for injection, told in (
            ("socket:error=EMFILE", b"too many open sockets (EMFILE)"),
            ("connect:error=ENETUNREACH", b"network unreachable (ENETUNREACH)"),
            ("connect:error=ETIMEDOUT", b"timed out (ETIMEDOUT)"),
            (f"{RECEIVES}:error=ECONNRESET", b"connection reset (ECONNRESET)"),
            (f"{SENDS},sendfile,splice:error=ECONNRESET", b"connection reset (ECONNRESET)"),
        ):
            with socket.create_server(("127.0.0.1", 0)) as server:
                port = server.getsockname()[1]
                command = [*strace(injection), *tool("socksend", "127.0.0.1", port, "--message", "x")]
                done = subprocess.run(command, capture_output=True, timeout=harness.LIMIT)
            with self.subTest(injection):
                self.assertEqual((done.returncode, done.stdout), (1, b""))
                self.assertEqual(done.stderr, b"socksend: 127.0.0.1:%d: %s\n" % (port, told))

    def test_a_lack_of_room_costs_no_datagram_of_socksend(self):
        with harness.datagram_socket() as there:
            command = tool("socksend", "--udp", "127.0.0.1", there.getsockname()[1])
            done = subprocess.run(
                [*strace(f"{SENDS}:error=ENOBUFS:when=1+2"), *command],
                input=b"1\n2\n3\n",
                capture_output=True,
                timeout=harness.LIMIT,
            )
            self.assertEqual((done.returncode, done.stderr), (0, b""))
            self.assertEqual([there.recv(10) for _ in range(3)], [b"1", b"2", b"3"])


EVERYBODY = "echo '0 2147483647' > /proc/sys/net/ipv4/ping_group_range"
NETWORK = ["unshare", "--net", "sh", "-c", f'ip link set lo up; {EVERYBODY}; exec "$@"', "sh"]
WAYS = ("--backend", "raw"), ("--backend", "datagram")


@unittest.skipIf(harness.RUNNER, "what an emulator calls is its own business")
@unittest.skipUnless(can_inject(), "strace is missing, or may not trace")
class Pings(unittest.TestCase):
    """sockping in a network of its own, in which both kinds of socket are allowed."""

    def setUp(self):
        for way in WAYS:
            if not works([*NETWORK, *tool("sockping", *way, "-c", 1, "127.0.0.1")]):
                self.skipTest("no network of its own here")

    def ping(self, injection, *arguments, pace=("-A",), path=None, stdout=subprocess.PIPE):
        """By default each request waits for the last one's reply, so that none leave together."""
        with tempfile.NamedTemporaryFile("r") as log:
            traced = strace(injection, log=log.name, path=path)
            done = subprocess.run(
                [*NETWORK, *traced, *tool("sockping", *pace, *arguments, "127.0.0.1")],
                stdout=stdout,
                stderr=subprocess.PIPE,
                timeout=harness.LIMIT,
            )
            self.failed = {line.split("(")[0].split()[-1] for line in log if line.endswith("(INJECTED)\n")}
        self.assertTrue(self.failed, f"{injection}: nothing failed")
        return done

    def assert_counted(self, done, counts, status=0, told=b""):
        self.assertEqual((done.returncode, done.stderr), (status, told))
        self.assertRegex(done.stdout.decode(), rf"(?m)^{re.escape(counts)} packet loss")

    def assert_refused(self, done, told):
        """Before anything was asked for."""
        self.assertEqual((done.returncode, done.stdout), (2, b""))
        self.assertEqual(done.stderr.splitlines()[0], b"sockping: " + told)

    def test_signals_in_every_call_lose_no_reply(self):
        for way in WAYS:
            injection = f"{SENDS},{RECEIVES},{WAITS},write:error=EINTR:when=1+2"
            done = self.ping(injection, *way, "-c", 20, pace=("-i", 0.005))
            self.assert_counted(done, "20 packets transmitted, 20 received, 0%")
            self.assertEqual(len(re.findall(rb"icmp_seq=", done.stdout)), 20)
            for kind in SENDS, RECEIVES, WAITS, "write":
                self.assertTrue(self.failed & set(kind.replace("?", "").split(",")), kind)

    def test_a_lack_of_room_costs_no_reply(self):
        for way in WAYS:
            done = self.ping(f"{SENDS}:error=ENOBUFS:when=2..4", *way, "-c", 3)
            self.assert_counted(done, "3 packets transmitted, 3 received, 0%")

    def test_an_error_of_an_earlier_packet_costs_no_reply(self):
        for way in WAYS:
            for injection in f"{SENDS}:error=EHOSTUNREACH:when=2", f"{RECEIVES}:error=EHOSTUNREACH:when=2..4":
                done = self.ping(injection, *way, "-c", 3)
                self.assert_counted(done, "3 packets transmitted, 3 received, 0%")

    def test_a_request_that_the_system_refuses_is_told_and_the_next_one_goes(self):
        for error, words in (("EPERM", "access denied"), ("ENETUNREACH", "network unreachable")):
            told = f"sockping: 127.0.0.1: {words} ({error})\n".encode()
            for way in WAYS:
                # A request is tried twice.
                done = self.ping(f"{SENDS}:error={error}:when=3..4", *way, "-c", 4)
                self.assert_counted(done, "4 packets transmitted, 3 received, +1 errors, 25%", told=told)
                done = self.ping(f"{SENDS}:error={error}", *way, "-c", 2)
                self.assert_counted(done, "2 packets transmitted, 0 received, +2 errors, 100%", 1, told * 2)

    def test_a_socket_that_does_not_receive_ends_it_with_a_word(self):
        for way in WAYS:
            done = self.ping(f"{RECEIVES}:error=ENOMEM", *way, "-c", 3)
            self.assertEqual((done.returncode, done.stderr), (2, b"sockping: ICMP: out of memory (ENOMEM)\n"))

    def test_without_a_raw_socket_it_takes_the_other_one(self):
        for error in "EPERM", "EACCES", "EMFILE":
            done = self.ping(f"socket:error={error}:when=1", "-4", "-c", 2)
            self.assert_counted(done, "2 packets transmitted, 2 received, 0%")
            self.assertIn(b"data bytes, datagram socket\n", done.stdout)

    def test_without_any_socket_it_says_why(self):
        done = self.ping("socket:error=EPERM", "-c", 1)
        self.assert_refused(done, b"ICMP: access denied (EPERM)")
        self.assertIn(b"setcap cap_net_raw+ep", done.stderr)
        self.assert_refused(self.ping("socket:error=EMFILE", "-c", 1), b"ICMP: too many open sockets (EMFILE)")
        self.assert_refused(self.ping("epoll_create1:error=EMFILE", "-c", 1), b"ICMP: too many open sockets (EMFILE)")

    def test_it_pings_nobody_with_rights_that_it_cannot_give_up(self):
        for call in "capset", "setresuid,?setresuid32", "setresgid,?setresgid32":
            self.assert_refused(
                self.ping(f"{call}:error=EPERM", "-c", 1), b"dropping privileges: access denied (EPERM)"
            )

    def test_an_option_that_was_asked_for_and_is_refused_is_told(self):
        for option in ("-t", 9), ("-M", "do"), ("-Q", 8):
            done = self.ping("setsockopt:error=EPERM", *WAYS[0], "-c", 1, *option)
            self.assert_refused(done, b"options: access denied (EPERM)")

    def test_without_any_option_a_raw_socket_still_measures(self):
        done = self.ping("setsockopt:error=EPERM", *WAYS[0], "-c", 3, "--json")
        self.assertEqual((done.returncode, done.stderr), (0, b""))
        told = [json.loads(line) for line in done.stdout.splitlines()]
        replies = [one for one in told if one["event"] == "reply"]
        self.assertEqual(len(replies), 3)
        for one in replies:
            # Nobody has stamped them, so they took as long as it seemed: not no time at all.
            self.assertFalse(one["kernel_times"])
            self.assertGreater(one["rtt_ns"], 0)

    def test_an_output_that_takes_nothing_now_loses_nothing(self):
        done = self.ping("write:error=EAGAIN:when=1+2", *WAYS[0], "-c", 3)
        self.assert_counted(done, "3 packets transmitted, 3 received, 0%")
        self.assertEqual(len(re.findall(rb"icmp_seq=", done.stdout)), 3)

    def test_an_output_that_fails_ends_it(self):
        for error in "EIO", "ENOSPC":
            with tempfile.NamedTemporaryFile() as output:
                done = self.ping(f"write:error={error}", *WAYS[0], path=output.name, stdout=output)
            self.assertEqual(done.returncode, 1)
            self.assertEqual(done.stderr, b"sockping: standard output: cannot be written\n")


if __name__ == "__main__":
    harness.main()
