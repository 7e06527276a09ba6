"""An exported residual codec: model.json and safetensors, as the engine reads them. Floats are fp16; whole numbers are I8 and I32."""

import os

import torch
from model.description import write_description
from safetensors.torch import save_file

from .config import to_json
from .flops import per_pixel

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
