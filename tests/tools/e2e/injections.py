# SPDX-License-Identifier: MIT
"""Each system call that the library makes fails once with each error that its manual page names.

The scenarios of tests/faults run one at a time under strace, which makes one call fail. The library may
recover, or tell that very error, in its own words; it may not crash, hang, leave a handle open, or say that
it succeeded when it did not, which the scenarios find out from what each call is for. With
PORTSOCK_INJECTIONS=all (ci/stages/faults) each call meets each of its errors, and each call of the table has
to meet them somewhere; otherwise every second call meets one of them, each in its turn.
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
import typing
import unittest

import harness

sys.path.append(os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "faults"))
import expectations  # noqa: E402
from expectations import ERRORS  # noqa: E402

PROGRAM = os.environ.get("PORTSOCK_FAULTS", "")
ALL = os.environ.get("PORTSOCK_INJECTIONS") == "all"
SYSTEM = "0"  # error_domain::system
RESOLVER = "2"  # error_domain::resolver
OTHER = "unexpected error"  # what an error means that the library's table does not have
CALL = re.compile(r"(\w+)\(")
MARK = "writev(2, NULL, 0"  # and perhaps "unfinished"


def can_trace():
    if harness.RUNNER or not PROGRAM or shutil.which("strace") is None:
        return False
    traced = subprocess.run(["strace", "-o", os.devnull, "true"], stderr=subprocess.DEVNULL)
    return traced.returncode == 0


Outcome = collections.namedtuple("Outcome", "status handles lines trace")


class Injection(typing.NamedTuple):
    scenario: str
    call: str
    number: int
    error: str
    every: str = ""  # how many later it fails again
    before: tuple = ()  # what fails before it, in words of strace

    def __str__(self):
        after = f" after {self.before[1]}" if self.before else ""
        return f"{self.scenario}: {self.call} no. {self.number}{self.every} with {self.error}{after}"

    def is_among(self, rows):
        """Whether there is a row that begins with the patterns of scenario, call and error."""
        mine = (self.scenario, self.call, self.error)
        return any(all(map(re.fullmatch, row[:3], mine)) for row in rows)


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


def fail(call, error, when):
    return "-e", f"inject={call}:error={error}:when={when}"


def calls_of(scenario, *options):
    """What the scenario asks of the system between its marks: names, and the how-manieth of its name it is."""
    outcome = run(scenario, *options)
    counts = collections.Counter()
    found = []
    marks = 0
    scenario_itself = None
    for line in outcome.trace.splitlines():
        process, line = line.split(" ", 1)
        # strace counts the calls of each thread by itself.
        scenario_itself = scenario_itself or process
        if process != scenario_itself:
            continue
        line = line.lstrip()
        marks += MARK in line
        if match := CALL.match(line):
            name = match[1]
            counts[name] += 1
            # Memory of a ring, or of a thread, not of malloc.
            is_ours = name != "mmap" or "MAP_SHARED" in line or "MAP_STACK" in line
            if scenario in expectations.WITH_THREADS and name == "close":
                is_ours = False
            if marks == 1 and name in ERRORS and is_ours:
                found.append((name, counts[name], "AF_NETLINK" in line))
    return outcome, found


def plan(scenario, calls, turn):
    for name, number, is_netlink in calls:
        errors = [error for error in ERRORS[name].split() if not is_netlink or error not in expectations.FATAL_TO_GLIBC]
        if name in expectations.INTERRUPTED:
            errors.append("EINTR")
        now = next(turn)
        if not ALL:
            errors = [] if now % 2 else [errors[now // 2 % len(errors)]]
        yield from (Injection(scenario, name, number, error) for error in errors)
    for name in sorted({name for name, *_ in calls} & expectations.INTERRUPTED):
        first = next(number for other, number, _ in calls if other == name)
        yield Injection(scenario, name, first, "EINTR", "+9" if scenario in expectations.ASK_AT_LENGTH else "+2")


def plan_fallbacks(calls_by_scenario, turn):
    for scenario, call, error in expectations.FALLBACKS:
        calls = calls_by_scenario.get(scenario, [])
        # The first of them: once it has failed, the library mostly calls it no more.
        number = next((number for name, number, _ in calls if name == call), None)
        if number is None:
            continue
        before = fail(call, error, number)
        _, others = calls_of(scenario, *before)
        known = {name for name, *_ in calls}
        for planned in plan(scenario, [each for each in others if each[0] not in known], turn):
            yield planned._replace(before=before)


def perform(what):
    calls = ",".join({what.call, *re.findall(r"inject=(\w+)", " ".join(what.before))})
    failing = fail(what.call, what.error, f"{what.number}{what.every}")
    return run(what.scenario, "-e", f"trace={calls}", *what.before, *failing)


def has_failed(what, trace):
    return re.search(rf"\b{what.call}\b.*\(INJECTED\)$", trace, re.MULTILINE) is not None


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
        if kind == "done" or what.is_among(expectations.SILENT):
            return None
        if kind == "not here" and what.is_among(expectations.NOT_HERE):
            return None
        if kind == "wrong" and what.is_among(row for row in expectations.WRONG if [row[3]] == told):
            return None
        if kind != "failed":
            return ": ".join(outcome.lines)
        call, value, domain, meaning = told
        # What a resolver makes of a file that it cannot read is its own business, signals included.
        if what.scenario.startswith("resolve") and domain == RESOLVER:
            return None
        if what.error == "EINTR":
            return f"a signal ended it: {outcome.lines}"
        if what.is_among(expectations.RECOVERED):
            return f"it gives up: {outcome.lines}"
        if what.is_among(row for row in expectations.TRANSLATED if row[3] == meaning):
            return None
        is_that_very_error = domain == SYSTEM and int(value) == getattr(errno, what.error)
        if is_that_very_error and meaning == self.meanings.get(what.error, OTHER):
            return None
        return f"{call} told {value} of {domain}, {meaning}"

    def plans(self, pool):
        """What is to be tried, and which scenarios this host has nothing to try with."""
        listed = subprocess.run([PROGRAM, "--list"], stdout=subprocess.PIPE, check=True, timeout=harness.LIMIT)
        turn = iter(range(1 << 30))
        scenarios = listed.stdout.decode().split()
        found = {}
        for scenario, (outcome, calls) in zip(scenarios, pool.map(calls_of, scenarios)):
            self.assertIn(outcome.lines[0], ("done", "not here"), (scenario, outcome.status, outcome.lines))
            self.assertEqual(outcome.handles, 0, scenario)
            if outcome.lines[0] == "done":
                found[scenario] = calls
        planned = [each for scenario, calls in found.items() for each in plan(scenario, calls, turn)]
        return planned + list(plan_fallbacks(found, turn)), [each for each in scenarios if each not in found]

    def expect_all_of_the_table(self, met, not_here):
        """Nothing stands in the table, which has glibc's calls on 64-bit processors, that no scenario makes any more."""
        excused = set().union(*(expectations.NEEDS.get(scenario, ()) for scenario in not_here))
        for forms in expectations.FORMS:
            excused |= forms if forms & met else set()
        self.assertEqual(sorted(set(ERRORS) - met - excused), [], "no scenario makes these calls")

    def test_no_failing_call_is_a_crash_a_hang_a_leak_or_a_false_success(self):
        self.meanings = load_meanings()
        with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
            planned, not_here = self.plans(pool)
            wrong = []
            met = set()
            counts = collections.Counter()
            for what, outcome in zip(planned, pool.map(perform, planned)):
                if not has_failed(what, outcome.trace) and not outcome.status:
                    counts["missed"] += 1
                    continue
                met.add(what.call)
                if os.environ.get("PORTSOCK_INJECTIONS_LOG"):
                    print(what, *outcome.lines, sep="|")
                found = self.verdict(what, outcome)
                counts["found" if found else outcome.lines[0]] += 1
                if found:
                    wrong.append(f"{what}: {found}")
        missed = counts.pop("missed", 0)
        print(
            f"{counts.total()} injections into {len({what.scenario for what in planned})} scenarios:"
            f" {counts.pop('done', 0)} recovered from, {counts.pop('failed', 0)} told, {counts.pop('found', 0)} wrong,"
            f" {counts.total()} that nothing can be told of; {missed} calls were not made again."
            f" Nothing to try these with: {', '.join(not_here) or 'none'}."
        )
        self.assertEqual(wrong, [], "\n" + "\n".join(wrong))
        # A wait more or less is the machine's; many would be a plan that is out of step.
        self.assertLess(missed, len(planned) / 20)
        if ALL:
            self.expect_all_of_the_table(met, not_here)


if __name__ == "__main__":
    if not can_trace():
        sys.exit(77)
    harness.main()
