"""Puts models/ on the import path. A file of tests of whose imports (models/requirements.txt) one is not there is not loaded: each of its tests is
skipped with the reason. What needs numpy or nothing runs wherever there is pytest."""

import ast
import importlib.util
import os
import re
import sys

import pytest

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
MODELS = os.path.join(ROOT, "models")
sys.path.insert(0, MODELS)

if importlib.util.find_spec("torch"):
    import torch

    # One thread: two on a busy machine wait for each other
    torch.set_num_threads(1)


def file_of(module):
    """Dotted name -> its file below models/, or None"""
    path = os.path.join(MODELS, *module.split("."))
    return next((p for p in (path + ".py", os.path.join(path, "__init__.py")) if os.path.exists(p)), None)


def imported(path):
    """-> dotted names of what a file imports at its start; of `from a import b` both a and a.b"""
    package = os.path.relpath(os.path.dirname(path), MODELS).replace(os.sep, ".")
    with open(path, encoding="utf-8") as file:
        body = ast.parse(file.read()).body
    for node in body:
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = ".".join(part for part in (package if node.level else "", node.module) if part)
            yield base
            yield from (f"{base}.{name.name}" for name in node.names if file_of(f"{base}.{name.name}"))


def lacking(path, seen):
    """-> names of packages that are not there, of those that a file and what it imports from models/ need; seen: files that were looked at"""
    seen.add(path)
    found = set()
    for module in imported(path):
        inner, outer = file_of(module), module.split(".")[0]
        if inner and inner not in seen:
            found |= lacking(inner, seen)
        elif not inner and outer != "conftest" and not os.path.isdir(os.path.join(MODELS, outer)):
            found |= set() if importlib.util.find_spec(outer) else {outer}
    return found


class NotLoaded(pytest.File):
    def __init__(self, *, lacks, **kwargs):
        super().__init__(**kwargs)
        self.reason = f"needs {', '.join(sorted(lacks))}, which this Python has not"

    def collect(self):
        for name in re.findall(r"^def (test_\w+)", self.path.read_text(encoding="utf-8"), re.M):
            yield NotRun.from_parent(self, name=name)


class NotRun(pytest.Item):
    def runtest(self):
        pytest.skip(self.parent.reason)


def pytest_pycollect_makemodule(module_path, parent):
    lacks = lacking(str(module_path), set())
    return NotLoaded.from_parent(parent, path=module_path, lacks=lacks) if lacks else None
