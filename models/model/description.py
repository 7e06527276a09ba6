"""Writing model.json of an exported folder, with the hashes of the weights that lie beside it."""

import hashlib
import json
import os
import re


def hashes_of(folder, description):
    """-> {file name: SHA-256} of all weights, by which the app knows that what it ships is whole"""
    weights = description["weights"]
    names = [weights] if isinstance(weights, str) else list(weights.values())
    hashes = {}
    for name in names + list(description.get("weights_at", {}).values()):
        with open(os.path.join(folder, name), "rb") as file:
            hashes[name] = hashlib.sha256(file.read()).hexdigest()
    return hashes


def write_description(folder, description):
    """The weights lie there already."""
    description = {**description, "hashes": hashes_of(folder, description)}
    text = json.dumps(description, indent=2)
    # lists of numbers on one line
    text = re.sub(r"\[[^\[\]{}]*\]", lambda m: re.sub(r"\s+", " ", m[0]).replace("[ ", "[").replace(" ]", "]"), text)
    with open(os.path.join(folder, "model.json.part"), "w", encoding="utf-8") as file:
        file.write(text + "\n")
    os.replace(os.path.join(folder, "model.json.part"), os.path.join(folder, "model.json"))
