# SPDX-License-Identifier: MIT
"""Each system call that the library makes fails once with each error that its manual page names.

The scenarios of tests/faults run one at a time under strace, which makes one call fail. The library may
recover, or tell that very error, in its own words; it may not crash, hang, leave a handle open, or say that
it succeeded when it did not. With PORTSOCK_INJECTIONS=all (ci/stages/faults) each call meets each of its
errors, otherwise every second call one of them, each in its turn.
"""

import collections
import concurrent.futures
import errno
import os
import re
import shutil
import subprocess
import sys
import tempfile
import unittest

import harness

PROGRAM = os.environ.get("PORTSOCK_FAULTS", "")
ALL = os.environ.get("PORTSOCK_INJECTIONS") == "all"
SYSTEM = "0"  # error_domain::system
OTHER = "unexpected error"  # what an error means that the table does not have

# What section 2 of the manual names for the ways in which the library calls them. Not what only a wrong
# pointer, or a wrong program, could bring about.
ERRORS = {
    "socket": "EACCES EAFNOSUPPORT EINVAL EMFILE ENFILE ENOBUFS ENOMEM EPROTONOSUPPORT",
    "socketpair": "EAFNOSUPPORT EMFILE ENFILE EOPNOTSUPP EPROTONOSUPPORT",
    "bind": "EACCES EADDRINUSE EINVAL EADDRNOTAVAIL ELOOP ENAMETOOLONG ENOENT ENOMEM ENOTDIR EROFS",
    "listen": "EADDRINUSE EOPNOTSUPP",
    "connect": "EACCES EPERM EADDRINUSE EADDRNOTAVAIL EAFNOSUPPORT EAGAIN ECONNREFUSED ENETUNREACH EPROTOTYPE ETIMEDOUT",
    "accept4": "EAGAIN EMFILE ENFILE ENOBUFS ENOMEM EPERM ECONNABORTED EPROTO ENETDOWN EHOSTUNREACH",
    "getsockname": "EINVAL ENOBUFS ENOTSOCK",
    "getpeername": "EINVAL ENOBUFS ENOTCONN",
    "getsockopt": "EINVAL ENOPROTOOPT ENOTSOCK",
    "setsockopt": "EINVAL ENOPROTOOPT ENOTSOCK ENOMEM EPERM ENODEV",
    "shutdown": "EINVAL ENOTCONN",
    "sendto": "EACCES EAGAIN ECONNRESET EDESTADDRREQ EMSGSIZE ENOBUFS ENOMEM ENOTCONN EPIPE EPERM EHOSTUNREACH",
    "recvfrom": "EAGAIN ECONNREFUSED ECONNRESET ENOMEM ENOTCONN ETIMEDOUT",
    "epoll_create1": "EMFILE ENFILE ENOMEM",
    "epoll_ctl": "EEXIST EINVAL ENOENT ENOMEM ENOSPC EPERM",
    "epoll_wait": "EBADF EINVAL",
    "poll": "EINVAL ENOMEM",
    "io_uring_setup": "EINVAL EMFILE ENFILE ENOMEM EPERM ENOSYS",
    "io_uring_enter": "EAGAIN EBUSY EBADF EINVAL EOPNOTSUPP",
    "mmap": "EACCES EAGAIN ENFILE ENOMEM EPERM",
    "pipe": "EMFILE ENFILE",
    "fcntl": "EBADF EMFILE EPERM EBUSY",
    "ioctl": "EBADF EINVAL ENOTTY",
    "openat": "EACCES EISDIR ELOOP EMFILE ENAMETOOLONG ENFILE ENOENT ENOMEM ENOSPC ENOTDIR EROFS ETXTBSY",
    "newfstatat": "EACCES ENOENT ENOMEM ELOOP",
    "lseek": "EINVAL ESPIPE EOVERFLOW",
    "read": "EAGAIN EIO EISDIR EINVAL",
    "write": "EDQUOT EFBIG EIO ENOSPC EPIPE EPERM",
    "sendfile": "EAGAIN EINVAL EIO ENOMEM EOVERFLOW ESPIPE",
    "splice": "EAGAIN EINVAL ENOMEM ESPIPE",
    "flock": "EAGAIN ENOLCK",
    "fchmodat": "EPERM EROFS ENOENT ENOMEM EOPNOTSUPP",
    "unlink": "EACCES EBUSY EPERM EROFS ENOENT",
    "close": "EIO ENOSPC EDQUOT",
    "capset": "EPERM EINVAL",
    "prctl": "EINVAL EPERM",
    "setresuid": "EAGAIN EPERM",
    "rt_sigaction": "EINVAL",
}
SAME = {
    "socket": (),
    "pipe": ("pipe2",),
    "poll": ("ppoll",),
    "epoll_wait": ("epoll_pwait", "epoll_pwait2"),
    "sendto": ("sendmsg", "sendmmsg"),
    "recvfrom": ("recvmsg", "recvmmsg"),
    "read": ("pread64",),
    "newfstatat": ("fstat", "lstat", "stat"),
    "fchmodat": ("chmod",),
    "setresuid": ("setresgid", "setuid", "setgid", "setgroups"),
}
for one, others in SAME.items():
    ERRORS.update({other: ERRORS[one] for other in others})

# A signal may end each of these, and the library calls again. Not connect: it goes on by itself, which a
# call that strace has not let through does not.
INTERRUPTED = {
    "accept4", "sendto", "sendmsg", "sendmmsg", "recvfrom", "recvmsg", "recvmmsg", "epoll_wait", "epoll_pwait",
    "epoll_pwait2", "poll", "ppoll", "io_uring_enter", "openat", "read", "pread64", "write", "sendfile", "splice",
    "flock",
}  # fmt: skip

# Where the library does not tell the very error, and what it tells instead: scenarios, calls, errors, words.
TRANSLATED = [
    # The words of the place: what a code means there is known better than from the table.
    (r".*", r"connect", r"EADDRINUSE", "address not available"),
    (r"datagram_.*|raw|local_datagrams", r"send.*", r"ENOBUFS", "operation would block"),
    (r"ping_.*", r"send.*", r"ENOBUFS", "operation would block"),
    (r".*", r"send.*", r"EPIPE", "connection reset"),
    (r"(?!datagram_|ping_|raw|local_datagrams).*", r"(recv|send).*|splice|readv|writev", r"ETIMEDOUT", "connection reset"),
    (r"measure|datagram_losses", r"getsockopt", r"EINVAL|ENOPROTOOPT", "not supported"),
    (r"wait_by_epoll|wake", r"epoll_ctl", r"EEXIST|ENOENT", "invalid argument"),
    (r"interfaces|datagram_join", r"ioctl", r"EINVAL", "not supported"),  # glibc: a kernel that knows no indices
    (r"local_.*", r"flock", r"EAGAIN", "address in use"),
    (r"local_.*", r"newfstatat|lstat", r"ENOENT", "address not available"),
    # Whoever cannot find out whether the other one is dead does not take its place.
    (r"local_stale", r".*", r".*", "address in use"),
]
# What a resolver makes of a file that it cannot read is its own business, signals included.
RESOLVER = "2"  # error_domain::resolver
# What the library calls and has no way to tell.
SILENT = [
    (r"wake|cancel", r"write", r"a pipe that is full has been woken; it cannot fail otherwise"),
    (r"local_in_use", r"connect", r"who refuses is dead"),
    (r".*", r"close", r"strace kept it from closing: what should have ended goes on"),
]
# For these glibc ends the program: it takes its own netlink socket for closed by somebody else.
FATAL_TO_GLIBC = {"EBADF", "ENOTSOCK", "ENOTCONN", "ECONNREFUSED", "EAGAIN"}

# A list of interfaces takes musl several calls, and all of them again when a signal ends one.
ASK_AT_LENGTH = {"interfaces", "datagram_join"}

CALL = re.compile(r"(\w+)\(")
MARK = "writev(2, NULL, 0)"


def can_trace():
    if harness.RUNNER or not PROGRAM or shutil.which("strace") is None:
        return False
    traced = subprocess.run(["strace", "-o", os.devnull, "true"], stderr=subprocess.DEVNULL)
    return traced.returncode == 0


Outcome = collections.namedtuple("Outcome", "status handles lines trace")
Injection = collections.namedtuple("Injection", "scenario call number error every")


def run(scenario, *options):
    """One scenario under strace: what it printed, and what strace saw."""
    with tempfile.TemporaryDirectory(prefix="ps") as folder:
        trace = os.path.join(folder, "trace")
        # What the library waits for ends after seconds. With less to look at, strace is faster.
        try:
            done = subprocess.run(
                ["strace", "-f", "--seccomp-bpf", "-qq", "-o", trace, *options, PROGRAM, scenario],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                timeout=harness.LIMIT,
                # LeakSanitizer traces, too, and a process has one tracer.
                env={**os.environ, "PORTSOCK_FAULTS_FOLDER": folder, "ASAN_OPTIONS": "detect_leaks=0"},
            )
        except subprocess.TimeoutExpired:
            return Outcome("it hangs", 0, ["hangs"], "")
        with open(trace, encoding="utf-8", errors="replace") as log:
            seen = log.read()
    lines = done.stdout.decode().splitlines()
    if done.returncode != 0 or len(lines) != 2:
        return Outcome(f"it ended with {done.returncode}", 0, ["crashed"], seen)
    return Outcome("", int(lines[1]), lines[0].split("|"), seen)


def calls_of(scenario):
    """What the scenario asks of the system between its marks: names, and the how-manieth of its name it is."""
    outcome = run(scenario)
    counts = collections.Counter()
    found = []
    marks = 0
    for line in outcome.trace.splitlines():
        line = line.split(" ", 1)[1].lstrip()  # behind the process
        marks += MARK in line
        if match := CALL.match(line):
            name = match[1]
            counts[name] += 1
            # Memory of a ring, not of malloc.
            if marks == 1 and name in ERRORS and (name != "mmap" or "MAP_SHARED" in line):
                found.append((name, counts[name], "AF_NETLINK" in line))
    return outcome, found


def plan(scenario, calls, turn):
    for name, number, is_netlink in calls:
        errors = [error for error in ERRORS[name].split() if not is_netlink or error not in FATAL_TO_GLIBC]
        if name in INTERRUPTED:
            errors.append("EINTR")
        now = next(turn)
        if not ALL:
            errors = [] if now % 2 else [errors[now // 2 % len(errors)]]
        yield from (Injection(scenario, name, number, error, "") for error in errors)
    for name in sorted({name for name, *_ in calls} & INTERRUPTED):
        first = next(number for other, number, _ in calls if other == name)
        yield Injection(scenario, name, first, "EINTR", "+9" if scenario in ASK_AT_LENGTH else "+2")


def perform(what):
    when = f"{what.number}{what.every}"
    return run(what.scenario, "-e", f"trace={what.call}", "-e", f"inject={what.call}:error={what.error}:when={when}")


def load_meanings():
    listed = subprocess.run([PROGRAM, "--errors"], stdout=subprocess.PIPE, check=True, timeout=harness.LIMIT)
    rows = [line.split("|") for line in listed.stdout.decode().splitlines()]
    return {name: meaning for name, _, meaning in reversed(rows)}


class Injections(unittest.TestCase):
    def verdict(self, what, outcome):
        """Nothing, or what is not as it should be."""
        if outcome.status:
            return outcome.status
        # strace kept the call from closing it. A second try could close what is somebody else's by then.
        left = 1 if what.call == "close" else 0
        if outcome.handles != left:
            return f"it leaves {outcome.handles} handles open"
        kind, *told = outcome.lines
        if kind == "done" or any(re.fullmatch(where, what.scenario) and what.call == call for where, call, _ in SILENT):
            return None
        if kind == "not here" and what.error in ("EACCES", "EPERM"):
            return None
        if kind != "failed":
            return ": ".join(outcome.lines)
        call, value, domain, meaning = told
        if what.scenario == "resolve" and domain == RESOLVER:
            return None
        if what.error == "EINTR":
            return f"a signal ended it: {outcome.lines}"
        for where, calls, errors, word in TRANSLATED:
            parts = ((where, what.scenario), (calls, what.call), (errors, what.error))
            if meaning == word and all(re.fullmatch(pattern, part) for pattern, part in parts):
                return None
        if domain == SYSTEM and int(value) == getattr(errno, what.error) and meaning == self.meanings.get(what.error, OTHER):
            return None
        return f"{call} told {value} of {domain}, {meaning}"

    def test_no_failing_call_is_a_crash_a_hang_a_leak_or_a_false_success(self):
        self.meanings = load_meanings()
        listed = subprocess.run([PROGRAM, "--list"], stdout=subprocess.PIPE, check=True, timeout=harness.LIMIT)
        turn = iter(range(1 << 30))
        with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
            scenarios = listed.stdout.decode().split()
            planned = []
            for scenario, (outcome, calls) in zip(scenarios, pool.map(calls_of, scenarios)):
                self.assertIn(outcome.lines[0], ("done", "not here"), (scenario, outcome.status, outcome.lines))
                self.assertEqual(outcome.handles, 0, scenario)
                if outcome.lines[0] == "done":
                    planned += plan(scenario, calls, turn)
            wrong = []
            counts = collections.Counter()
            for what, outcome in zip(planned, pool.map(perform, planned)):
                if "(INJECTED)" not in outcome.trace and not outcome.status:
                    counts["missed"] += 1
                    continue
                counts[outcome.lines[0]] += 1
                if os.environ.get("PORTSOCK_INJECTIONS_LOG"):
                    print(*what, *outcome.lines, sep="|")
                if found := self.verdict(what, outcome):
                    wrong.append(f"{what.scenario}: {what.call} no. {what.number}{what.every} with {what.error}: {found}")
        print(
            f"{sum(counts.values()) - counts['missed']} injections into {len(scenarios)} scenarios:"
            f" {counts['done']} recovered from, {counts['failed']} told, {len(wrong)} wrong"
            f"; {counts['missed']} calls were not made again"
        )
        self.assertEqual(wrong, [], "\n" + "\n".join(wrong))
        # A wait more or less is the machine's; many would be a plan that is out of step.
        self.assertLess(counts["missed"], len(planned) / 20)


if __name__ == "__main__":
    if not can_trace():
        sys.exit(77)
    harness.main()
