# SPDX-License-Identifier: MIT
"""sockping against this host, with and without rights, and across a router."""

import json
import os
import re
import signal
import subprocess
import tempfile
import unittest
import xml.etree.ElementTree

import harness
from harness import run, tool

REPLY = r"(\d+) bytes from (\S+): icmp_seq=(\d+) ttl=\d+ time=\d+(?:\.\d+)? ms"
TIMES = r"rtt min/avg/max/mdev = \d+\.\d{3}/\d+\.\d{3}/\d+\.\d{3}/\d+\.\d{3} ms"
STATUS = r"\d+/\d+ packets, [\d.]+% loss, min/avg/ewma/max = \d+\.\d{3}(/\d+\.\d{3}){3} ms"
NOBODY = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"]


def summary(sent, received, loss):
    return rf"{sent} packets transmitted, {received} received, {loss}% packet loss, time \d+ms"


def lines_of(output):
    return output.decode().splitlines()


def may_ping(host):
    """The reason why sockping cannot ping this host here, or nothing."""
    done = run("sockping", "-c", 1, host)
    return done.stderr.strip() if done.returncode == 2 else None


def works(command):
    try:
        done = subprocess.run(command, capture_output=True, timeout=harness.LIMIT)
    except OSError:
        return False
    return done.returncode == 0


class ToThisHost(unittest.TestCase):
    def assert_pinged(self, done, host, address, size, count):
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        lines = lines_of(done.stdout)
        kind = "(?:raw socket|datagram socket|system service)"
        self.assertRegex(lines[0], rf"^PING {host} \({address}\) {size} data bytes, {kind}$")
        for number, line in enumerate(lines[1 : 1 + count], 1):
            match = re.fullmatch(REPLY, line)
            self.assertTrue(match, line)
            self.assertEqual(match.groups(), (str(size + 8), address, str(number)))
        self.assertEqual(lines[1 + count : 3 + count], ["", f"--- {host} ping statistics ---"])
        self.assertRegex(lines[3 + count], f"^{summary(count, count, 0)}$")
        self.assertRegex(lines[4 + count], f"^{TIMES}$")
        # One round trip has neither jitter nor quantiles.
        spread = r"jitter \S+ ms, p50/p90/p99 = \S+/\S+/\S+ ms"
        self.assertRegex("\n".join(lines[5 + count :]), f"^{spread if count > 1 else ''}$")

    def ping(self, host, *arguments):
        if reason := may_ping(host):
            self.skipTest(reason)
        return run("sockping", *arguments, host)

    def test_over_ipv4(self):
        done = self.ping("127.0.0.1", "-c", 3, "-i", 0.05)
        self.assert_pinged(done, "127.0.0.1", "127.0.0.1", 56, 3)

    def test_over_ipv6(self):
        done = self.ping("::1", "-c", 3, "-i", 0.05)
        self.assert_pinged(done, "::1", "::1", 56, 3)

    def test_with_a_flow_label_where_the_system_sends_it(self):
        done = self.ping("::1", "-F", "0x12345", "-c", 1)
        if done.returncode == 2:
            self.assertRegex(done.stderr, "^sockping: flow label: not supported")
        else:
            self.assert_pinged(done, "::1", "::1", 56, 1)

    def test_draws_a_picture_that_is_xml(self):
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "run.svg")
            done = self.ping("127.0.0.1", "-q", "-c", 20, "-i", 0.005, "--svg", path)
            self.assertEqual((done.returncode, done.stderr), (0, ""))
            picture = xml.etree.ElementTree.parse(path).getroot()
        space = "{http://www.w3.org/2000/svg}"
        self.assertEqual(picture.tag, space + "svg")
        self.assertEqual(picture.find(space + "title").text, "Ping of 127.0.0.1")
        self.assertIn("20 requests, 20 answered, 0.0% lost", picture.find(space + "desc").text)
        line = picture.find(space + "polyline").get("points").split()
        self.assertEqual(len(line), 20)
        bars = [one for one in picture.iter(space + "rect") if one.get("class") == "bar first"]
        counts = [int(bar.find(space + "title").text.split()[0]) for bar in bars]
        self.assertEqual(sum(counts), 20)

    def test_says_at_once_that_a_picture_cannot_be_written(self):
        done = self.ping("127.0.0.1", "--svg", "/nowhere/run.svg")
        self.assertEqual((done.returncode, done.stdout), (2, b""))
        self.assertIn("/nowhere/run.svg", done.stderr)

    def test_plots_in_plain_text_where_there_is_no_terminal(self):
        done = self.ping("127.0.0.1", "--plot", "-c", 3, "-i", 0.01)
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        self.assertNotIn(b"\x1b", done.stdout)
        self.assertTrue(done.stdout.isascii())
        self.assertRegex(done.stdout.decode(), r"(?m)^127\.0\.0\.1: 3 of 3 answered, 0% lost\r?$")

    def test_by_name(self):
        if reason := may_ping("127.0.0.1"):
            self.skipTest(reason)
        done = run("sockping", "-4", "-c", 1, "localhost")
        self.assert_pinged(done, "localhost", "127.0.0.1", 56, 1)

    def test_with_any_payload(self):
        for size in (0, 1, 8, 12, 1472, 60000):
            done = self.ping("127.0.0.1", "-c", 2, "-i", 0.02, "-s", size)
            self.assert_pinged(done, "127.0.0.1", "127.0.0.1", size, 2)

    def test_quietly(self):
        lines = lines_of(self.ping("127.0.0.1", "-q", "-c", 5, "-i", 0.01).stdout)
        self.assertEqual(len(lines), 6)
        self.assertRegex(lines[3], summary(5, 5, 0))

    def test_many_at_once_do_not_mix(self):
        if reason := may_ping("127.0.0.1"):
            self.skipTest(reason)
        command = tool("sockping", "-q", "-c", 20, "-i", 0.01, "127.0.0.1")
        many = [subprocess.Popen(command, stdout=subprocess.PIPE) for _ in range(5)]
        for one in many:
            output, _ = one.communicate(timeout=harness.LIMIT)
            self.assertRegex(lines_of(output)[3], f"^{summary(20, 20, 0)}$")

    @harness.needs_program("ping")
    def test_what_ping_finds_too(self):
        theirs = subprocess.run(
            ["ping", "-c", "2", "-i", "0.2", "127.0.0.1"], capture_output=True, timeout=harness.LIMIT
        )
        if theirs.returncode != 0:
            self.skipTest("ping does not work here")
        ours = self.ping("127.0.0.1", "-c", 2, "-i", 0.2)
        for done in (ours, theirs):
            lines = lines_of(done.stdout)
            self.assertEqual([bool(re.fullmatch(REPLY, line)) for line in lines[1:3]], [True] * 2)
            self.assertRegex(lines[5], f"^{summary(2, 2, 0)}$")
            self.assertRegex(lines[6], f"^{TIMES}$")


class ManyHosts(unittest.TestCase):
    def setUp(self):
        if reason := may_ping("127.0.0.1"):
            self.skipTest(reason)

    def test_are_asked_once(self):
        done = run("sockping", "127.0.0.1", "127.0.0.2", "127.0.0.3")
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        for host in (1, 2, 3):
            self.assertRegex(done.stdout.decode(), rf"(?m)^127\.0\.0\.{host} is alive \(\S+ ms\)$")

    def test_of_a_network_all_answer(self):
        bits, hosts = (24, 254) if harness.RUNNER else (16, 65534)  # Wine takes 1 ms for each packet
        done = run("sockping", "-q", "--sweep", f"127.1.0.0/{bits}")
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        self.assertIn(f"{hosts} hosts, {hosts} alive, 0 unreachable", done.stdout.decode())

    def test_come_from_a_list_in_its_order(self):
        hosts = b"127.0.0.9 # first\n\n127.0.0.3\n"
        done = run("sockping", "--file", "-", "--alive", "--sorted", input=hosts)
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        self.assertEqual(lines_of(done.stdout), ["127.0.0.9", "127.0.0.3"])

    def test_are_told_of_in_json(self):
        done = run("sockping", "--json", "-c", 2, "-i", 0.01, "127.0.0.1", "127.0.0.2")
        self.assertEqual(done.returncode, 0)
        told = [json.loads(line) for line in lines_of(done.stdout)]
        kinds = [one["event"] for one in told]
        for kind, count in (("start", 2), ("reply", 4), ("host", 2), ("summary", 1)):
            self.assertEqual(kinds.count(kind), count)
        for one in told:
            if one["event"] == "reply":
                self.assertIsInstance(one["rtt_ns"], int)
                self.assertIn(one["sequence"], (1, 2))
        self.assertEqual((told[-1]["hosts"], told[-1]["answered"], told[-1]["sent"]), (2, 2, 4))

    def test_a_flood_ends_at_its_deadline(self):
        done = run("sockping", "-q", "-f", "-w", 0.3, "127.0.0.1")
        self.assertEqual((done.returncode, done.stderr), (0, ""))


class Misused(unittest.TestCase):
    def test_says_what_is_wrong(self):
        for arguments in (
            [],
            ["-c", 0, "127.0.0.1"],
            ["-c", "many", "127.0.0.1"],
            ["-s", 65508, "127.0.0.1"],
            ["-t", 0, "127.0.0.1"],
            ["-t", 256, "127.0.0.1"],
            ["-i", "-1", "127.0.0.1"],
            ["-4", "-6", "127.0.0.1"],
            ["--sweep", "10.0.0.0/7"],
            ["--file", "/nowhere"],
            ["-p", "xyz", "127.0.0.1"],
            ["-F", "0", "::1"],
            ["-F", "100000", "::1"],
            ["-F", "12x", "::1"],
            ["-4", "-F", "1", "127.0.0.1"],
            ["-M", "maybe", "127.0.0.1"],
            ["--json", "--csv", "127.0.0.1"],
        ):
            with self.subTest(arguments=arguments):
                done = run("sockping", *arguments)
                self.assertEqual((done.returncode, done.stdout), (2, b""))
                self.assertRegex(done.stderr, "^sockping: ")

    def test_draws_no_routes(self):
        for option in (["--plot"], ["--svg", "route.svg"]):
            done = run("sockping", "--trace", *option, "127.0.0.1")
            self.assertEqual((done.returncode, done.stdout), (2, b""))
            self.assertRegex(done.stderr, f"^sockping: --trace excludes {option[0]}\n")
            self.assertFalse(os.path.exists("route.svg"))

    def test_shows_its_help(self):
        done = run("sockping", "--help")
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        self.assertIn(b"--interval", done.stdout)

    def test_fails_for_a_name_that_is_none(self):
        if reason := may_ping("127.0.0.1"):
            self.skipTest(reason)
        for host in ("a..b", "127.1", "host.invalid"):
            with self.subTest(host=host):
                done = run("sockping", "-c", 1, host)
                self.assertEqual((done.returncode, done.stdout), (1, b""))
                self.assertRegex(done.stderr, f"^sockping: {re.escape(host)}: ")


@harness.needs_signals
class Running(unittest.TestCase):
    def setUp(self):
        if reason := may_ping("127.0.0.1"):
            self.skipTest(reason)
        self.process = subprocess.Popen(
            tool("sockping", "-i", 0.05, "127.0.0.1"),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        self.addCleanup(self.process.communicate)
        self.addCleanup(self.process.kill)
        for _ in range(2):  # once there is a reply, it is in the middle of its work
            self.process.stdout.readline()

    def test_ends_with_the_summary_when_interrupted(self):
        for wanted in (signal.SIGINT, signal.SIGTERM):
            with self.subTest(signal=wanted):
                self.process.send_signal(wanted)
                output, errors = self.process.communicate(timeout=harness.LIMIT)
                self.assertEqual((self.process.returncode, errors), (0, b""))
                said = output.decode()
                self.assertRegex(said, r"received, \S+% packet loss")
                self.assertRegex(said, f"(?m)^{TIMES}$")
                self.doCleanups()
                self.setUp()

    def test_tells_how_it_goes_when_asked_and_goes_on(self):
        for _ in range(3):
            self.process.send_signal(signal.SIGQUIT)
            self.assertRegex(self.process.stderr.readline().decode(), rf"^127\.0\.0\.1: {STATUS}$")
            self.process.stdout.readline()
        self.process.send_signal(signal.SIGINT)
        output, errors = self.process.communicate(timeout=harness.LIMIT)
        self.assertEqual((self.process.returncode, errors), (0, b""))
        self.assertRegex(output.decode(), f"(?m)^{TIMES}$")

    def test_ends_when_nobody_reads(self):
        self.process.stdout.close()
        self.assertEqual(self.process.wait(harness.LIMIT), 1)
        self.assertIn(b"standard output", self.process.stderr.read())
        self.process.stdout = None

    @harness.needs_file("/proc/self/status")
    def test_has_no_rights(self):
        with open(f"/proc/{self.process.pid}/status", encoding="ascii") as file:
            status = dict(line.split(":", 1) for line in file)
        for which in ("CapPrm", "CapEff", "CapInh", "CapAmb"):
            self.assertEqual(int(status[which], 16), 0)


class WithoutRights(unittest.TestCase):
    """As nobody, in a network of our own, which says who may open ICMP datagram sockets."""

    def run_in_network(self, group_range, *arguments):
        prepare = (
            "ip link set lo up && "
            f"echo '{group_range}' > /proc/sys/net/ipv4/ping_group_range && exec \"$@\""
        )
        network = ["unshare", "--net", "sh", "-c", prepare, "sh", *NOBODY]
        if harness.RUNNER or not works([*network, *tool("sockping", "--help")]):
            self.skipTest("no network of its own for nobody here")
        return subprocess.run(
            [*network, *tool("sockping", *arguments)], capture_output=True, timeout=harness.LIMIT
        )

    def test_says_what_would_help(self):
        done = self.run_in_network("1 0", "-c", 1, "127.0.0.1")
        self.assertEqual((done.returncode, done.stdout), (2, b""))
        self.assertRegex(done.stderr, b"^sockping: ICMP: access denied")
        for cure in (b"cap_net_raw", b"ping_group_range"):
            self.assertIn(cure, done.stderr)

    def test_pings_through_a_datagram_socket(self):
        for host in ("127.0.0.1", "::1"):
            if host == "::1" and not harness.has_ipv6():
                continue
            done = self.run_in_network("0 2147483647", "-c", 2, "-i", 0.01, host)
            self.assertEqual((done.returncode, done.stderr), (0, b""))
            lines = lines_of(done.stdout)
            self.assertEqual(lines[0], f"PING {host} ({host}) 56 data bytes, datagram socket")
            self.assertRegex(lines[5], f"^{summary(2, 2, 0)}$")

    def test_may_not_hurry(self):
        done = self.run_in_network("0 2147483647", "-c", 2, "-i", 0.001, "127.0.0.1")
        self.assertEqual((done.returncode, done.stdout), (2, b""))
        self.assertIn(b"0.002", done.stderr)


if __name__ == "__main__":
    harness.main()
