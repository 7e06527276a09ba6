"""An exported residual codec: model.json and safetensors, as the engine reads them. Floats are fp16; whole numbers are I8 and I32."""

import json
import os
from dataclasses import dataclass

import torch
from model.description import write_description
from safetensors.torch import load_file, save_file

from .config import from_json, to_json
from .entropy import Table
from .flops import per_pixel
from .network import Codec, Denoiser
from .scales import ENLARGE, WholeLayer

CONTRACT = {
    "does": "encode",
    "time": {"warmup": 0, "lookahead": 0, "chunk": 1, "alignment": 1, "out": [0, 1]},
    "settings": {},
    "arithmetic": ["fp32"],
}


def whole_state(layers, z_tables):
    """The scale net and the tables of z by name"""
    state = {}
    for i, layer in enumerate(layers):
        state |= {
            f"scales.{i}.weight": layer.weight,
            f"scales.{i}.bias": layer.bias,
            f"scales.{i}.factor": layer.factor,
            f"scales.{i}.shift": torch.tensor([layer.shift], dtype=torch.int32),
        }
    whole = lambda numbers: torch.tensor(numbers, dtype=torch.int32)
    state["z_tables.lowest"] = whole([table.lowest for table in z_tables])
    state["z_tables.entries"] = whole([len(table.counts) for table in z_tables])
    state["z_tables.counts"] = whole([count for table in z_tables for count in table.counts])
    return state


def float_state(codec, denoiser):
    state = {name: value for name, value in codec.state_dict().items() if not name.startswith("scales.")}
    return {name: value.half().contiguous() for name, value in {**state, **denoiser.state_dict()}.items()}


def write_folder(folder, codec, denoiser, z_tables, name, version):
    os.makedirs(folder, exist_ok=True)
    state = {**float_state(codec, denoiser), **whole_state(codec.scales.whole(), z_tables)}
    path = os.path.join(folder, "model.safetensors")
    save_file(state, path + ".part")
    os.chmod(path + ".part", 0o644)  # safetensors writes for the owner alone
    os.replace(path + ".part", path)
    write_description(
        folder,
        {
            "format": 1,
            "name": name,
            "version": version,
            "graph": "residual-codec",
            "scales": [1],
            "weights": "model.safetensors",
            "flop_per_pixel": round(per_pixel(codec.config)),
            "contract": CONTRACT,
            "config": to_json(codec.config),
        },
    )


@dataclass
class Exported:
    codec: Codec  # its scale net is not that of the file: that one is in layers
    denoiser: Denoiser
    layers: list
    z_tables: list


def read_folder(folder):
    """Exported folder -> all of it in fp32, ready to run"""
    with open(os.path.join(folder, "model.json"), encoding="utf-8") as file:
        description = json.load(file)
    state = load_file(os.path.join(folder, description["weights"]))
    config = from_json(description["config"])
    codec, denoiser = Codec(config), Denoiser(config)
    for net in (codec, denoiser):
        own = net.state_dict()
        net.load_state_dict({name: own[name] if name.startswith("scales.") else state[name].float() for name in own})
    part = lambda i, name: state[f"scales.{i}.{name}"]
    layers = [
        WholeLayer(part(i, "weight"), part(i, "bias"), part(i, "factor"), part(i, "shift").item(), enlarge)
        for i, enlarge in enumerate(ENLARGE)
    ]
    counts = state["z_tables.counts"].split(state["z_tables.entries"].tolist())
    tables = [Table(low, each.tolist()) for low, each in zip(state["z_tables.lowest"].tolist(), counts)]
    still = lambda net: net.eval().requires_grad_(False)
    return Exported(still(codec), still(denoiser), layers, tables)
