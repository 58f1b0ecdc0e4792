# SPDX-License-Identifier: MIT
"""sockping with every right that a system gives or withholds, in a network that says who may ping."""

import os
import shutil
import subprocess
import tempfile
import unittest

import harness
from harness import tool
from harness.network import works

NOBODY = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"]
ROOT_WITHOUT_RAW = ["setpriv", "--bounding-set=-net_raw", "--inh-caps=-net_raw"]
NO_NEW_RIGHTS = [*NOBODY, "setpriv", "--no-new-privs"]
OWN_USERS = ["unshare", "--user", "--map-root-user", "--net", "sh", "-c", 'ip link set lo up; exec "$@"', "sh"]
EVERYBODY, NO_ONE = "0 2147483647", "1 0"


class InItsOwnNetwork(unittest.TestCase):
    def setUp(self):
        if harness.RUNNER or not works(["unshare", "--net", "setpriv", "--help"]):
            self.skipTest("no network of its own here")

    def ping(self, who, group_range, *arguments, program=None):
        prepare = f"ip link set lo up; echo '{group_range}' > /proc/sys/net/ipv4/ping_group_range; exec \"$@\""
        program = program or tool("sockping")
        command = ["unshare", "--net", "sh", "-c", prepare, "sh", *who, *program, "-c", "2", "-i", "0.01"]
        return subprocess.run(
            [*command, *arguments, "127.0.0.1"], capture_output=True, timeout=harness.LIMIT
        )

    def assert_works_by(self, kind, done):
        self.assertEqual((done.returncode, done.stderr), (0, b""))
        lines = done.stdout.decode().splitlines()
        self.assertEqual(lines[0], f"PING 127.0.0.1 (127.0.0.1) 56 data bytes, {kind} socket")
        self.assertIn("2 packets transmitted, 2 received, 0% packet loss", done.stdout.decode())

    def assert_refused(self, done, reason):
        self.assertEqual((done.returncode, done.stdout), (2, b""))
        self.assertRegex(done.stderr.decode(), f"^sockping: ICMP: {reason}")


class Rights(InItsOwnNetwork):
    def test_root_has_a_raw_socket(self):
        self.assert_works_by("raw", self.ping([], NO_ONE))
        self.assert_works_by("raw", self.ping([], EVERYBODY))

    def test_the_backend_that_is_named_is_the_one_that_is_used(self):
        for who, groups, backend, kind in (
            ([], EVERYBODY, "raw", "raw"),
            ([], EVERYBODY, "datagram", "datagram"),
            (NOBODY, EVERYBODY, "datagram", "datagram"),
            (ROOT_WITHOUT_RAW, EVERYBODY, "datagram", "datagram"),
        ):
            with self.subTest(who=who, backend=backend):
                self.assert_works_by(kind, self.ping(who, groups, "--backend", backend))

    def test_the_backend_that_is_forbidden_is_refused_though_another_would_do(self):
        for who, groups, backend, reason in (
            (NOBODY, EVERYBODY, "raw", "access denied"),
            (ROOT_WITHOUT_RAW, EVERYBODY, "raw", "access denied"),
            ([], NO_ONE, "datagram", "access denied"),
            ([], EVERYBODY, "system", "not supported"),
        ):
            with self.subTest(who=who, backend=backend):
                self.assert_refused(self.ping(who, groups, "--backend", backend), reason)

    def test_without_a_raw_socket_there_is_the_datagram_one(self):
        for who in (NOBODY, ROOT_WITHOUT_RAW, NO_NEW_RIGHTS):
            with self.subTest(who=who):
                self.assert_works_by("datagram", self.ping(who, EVERYBODY))

    def test_with_neither_it_says_what_would_help(self):
        for who in (NOBODY, ROOT_WITHOUT_RAW, NO_NEW_RIGHTS):
            with self.subTest(who=who):
                done = self.ping(who, NO_ONE)
                self.assert_refused(done, "access denied")
                self.assertIn(b"setcap cap_net_raw+ep", done.stderr)

    def test_a_user_who_is_root_of_his_own_network_has_a_raw_socket(self):
        for who in ([], NOBODY):
            command = [*who, *OWN_USERS]
            if not works([*command, "true"]):
                self.skipTest("no user namespaces here")
            done = subprocess.run(
                [*command, *tool("sockping", "-c", 2, "-i", 0.01, "127.0.0.1")],
                capture_output=True,
                timeout=harness.LIMIT,
            )
            self.assert_works_by("raw", done)


class FileCapability(InItsOwnNetwork):
    def setUp(self):
        super().setUp()
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        os.chmod(folder.name, 0o755)
        copy = os.path.join(folder.name, "sockping")
        shutil.copy(tool("sockping")[0], copy)
        self.program = [copy]
        if not works(["setcap", "cap_net_raw+ep", copy]):
            self.skipTest("files have no capabilities here")

    def test_gives_nobody_a_raw_socket(self):
        self.assert_works_by("raw", self.ping(NOBODY, NO_ONE, program=self.program))

    def test_is_of_no_use_where_programs_gain_no_rights(self):
        self.assert_refused(self.ping(NO_NEW_RIGHTS, NO_ONE, program=self.program), "access denied")

    def test_is_given_up_once_the_socket_is_open(self):
        command = ["unshare", "--net", "sh", "-c", 'ip link set lo up; exec "$@"', "sh", *NOBODY]
        process = subprocess.Popen([*command, *self.program, "127.0.0.1"], stdout=subprocess.PIPE)
        self.addCleanup(process.communicate)
        self.addCleanup(process.kill)
        for _ in range(2):  # once there is a reply, it is in the middle of its work
            process.stdout.readline()
        with open(f"/proc/{process.pid}/status", encoding="ascii") as file:
            status = dict(line.split(":", 1) for line in file)
        for which in ("CapPrm", "CapEff", "CapInh", "CapAmb"):
            self.assertEqual(int(status[which], 16), 0, which)


if __name__ == "__main__":
    harness.main()
