#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""report.py MEASURED.json FOLDER [README]: what `compare` measured, for people.

Prints the table of goals; writes FOLDER/linux.json, linux.md and linux.svg; puts table and plot into
the README's section on speed.
"""

import datetime
import json
import os
import pathlib
import platform
import re
import sys

# What, suite, contender, goal. A goal below is a cost, at most so many times the raw calls'; one with
# ">" is a speed, at least so many times theirs.
GOALS = [
    ("blocking ping-pong, speed", "ping-pong", "portsock", ">0.985"),
    ("echo server, 100 connections, epoll", "echo, 100", "portsock epoll", "1.00"),
    ("echo server, 1,000 connections, epoll", "echo, 1000", "portsock epoll", "0.99"),
    ("echo server, 100 connections, io_uring", "echo, 100", "portsock io_uring", "0.96"),
    ("echo server, 1,000 connections, io_uring", "echo, 1000", "portsock io_uring", "0.95"),
    ("100 active and 10,000 idle, to 100 idle", "idle, portsock epoll", "10000 idle", "1.07"),
    ("accept and close", "accept", "portsock epoll", "0.87"),
    ("UDP, batch of 64, send", "UDP batch send", "portsock batch", "0.87"),
    ("UDP, batch of 64, receive", "UDP batch receive", "portsock batch", "0.95"),
    ("UDP, 64 segments, send", "UDP offload send", "portsock offload", "0.02"),
    ("UDP, 64 segments, receive", "UDP offload receive", "portsock offload", "0.03"),
    ("TCP in bulk, speed", "bulk", "portsock", ">0.99"),
    ("file to TCP by sendfile, speed", "bulk", "portsock file", ">1.2"),
    ("file to TCP by splice, speed", "bulk", "portsock splice", ">1.4"),
    ("IPv4 parse, to libc", "IPv4 parse", "portsock", "0.15"),
    ("IPv4 format, to libc", "IPv4 format", "portsock", "0.05"),
    ("IPv6 parse, to libc", "IPv6 parse", "portsock", "0.30"),
    ("IPv6 format, to libc", "IPv6 format", "portsock", "0.15"),
]
PEERS = ("asio", "libuv", "libevent", "Poco")
PLOTTED = [
    "ping-pong", "echo, 100", "echo, 1000", "accept", "UDP send", "UDP receive", "UDP batch send",
    "bulk", "IPv4 parse", "IPv6 format",
]


def machine():
    model = re.search(r"model name\s*:\s*(.*)", pathlib.Path("/proc/cpuinfo").read_text())
    system = re.search(r'PRETTY_NAME="(.*)"', pathlib.Path("/etc/os-release").read_text())
    return {
        "date": datetime.date.today().isoformat(),
        "processor": model[1] if model else platform.machine(),
        "processors": os.cpu_count(),
        "kernel": re.match(r"[\d.]*", platform.release())[0].rstrip("."),
        "system": system[1] if system else platform.system(),
        "load": round(os.getloadavg()[0], 1),
    }


def shown(outcome, speed):
    """The ratio with its interval; the other way round for a speed."""
    middle, low, high = (outcome[k] for k in ("ratio", "low", "high"))
    if speed:
        middle, low, high = 1 / middle, 1 / high, 1 / low
    return middle, low, high


def verdict(goal, outcome):
    speed = goal.startswith(">")
    limit = float(goal.lstrip(">"))
    _, low, high = shown(outcome, speed)
    if outcome["rounds"] < 6:  # the interval of fewer cannot hold 95 %
        return "undecided"
    if low >= limit if speed else high <= limit:
        return "met"
    return "missed" if (high < limit if speed else low > limit) else "undecided"


def number(value):
    return f"{value:.3f}" if value < 10 else f"{value:.1f}"


def rows(outcomes):
    found = {(o["suite"], o["name"]): o for o in outcomes}
    for what, suite, name, goal in GOALS:
        speed = goal.startswith(">")
        sign = f"≥ {goal[1:]}" if speed else f"≤ {goal}"
        outcome = found.get((suite, name))
        peers = [(shown(found[suite, p], speed)[0], p) for p in PEERS if (suite, p) in found]
        best = (max if speed else min)(peers, default=None)
        peer = f"{best[1]} {number(best[0])}" if best else ""
        if outcome is None:
            yield what, sign, "not measured", peer, ""
            continue
        middle, low, high = (number(v) for v in shown(outcome, speed))
        yield what, sign, f"{middle} [{low}–{high}]", peer, verdict(goal, outcome)


def markdown(outcomes, where):
    lines = [
        f"{where['date']}, {where['processors']} × {where['processor']}, {where['system']}, Linux"
        f" {where['kernel']}; load {where['load']} at the end.",
        "",
        "| × the raw calls | goal | portsock [95 % interval] | best peer | |",
        "|---|---|---|---|---|",
    ]
    lines += ["| " + " | ".join(row) + " |" for row in rows(outcomes)]
    return "\n".join(lines) + "\n"


def svg(outcomes, where):
    """Cost as a multiple of the raw calls', a row for each contender, cut off at twice."""
    left, width, row, most = 190, 470, 17, 2.0
    parts, y = [], 46
    scale = width / most
    top = y
    for suite in PLOTTED:
        here = [o for o in outcomes if o["suite"] == suite and o["name"] != "raw"]
        if not here:
            continue
        parts.append(f'<text x="8" y="{y + 12}" class="suite">{suite}</text>')
        y += row
        for o in sorted(here, key=lambda o: o["ratio"]):
            length = min(o["ratio"], most) * scale
            kind = "ours" if o["name"].startswith("portsock") else "theirs"
            name = o["name"].replace("&", "&amp;")
            parts.append(f'<text x="{left - 6}" y="{y + 12}" text-anchor="end">{name}</text>')
            parts.append(f'<rect x="{left}" y="{y + 3}" width="{length:.1f}" height="{row - 6}" '
                         f'class="{kind}"/>')
            low, high = (min(o[k], most) * scale + left for k in ("low", "high"))
            parts.append(f'<line x1="{low:.1f}" x2="{high:.1f}" y1="{y + 8.5}" y2="{y + 8.5}" '
                         'class="interval"/>')
            parts.append(f'<text x="{left + max(length, high - left) + 5:.1f}" y="{y + 12}" '
                         f'class="value">{o["ratio"]:.2f}</text>')
            y += row
        y += 8
    one = left + scale
    return f"""<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 720 {y + 8}" font-family="system-ui, sans-serif" font-size="12" role="img">
<title>Cost as a multiple of raw system calls: portsock and its peers</title>
<style>
  text {{ fill: #24292f }} .suite, .head {{ font-weight: 600 }} .value, .small {{ fill: #57606a; font-size: 11px }}
  .ours {{ fill: #1a7f64 }} .theirs {{ fill: #b9c0c8 }} .interval {{ stroke: #24292f; stroke-width: 1.5 }}
  .one {{ stroke: #57606a; stroke-dasharray: 3 3 }}
  @media (prefers-color-scheme: dark) {{
    text {{ fill: #e6edf3 }} .value, .small {{ fill: #9da7b1 }} .ours {{ fill: #3fb68b }}
    .theirs {{ fill: #4b545e }} .interval {{ stroke: #e6edf3 }} .one {{ stroke: #9da7b1 }}
  }}
</style>
<text x="8" y="18" class="head">Cost as a multiple of raw system calls (shorter is better)</text>
<text x="8" y="34" class="small">{where['date']}, {where['processor']}, Linux {where['kernel']}; lines are 95 % intervals; bars end at {most:.0f}</text>
<line x1="{one}" x2="{one}" y1="{top}" y2="{y}" class="one"/>
{chr(10).join(parts)}
</svg>
"""


def update_readme(path, table, plot):
    text = path.read_text(encoding="utf-8")
    section = f"<!-- ci/benchmark writes from here -->\n![Cost as a multiple of raw calls]({plot})\n\n{table}<!-- to here -->"
    marked = re.compile(r"<!-- ci/benchmark writes from here -->.*<!-- to here -->", re.DOTALL)
    if not marked.search(text):
        sys.exit(f"{path}: has no place for the results")
    path.write_text(marked.sub(lambda _: section, text), encoding="utf-8")


def main():
    measured = json.loads(pathlib.Path(sys.argv[1]).read_text(encoding="utf-8"))
    folder = pathlib.Path(sys.argv[2])
    where = machine()
    outcomes = measured["outcomes"]
    for what, goal, ours, peer, judged in rows(outcomes):
        print(f"{what:42} {goal:8} {ours:24} {judged:10} {peer}")
    folder.mkdir(parents=True, exist_ok=True)
    table = markdown(outcomes, where)
    (folder / "linux.json").write_text(json.dumps({**where, **measured}, indent=1) + "\n")
    (folder / "linux.md").write_text(table, encoding="utf-8")
    (folder / "linux.svg").write_text(svg(outcomes, where), encoding="utf-8")
    if len(sys.argv) > 3:
        update_readme(pathlib.Path(sys.argv[3]), table, folder / "linux.svg")


if __name__ == "__main__":
    main()
