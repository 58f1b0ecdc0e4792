# SPDX-License-Identifier: MIT
"""The schemas of what the tools print as JSON."""

import json
import pathlib
import unittest

try:
    import jsonschema
except ImportError:
    jsonschema = None

FOLDER = pathlib.Path(__file__).resolve().parents[4] / "tools/schemas"

needed = unittest.skipUnless(jsonschema, "python3-jsonschema is not installed")


class Schema:
    """That of a tool. Without python3-jsonschema it finds nothing wrong."""

    def __init__(self, tool):
        self.text = json.loads((FOLDER / f"{tool}.schema.json").read_text(encoding="utf-8"))
        self.validator = jsonschema and jsonschema.Draft202012Validator(self.text)

    def check_itself(self):
        jsonschema.Draft202012Validator.check_schema(self.text)

    def allows(self, event):
        return self.validator.is_valid(event)

    def events(self, lines):
        """The events on the lines, all of which it allows."""
        told = [json.loads(line) for line in lines.decode().splitlines()]
        for one in told if self.validator else ():
            wrong = [each.message for each in self.validator.iter_errors(one)]
            assert not wrong, f"{one}: {wrong}"
        return told

    def kind_of(self, event):
        """The name of the definition that allows it."""
        for reference in self.text["oneOf"]:
            if self.validator.evolve(schema=self.text | {"oneOf": [reference]}).is_valid(event):
                return reference["$ref"].rsplit("/", 1)[1]
        return None

    def kinds(self):
        """name → the members that each event of this kind has, or may have"""
        names = [reference["$ref"].rsplit("/", 1)[1] for reference in self.text["oneOf"]]
        return {name: self.text["$defs"][name]["properties"].keys() for name in names}
