# SPDX-License-Identifier: MIT
"""The manual pages and the completions name every option that there is."""

import pathlib
import re
import subprocess
import unittest

import harness
from harness import run

TOOLS = pathlib.Path(__file__).resolve().parents[3] / "tools"


def options_of(tool):
    """All names of options in what --help prints."""
    said = run(tool, "--help").stdout.decode().replace("\r\n", "\n")
    names = set()
    for line in re.findall(r"^  (-\S+)", said, re.MULTILINE):
        names.update(line.split(","))
    return names


class Documents(unittest.TestCase):
    def check(self, path, names, unescape=lambda text: text):
        text = unescape((TOOLS / path).read_text(encoding="utf-8"))
        missing = [n for n in sorted(names) if not re.search(rf"(?<![\w-]){n}(?![\w-])", text)]
        self.assertEqual(missing, [], path)

    def test_name_every_option(self):
        for tool in "socksend", "socklisten", "sockping":
            names = options_of(tool)
            self.assertGreater(len(names), 20, tool)
            self.check(f"man/{tool}.1", names, lambda text: text.replace("\\-", "-"))
            self.check(f"completions/{tool}.bash", names)
            self.check(f"completions/_{tool}", names)
            self.check("completions/portsock.ps1", names)

    @harness.needs_program("bash")
    def test_bash_completes_an_option(self):
        script = TOOLS / "completions/socklisten.bash"
        ask = f"source '{script}'; COMP_WORDS=(socklisten --ec); COMP_CWORD=1; _socklisten; echo ${{COMPREPLY[@]}}"
        done = subprocess.run(["bash", "-c", ask], stdout=subprocess.PIPE, timeout=harness.LIMIT)
        self.assertEqual(done.stdout, b"--echo\n")

    @harness.needs_program("groff")
    def test_the_manual_is_well_formed(self):
        for tool in "socksend", "socklisten", "sockping":
            command = ["groff", "-man", "-Tutf8", "-ww", TOOLS / f"man/{tool}.1"]
            done = subprocess.run(command, capture_output=True, timeout=harness.LIMIT)
            self.assertEqual((done.returncode, done.stderr), (0, b""))


if __name__ == "__main__":
    harness.main()
