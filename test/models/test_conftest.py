"""What is not there is named, also where a file needs it through another one."""

import importlib.util

from conftest import lacking


def test_a_package_is_found_lacking_through_the_modules_that_import_it(tmp_path, monkeypatch):
    there = importlib.util.find_spec
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None if name in ("torch", "numpy") else there(name))
    file = tmp_path / "test_x.py"
    for text, lacks in (
        ("from held_out import VALIDATION\nfrom model import config\n", set()),
        ("from degradation.ladder import pair\n", {"numpy"}),
        ("import json\nfrom degradation import damage\n", {"numpy", "torch"}),
    ):
        file.write_text(text)
        assert lacking(str(file), set()) == lacks
