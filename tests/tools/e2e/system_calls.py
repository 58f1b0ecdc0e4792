# SPDX-License-Identifier: MIT
"""What a call of the library asks of the system, as strace sees it."""

import os
import re
import shutil
import subprocess
import sys
import tempfile
import unittest

import harness

PROGRAM = os.environ.get("PORTSOCK_COUNTED_CALLS", "build/dev/tests/tools/e2e/counted_calls")
CALL = re.compile(r"(\w+)\(")
MARK = re.compile(r'writev?\(1, .*"mark')  # musl has it written by writev
# Of the run-time libraries, and of sanitizers; not what is counted.
OTHERS = {"brk", "futex", "madvise", "mmap", "mprotect", "munmap", "rt_sigprocmask"}


def can_trace():
    """strace is here, the program runs on this system without an emulator, and may be traced."""
    if harness.RUNNER or shutil.which("strace") is None:
        return False
    traced = subprocess.run(["strace", "-o", os.devnull, "true"], stderr=subprocess.DEVNULL)
    return traced.returncode == 0


def trace(name, *options):
    """Runs the call called so. What it printed, and the system calls between its marks."""
    with tempfile.NamedTemporaryFile("r") as log:
        done = subprocess.run(
            ["strace", "-o", log.name, *options, PROGRAM, name],
            stdout=subprocess.PIPE,
            timeout=harness.LIMIT,
            # LeakSanitizer traces, too, and a process has one tracer.
            env={**os.environ, "ASAN_OPTIONS": "detect_leaks=0"},
        )
        lines = log.read().splitlines()
    assert done.returncode == 0, (name, done)
    marks = [number for number, line in enumerate(lines) if MARK.match(line)]
    between = lines[marks[0] + 1 : marks[1]] if marks else []
    calls = [match[1] for match in map(CALL.match, between) if match]
    return done.stdout.decode().split("\n"), [call for call in calls if call not in OTHERS]


class SystemCalls(unittest.TestCase):
    def test_a_deadline_costs_no_call_when_nothing_is_waited_for(self):
        for name, expected in [
            ("receive", "recvfrom|recvmsg|read"),
            ("send", "sendto|sendmsg|write"),
            ("receive_from", "recvfrom|recvmsg"),
            ("send_to", "sendto|sendmsg"),
        ]:
            with self.subTest(name):
                _, calls = trace(name)
                self.assertEqual(len(calls), 1, calls)
                self.assertRegex(calls[0], expected)

    def test_a_connect_is_waited_for_once_at_most(self):
        _, calls = trace("connect")
        self.assertEqual(calls.count("connect"), 1, calls)
        self.assertLessEqual(sum(calls.count(wait) for wait in ("poll", "ppoll")), 1, calls)
        # Opened, not blocking and blocking again, asked how it went and for both ends, closed.
        self.assertLessEqual(len(calls), 9, calls)

    def test_a_wait_is_one_call_however_many_are_watched(self):
        _, calls = trace("epoll")
        self.assertEqual(len(calls), 1, calls)
        self.assertRegex(calls[0], "epoll_p?wait2?")

    def test_a_wait_over_io_uring_is_one_call_at_most(self):
        printed, calls = trace("io_uring")
        if "not here" in printed:
            self.skipTest("the running system has none")
        # The kernel may have written the answers at the end of an earlier call.
        self.assertIn(calls, ([], ["io_uring_enter"]))

    def test_a_wait_looks_again_only_when_it_is_told_to(self):
        _, calls = trace("wait_a_little")
        self.assertEqual(len(calls), 1, calls)
        _, calls = trace("spin")
        self.assertGreater(len(calls), 2)

    def test_a_wait_of_300_us_goes_without_epoll_pwait2(self):
        for error in ("ENOSYS", "EPERM"):
            _, calls = trace("wait_a_little", "-e", f"inject=epoll_pwait2:error={error}")
            self.assertEqual(len(calls), 2, calls)
            self.assertEqual(calls[0], "epoll_pwait2")

    def test_epoll_stands_in_for_an_io_uring_that_is_forbidden(self):
        for error in ("ENOSYS", "EPERM", "EACCES", "ENOMEM"):
            printed, _ = trace("fall_back", "-e", f"inject=io_uring_setup:error={error}")
            self.assertIn("epoll", printed)

    def test_a_sweep_receives_about_as_often_as_it_sends(self):
        printed, calls = trace("sweep")
        if "not here" in printed:
            self.skipTest("no raw sockets here")
        sends = calls.count("sendmmsg") or calls.count("sendmsg")  # musl makes many of one
        self.assertGreaterEqual(sends, 254 // 8)
        # Now and then the system may answer after the call that asked.
        self.assertLessEqual(calls.count("recvmmsg"), 2 * sends, calls)


if __name__ == "__main__":
    if not can_trace():
        sys.exit(77)
    harness.main()
