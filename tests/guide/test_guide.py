# SPDX-License-Identifier: MIT
"""What ci/guide complains about."""

import importlib.machinery
import importlib.util
import pathlib
import sys
import unittest

PATH = pathlib.Path(__file__).resolve().parents[2] / "ci" / "guide"

sys.dont_write_bytecode = True  # beside a program without an ending
LOADER = importlib.machinery.SourceFileLoader("guide", str(PATH))
guide = importlib.util.module_from_spec(importlib.util.spec_from_loader("guide", LOADER))
LOADER.exec_module(guide)

TESTS = {"Stream.Ends"}
ALL = [f"D{n:03}" for n in range(1, int(guide.LAST[1:]) + 1)]


class Entry(unittest.TestCase):
    @staticmethod
    def said(**changes):
        items = {"Differs": "This.", "Bites": "That.", "portsock": "Does.", "Test": "`Stream.Ends`"}
        items = {name: text for name, text in (items | changes).items() if text}
        return list(guide.complaints("D001", items, TESTS))

    def test_that_is_complete_is_fine(self):
        self.assertEqual(self.said(), [])
        self.assertEqual(self.said(portsock=None, Yours="Do."), [])
        self.assertEqual(self.said(Test="`ci/guide`"), [])

    def test_says_what_differs_and_what_it_does(self):
        self.assertEqual(self.said(Differs=None), ["D001 has no item 'Differs'"])
        self.assertEqual(self.said(Bites=None), ["D001 has no item 'Bites'"])

    def test_has_one_decision(self):
        wanted = ["D001 needs one of the items 'portsock' and 'Yours'"]
        self.assertEqual(self.said(portsock=None), wanted)
        self.assertEqual(self.said(Yours="Do."), wanted)

    def test_needs_a_test_also_where_it_is_left_to_the_caller(self):
        self.assertEqual(self.said(Test=None), ["D001 names no test"])
        self.assertEqual(self.said(Test="Some day."), ["D001 names no test"])
        self.assertEqual(self.said(portsock=None, Yours="Do.", Test=None), ["D001 names no test"])

    def test_names_tests_that_exist(self):
        for name in "Stream.Begins", "ci/no_such_file":
            self.assertEqual(self.said(Test=f"`{name}`"), [f"D001 names a test that does not exist: {name}"])


class Order(unittest.TestCase):
    @staticmethod
    def said(seen):
        return list(guide.complaints_of_order(seen))

    def test_of_all_entries_is_fine(self):
        self.assertEqual(self.said(ALL), [])

    def test_has_no_gap_and_nothing_twice(self):
        wanted = ["the entries are not in their order: D008 where D007 should be"]
        self.assertEqual(self.said(ALL[:6] + ALL[7:]), wanted)
        wanted = ["the entries are not in their order: D007 where D008 should be"]
        self.assertEqual(self.said(ALL[:7] + ALL[6:]), wanted)

    def test_ends_with_the_last_entry(self):
        wanted = [f"the entries are not in their order: none where {guide.LAST} should be"]
        self.assertEqual(self.said(ALL[:-1]), wanted)
        wanted = ["the entries are not in their order: D999 where none should be"]
        self.assertEqual(self.said([*ALL, "D999"]), wanted)


class Threat(unittest.TestCase):
    @staticmethod
    def said(*rows):
        table = ["# Title", "", "| a threat | what stands against it | test |", "|---|---|---|", *rows, "", "Text."]
        return list(guide.complaints_of_threats("\n".join(table), TESTS))

    def test_with_a_test_is_fine(self):
        self.assertEqual(self.said("| A thief | a `lock` | `Stream.Ends` |"), [])

    def test_needs_a_test_in_the_last_cell(self):
        for last in "", "Some day", "Stream.Ends":
            self.assertEqual(self.said(f"| A thief | a `lock` | {last} |"), ["security.md names no test: A thief"])

    def test_names_tests_that_exist(self):
        row = "| A thief | a lock | `Stream.Ends` and `Stream.Begins` |"
        self.assertEqual(self.said(row), ["security.md names a test that does not exist: Stream.Begins"])


class Program(unittest.TestCase):
    @staticmethod
    def said(page, code="// It\nint main() {\n  run();\n}\n"):
        return list(guide.complaints_of_program("a.md", page, "a.cpp", code))

    def test_that_is_compiled_is_fine(self):
        self.assertEqual(self.said("It:\n\n```cpp\nint main() {\n  run();\n}\n```\n"), [])

    def test_is_the_one_that_is_compiled(self):
        wanted = ["a.md shows another program than a.cpp"]
        self.assertEqual(self.said("```cpp\nint main() {\n  walk();\n}\n```\n"), wanted)
        self.assertEqual(self.said("```cpp\nint main() {\n}\n```\n"), wanted)

    def test_is_shown(self):
        self.assertEqual(self.said("```cmake\nproject(a)\n```\n"), ["a.md shows no program"])


if __name__ == "__main__":
    unittest.main()
