# SPDX-License-Identifier: MIT
"""What platform/guide/scan finds in the source of a program that is carried over."""

import pathlib
import re
import subprocess
import sys
import tempfile
import unittest

GUIDE = pathlib.Path(__file__).resolve().parents[2] / "platform" / "guide"

# What each list leads to, by its patterns or by what no pattern finds. A number that is gone is a mistake; one
# that is new comes here too.
REACHED = {
    "Windows": """
        005 012 013 014 015 016 017 020 021 022 023 024 025 026 028 034 035 037 038 045 053 061 068 070 071
        078 079 082 083 086 087 088 089 092 093 094 095 097 098 100 101 103 104 105 106 107 108 110 111 119
        120 121 122 123 125 130 131 135 136 147 148 150 151 158 160 162 164 165 166 168 169 171 172 181 183
        186 187 190 193 194 195 196 198 203 205 220""",
    "POSIX": """
        001 002 012 015 023 025 026 027 030 034 036 037 050 051 053 054 058 059 065 066 068 075 081 082 087
        090 101 102 106 108 109 110 111 112 113 116 117 134 136 137 147 151 152 153 159 170 171 185 186 191
        192 193 195 196 198 203 204 209 210 212 213 219""",
}

# A line of a program from the other system, and an entry that it leads to.
LINES = {
    "windows": [
        ("shutdown(listener, SHUT_RDWR);", "D061"),
        ("setsockopt(s, IPPROTO_IP, IP_ADD_MEMBERSHIP, &group, sizeof group);", "D147"),
        ("to.sin_addr.s_addr = htonl(INADDR_BROADCAST);", "D148"),
        ("getsockname(listener, &where, &size);", "D220"),
    ],
    "posix": [
        ("send(s, data, size, 0);", "D082"),
        ("send(s, data, size, 0);", "D196"),
        ("closesocket(s);", "D198"),
        ("recvfrom(s, data, size, 0, (SOCKADDR_IN*)&from, &length);", "D137"),
        ("accept(s, (struct sockaddr_in*)&from, &length);", "D058"),
        ("int length = sizeof(SOCKADDR_IN);", "D212"),
        ("setsockopt(s, SOL_SOCKET, SO_KEEPALIVE, (const char*)&on, sizeof on);", "D116"),
        ("BOOL bOptVal = TRUE;", "D116"),
        ("bind(s, &name, sizeof name);", "D109"),
        ("bind(s, &name, sizeof name);", "D147"),
        ("name.sin_port = htons(80);", "D219"),
        ("name.sin_port = htons( 1023 );", "D219"),
        ("ReadFile((HANDLE)s, data, size, &got, &operation);", "D204"),
    ],
}
HARMLESS = {
    "windows": ["sock = connect_to(host);", "int getsocknames;"],
    "posix": ["auto call = std::bind(f, 1);", "port = htons(1024);", "port = htons(port);", "ReadFiles();"],
}


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

    def test_finds_what_is_ported_by_lines(self):
        for target, lines in LINES.items():
            for line, entry in lines:
                with self.subTest(line, entry=entry):
                    self.assertRegex(scan(line + "\n", "--to", target)[1], rf"\b{entry}\b")

    def test_finds_nothing_in_what_only_looks_like_it(self):
        for target, lines in HARMLESS.items():
            for line in lines:
                with self.subTest(line):
                    self.assertEqual(scan(line + "\n", "--to", target), (0, ""))

    def test_leads_to_each_entry_that_a_porter_needs(self):
        lists = (GUIDE / "grep.md").read_text(encoding="utf-8").split("\n## To ")[1:]
        self.assertEqual([each.split("\n", 1)[0] for each in lists], list(REACHED))
        for system, text in zip(REACHED, lists):
            with self.subTest(system):
                self.assertEqual(set(re.findall(r"\bD(\d{3})\b", text)), set(REACHED[system].split()))

    def test_reads_each_row_of_the_tables(self):
        text = (GUIDE / "grep.md").read_text(encoding="utf-8")
        rows = [line for line in text.splitlines() if line.startswith("| `")]
        row = re.compile(r"\| `.+` \|( D\d{3})+ \|")
        self.assertEqual([line for line in rows if not row.fullmatch(line)], [])

    def test_names_entries_that_exist(self):
        pages = "".join(page.read_text(encoding="utf-8") for page in GUIDE.glob("[0-9]*.md"))
        numbers = set(re.findall(r"D\d{3}", (GUIDE / "grep.md").read_text(encoding="utf-8")))
        self.assertEqual([n for n in sorted(numbers) if f"## {n} " not in pages], [])


if __name__ == "__main__":
    unittest.main()
