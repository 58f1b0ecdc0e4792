# SPDX-License-Identifier: MIT
"""What platform/guide/scan finds in the source of a program that is carried over."""

import pathlib
import re
import subprocess
import sys
import tempfile
import unittest

GUIDE = pathlib.Path(__file__).resolve().parents[2] / "platform" / "guide"


def scan(source, *options, name="program.c"):
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder, name)
        path.write_text(source, encoding="utf-8")
        done = subprocess.run(
            [sys.executable, GUIDE / "scan", *options, folder], capture_output=True, text=True, timeout=30
        )
        return done.returncode, done.stdout.replace(folder + "/", "")


class Scan(unittest.TestCase):
    def test_names_the_place_and_the_entries(self):
        code, said = scan("int a;\nsetsockopt(s, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);\n")
        self.assertEqual(code, 1)
        self.assertRegex(said, r"(?m)^program\.c:2: SO_REUSEADDR  D105 .+ means something else$")
        self.assertRegex(said, r"(?m)^ +D106 ")

    def test_finds_nothing_where_there_is_nothing(self):
        self.assertEqual(scan("int main() { return 0; }\n"), (0, ""))

    def test_does_not_look_into_comments_and_strings(self):
        source = '/* SO_REUSEADDR\n SIGPIPE */ const char* a = "EINTR \\" SIGPIPE"; // fork()\n'
        self.assertEqual(scan(source), (0, ""))

    def test_counts_lines_behind_a_long_comment(self):
        _, said = scan("/* 1\n 2\n 3 */\nfork();\n", "--to", "windows")
        self.assertIn("program.c:4: fork", said)

    def test_looks_for_what_matters_to_the_target(self):
        source = "WSAStartup(2, &data);\nfork();\n"
        self.assertNotIn("WSAStartup", scan(source, "--to", "windows")[1])
        self.assertNotIn("fork", scan(source, "--to", "posix")[1])
        self.assertIn("WSAStartup", scan(source, "--to", "posix")[1])

    def test_leaves_other_files_alone(self):
        self.assertEqual(scan("fork()", name="notes.txt"), (0, ""))

    def test_takes_bytes_that_are_no_text(self):
        with tempfile.NamedTemporaryFile(suffix=".c") as file:
            file.write(b"\xff\xfe fork()\n")
            file.flush()
            done = subprocess.run([sys.executable, GUIDE / "scan", file.name], capture_output=True, timeout=30)
        self.assertEqual(done.returncode, 1)

    def test_says_which_file_it_cannot_read(self):
        done = subprocess.run(
            [sys.executable, GUIDE / "scan", "/nowhere/at/all.c"], capture_output=True, text=True, timeout=30
        )
        self.assertEqual(done.returncode, 2)
        self.assertIn("/nowhere/at/all.c", done.stderr)

    def test_names_entries_that_exist(self):
        pages = "".join(page.read_text(encoding="utf-8") for page in GUIDE.glob("[0-9]*.md"))
        numbers = set(re.findall(r"D\d{3}", (GUIDE / "grep.md").read_text(encoding="utf-8")))
        self.assertGreater(len(numbers), 80)
        self.assertEqual([n for n in sorted(numbers) if f"## {n} " not in pages], [])


if __name__ == "__main__":
    unittest.main()
