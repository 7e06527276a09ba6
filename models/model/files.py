"""Reading and writing weights: a training checkpoint's parameters, or an exported folder with model.json and safetensors."""

import os

import torch
from safetensors.torch import load_file, save_file

from . import config as configs
from .contract import contract
from .description import write_description
from .flops import per_pixel
from .heirloom_s import HeirloomS


def exported_name(key):
    return key.replace("strength.", "strength_", 1).replace("quantiser.", "quantiser_", 1)


def training_name(key):
    return key.replace("strength_", "strength.", 1).replace("quantiser_", "quantiser.", 1)


def exported_state(net):
    """Training network -> {name: tensor} in the names of docs/heirloom-s.md, output convolution folded."""
    state = {k: v for k, v in net.state_dict().items() if not k.startswith("decoder.output.")}
    state["decoder.output.weight"] = net.decoder.output.weight
    state["decoder.output.bias"] = net.decoder.output.bias
    named = {}
    for key, value in state.items():
        named[exported_name(key)] = value.detach().clone().contiguous()
    return named


def write_weights(path, state, dtype):
    save_file({k: v.to(dtype).contiguous() for k, v in state.items()}, path + ".part")
    os.chmod(path + ".part", 0o644)  # safetensors writes for the owner alone
    os.replace(path + ".part", path)


def write_folder(folder, state, config, name, version, dtype=torch.float16, looks=None, scales=(1, 2, 4)):
    os.makedirs(folder, exist_ok=True)
    description = {
        "format": 1,
        "name": name,
        "version": version,
        "graph": "heirloom-small",
        "scales": list(scales),
        "weights": "model.safetensors",
        "flop_per_pixel": round(sum(per_pixel(config).values())),
        "contract": contract(config),
        "config": configs.to_json(config),
    }
    if looks:
        description["looks"] = looks
    write_weights(os.path.join(folder, "model.safetensors"), state, dtype)
    write_description(folder, description)


def add_scale(folder, state, config, version, scale, dtype=torch.float16):
    """One scale of an exported model gets weights of its own, beside those of the others. The sizes must be the same."""
    description, whole = configs.read(os.path.join(folder, "model.json"))
    if whole != config or scale not in description["scales"]:
        raise ValueError(f"{folder} is a model of other sizes, or has no scale {scale}. Nothing was written.")
    name = f"model-x{scale}.safetensors"
    write_weights(os.path.join(folder, name), state, dtype)
    description["version"] = version
    description["weights_at"] = {**description.get("weights_at", {}), str(scale): name}
    write_description(folder, description)


def read_folder(folder, scale=None):
    """Exported folder -> network in fp32, ready to run; scale: with the weights of this one, if it has its own"""
    description, config = configs.read(os.path.join(folder, "model.json"))
    name = description.get("weights_at", {}).get(str(scale), description["weights"])
    state = load_file(os.path.join(folder, name))
    state = {training_name(k): v.float() for k, v in state.items()}
    net = HeirloomS(config, factored=False)
    net.load_state_dict(state)
    return net.eval()
