"""An exported heirloom-motion folder: model.json and safetensors, as the app and the engine read them."""

import os

import torch
from model.description import write_description
from model.files import write_weights

from .config import to_json
from .flops import per_pixel

CONTRACT = {
    "does": "interpolate",
    # the keys before the gap that its state is folded from, and the key behind it
    "time": {"warmup": 7, "lookahead": 1, "chunk": 1, "alignment": 1, "out": [2, 1]},
    "settings": {},
    # flows of many pixels are kept to a fraction of one
    "arithmetic": ["fp32"],
}


def write_folder(folder, net, name, version, dtype=torch.float16):
    os.makedirs(folder, exist_ok=True)
    write_weights(os.path.join(folder, "model.safetensors"), net.state_dict(), dtype)
    write_description(
        folder,
        {
            "format": 1,
            "name": name,
            "version": version,
            "graph": "heirloom-motion",
            "scales": [1],
            "weights": "model.safetensors",
            "flop_per_pixel": round(per_pixel(net.config)),
            "contract": CONTRACT,
            "config": to_json(net.config),
        },
    )
