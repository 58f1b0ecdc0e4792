# SPDX-License-Identifier: MIT
"""What socksend --json and socklisten --json say is what their schemas allow, for every kind of event."""

import contextlib
import os
import socket
import tempfile
import unittest

import harness
from harness import Listener, connect, run
from harness.schema import Schema, needed

# Not every system tells these.
TOLD_BY_SOME = {"retransmitted", "round_trip", "round_trip_variation", "window", "discarded"}
QUICK = ("--measure", "--time", "0.3", "--interval", "0.1")


class Told:
    """Events of one tool, and what they tell of its schema."""

    def check(self, told, *absent):
        """All is allowed, as it is and not otherwise; and it is all that there is but `absent`."""
        self.schema.check_itself()
        seen = {}
        for event in told:
            kind = self.schema.kind_of(event)
            seen.setdefault(kind, set()).update(event)
            self.check_strict(event, self.schema.text["$defs"][kind])
        for kind, members in self.schema.kinds().items():
            if kind not in absent:
                self.assertEqual(members - seen.get(kind, set()) - TOLD_BY_SOME, set(), kind)

    def check_strict(self, event, definition):
        """No member can come, or go, without a word in the schema."""
        self.assertFalse(self.schema.allows(event | {"news": 1}), event)
        for name in definition["required"]:
            rest = {member: value for member, value in event.items() if member != name}
            self.assertFalse(self.schema.allows(rest), f"{event} without {name}")

    def test_have_a_meaning_each(self):
        for kind, definition in self.schema.text["$defs"].items():
            self.assertIn("description", definition, kind)
            for name, member in definition["properties"].items():
                self.assertTrue(name == "event" or "description" in member, f"{name} of {kind}")


@needed
class EventsOfSocksend(Told, unittest.TestCase):
    schema = Schema("socksend")

    def transfer(self, *arguments, **options):
        """What comes after complaints on standard error."""
        said = run("socksend", "--json", *arguments, **options).stderr
        return self.schema.events(said.splitlines()[-1].encode())

    def answers(self, *arguments):
        return self.schema.events(run("socksend", "--json", *arguments).stdout)

    def test_of_every_kind_are_as_the_schema_says(self):
        held, closed = harness.closed_port()
        self.addCleanup(held.close)
        ports = ("tcp://127.0.0.1:0", "udp://127.0.0.1:0")
        with Listener("--echo", *ports) as echo, Listener("--measure", "127.0.0.1:0") as meter:
            tcp, udp = echo.port("tcp://127.0.0.1"), echo.port("udp://127.0.0.1")
            told = self.transfer("localhost", tcp, input=b"hello")
            told += self.transfer("--udp", "127.0.0.1", udp, "--wait", "0.5", input=b"hello\n")
            told += self.transfer("127.0.0.1", closed)
            self.assertEqual([one["ok"] for one in told], [True, True, False])
            told += self.answers("--connect-only", "127.0.0.1", tcp)
            told += self.answers("--connect-only", "127.0.0.1", closed)
            told += self.answers("127.0.0.1", meter.port(), *QUICK)
            told += self.answers("127.0.0.1", meter.port(), *QUICK, "--parallel", "2", "--reverse")
            told += self.answers("127.0.0.1", meter.port(), *QUICK, "--udp", "--rate", "1000")
        self.check(told)

    @harness.needs_local("unix")
    def test_inside_a_host_are_as_the_schema_says(self):
        with tempfile.TemporaryDirectory() as folder:
            path = f"unix:{os.path.join(folder, 'socket')}"
            with Listener("--echo", path) as listener:
                listener.expect("listening on .*")
                told = self.transfer(path, input=b"hello") + self.answers("--connect-only", path)
        self.assertEqual([one["event"] for one in told], ["summary", "port"])
        self.assertEqual(told[0]["transport"], "unix")


@needed
class EventsOfSocklisten(Told, unittest.TestCase):
    schema = Schema("socklisten")

    def visit(self, ports):
        """Text, bytes and a datagram from a client each, and one that is reset."""
        for content in "Grüße\n".encode(), b"\x00\xff":
            with connect(int(ports["tcp"])) as client:
                client.sendall(content)
                self.assertEqual(client.recv(len(content), socket.MSG_WAITALL), content)
        with harness.datagram_socket() as here:
            here.sendto(b"datagram", ("127.0.0.1", int(ports["udp"])))
            self.assertEqual(here.recv(99), b"datagram")
        with connect(int(ports["tcp"])) as client:
            client.sendall(b"x")
            self.assertEqual(client.recv(1), b"x")
            harness.reset_on_close(client)

    @contextlib.contextmanager
    def listening(self, *words):
        """A listener, and its ports by their transports."""
        with tempfile.TemporaryDirectory() as folder:
            ready = os.path.join(folder, "ready")
            with Listener("--json", "--ready-file", ready, *words) as listener:
                harness.wait_for_file(ready)
                with open(ready, encoding="utf-8") as file:
                    lines = [line.split() for line in file]
                yield listener, {over: at.rpartition(":")[2] for over, at in lines}

    def refused(self):
        """The events of a listener that refuses a client."""
        with self.listening("--deny", "127.0.0.1", "127.0.0.1:0") as (listener, ports):
            try:
                with connect(int(ports["tcp"])) as client:
                    harness.read_all(client)
            except ConnectionError:  # some systems tell it to connect already
                pass
            return self.schema.events(listener.output())

    def test_of_every_kind_are_as_the_schema_says(self):
        addresses, absent = ["tcp://127.0.0.1:0", "udp://127.0.0.1:0"], ["measured"]
        with tempfile.TemporaryDirectory() as folder:
            if harness.has_local("unix-dgram"):
                addresses.append(f"unix-dgram:{folder}/socket")
            else:
                absent.append("unanswered")
            # Three clients, and a datagram for each address of datagrams.
            words = ("--echo", "--count", 2 + len(addresses), "--statistics", "100")
            with self.listening(*words, *addresses) as (listener, ports):
                for address in addresses[2:]:
                    self.assertEqual(run("socksend", address, "--message", "x").returncode, 0)
                self.visit(ports)
                listener.wait()
                told = self.schema.events(listener.output())
        self.assertLessEqual({"text", "base64"}, set().union(*told))
        told += self.refused()
        self.assertIn("refused", {one["event"] for one in told})
        self.check(told, *absent)

    def test_about_measurements_are_as_the_schema_says(self):
        with Listener("--json", "--measure", "--count", "2", "127.0.0.1:0") as listener:
            for more in (), ("--udp", "--rate", "1000"):
                done = run("socksend", "127.0.0.1", listener.port(), *QUICK, *more)
                self.assertEqual(done.returncode, 0, done.stderr)
            self.assertEqual(listener.wait(), 0)
            told = self.schema.events(listener.output())
        self.check(told, *(self.schema.kinds().keys() - {"measured"}))
        self.assertEqual([one["result"]["transport"] for one in told], ["tcp", "udp"])

    def test_about_measurements_are_those_of_socksend(self):
        theirs = Schema("socksend").text["$defs"]
        for kind in "stream_summary", "datagram_summary":
            self.assertEqual(self.schema.text["$defs"][kind], theirs[kind])


if __name__ == "__main__":
    harness.main()
