"""Reading and writing weights: a training checkpoint's parameters, or an exported folder with model.json and safetensors."""
import json
import os
import re
import torch
from safetensors.torch import load_file, save_file
from . import config as configs
from .heirloom_s import HeirloomS


def exported_name(key):
    return key.replace("strength.", "strength_", 1)


def training_name(key):
    return key.replace("strength_", "strength.", 1)


def exported_state(net):
    """Training network -> {name: tensor} in the names of docs/heirloom-s.md, output convolution folded."""
    state = {k: v for k, v in net.state_dict().items() if not k.startswith("decoder.output.")}
    state["decoder.output.weight"] = net.decoder.output.weight
    state["decoder.output.bias"] = net.decoder.output.bias
    named = {}
    for key, value in state.items():
        named[exported_name(key)] = value.detach().clone().contiguous()
    return named


def write_folder(folder, state, config, name, version, dtype=torch.float16, looks=None):
    os.makedirs(folder, exist_ok=True)
    description = {"format": 1, "name": name, "version": version, "graph": "heirloom-small", "scales": [1, 2, 4],
                   "weights": "model.safetensors", "config": configs.to_json(config)}
    if looks:
        description["looks"] = looks
    weights = os.path.join(folder, "model.safetensors")
    save_file({k: v.to(dtype).contiguous() for k, v in state.items()}, weights + ".part")
    os.chmod(weights + ".part", 0o644)      # safetensors writes for the owner alone
    os.replace(weights + ".part", weights)
    text = json.dumps(description, indent=2)
    text = re.sub(r"\[[^\[\]{}]*\]", lambda m: re.sub(r"\s+", " ", m[0]).replace("[ ", "[").replace(" ]", "]"), text)   # lists of numbers on one line
    with open(os.path.join(folder, "model.json.part"), "w", encoding="utf-8") as file:
        file.write(text + "\n")
    os.replace(os.path.join(folder, "model.json.part"), os.path.join(folder, "model.json"))


def read_folder(folder):
    """Exported folder -> network in fp32, ready to run"""
    description, config = configs.read(os.path.join(folder, "model.json"))
    state = load_file(os.path.join(folder, description["weights"]))
    state = {training_name(k): v.float() for k, v in state.items()}
    net = HeirloomS(config, factored=False)
    net.load_state_dict(state)
    return net.eval()
