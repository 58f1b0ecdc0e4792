# SPDX-License-Identifier: MIT
"""The system fails in its rarer ways, as strace makes it do; nothing is lost but what must be."""

import os
import socket
import subprocess
import threading
import unittest

import harness
from harness import Listener, Peer, connect, read_all, tool

MEBIBYTE = os.urandom(1 << 20)
CALLS = "recvfrom,recvmsg,sendto,sendmsg,accept4,epoll_wait,epoll_pwait,epoll_pwait2,poll,ppoll,read,write"


def strace(*injections):
    # With -D the traced program is the child, and ends when it is told to.
    words = ["strace", "-D", "-f", "-qq", "-o", os.devnull]
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
            # Only reads of this file fail, which is standard input.
            command = [*strace("read:error=EIO"), "-P", os.devnull, *tool("socksend", "127.0.0.1", peer.port)]
            done = subprocess.run(
                command, stdin=subprocess.DEVNULL, capture_output=True, timeout=harness.LIMIT
            )
        self.assertEqual((done.returncode, done.stderr), (2, b"socksend: standard input: cannot be read\n"))
        self.assertEqual(peer.result, "reset")


if __name__ == "__main__":
    harness.main()
