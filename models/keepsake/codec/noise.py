"""The noise that the diffusion starts from: the engine's (native/src/grain/field.h, each_row with taps of size 0), the same bits."""

import os
import re
from functools import cache

import numpy as np
import torch

TABLES = os.path.join(os.path.dirname(__file__), "..", "..", "..", "native", "src", "grain", "tables.cpp")
ORIGIN, IN_BLOCK, DEVIATION = 64, 8, 1 << 10
FIRST, SECOND = np.uint64(0xD2511F53), np.uint64(0xCD9E8D57)
WEYL = (0x9E3779B9, 0xBB67AE85)
LOW, HALF = np.uint64(0xFFFFFFFF), np.uint64(32)


@cache
def normals():
    """kNormal [4096]: half of a normal distribution in slices that are equally likely"""
    with open(TABLES, encoding="utf-8") as file:
        numbers = re.search(r"kNormal\[4096\] = \{([^}]*)\}", file.read())[1]
    return np.array([int(n) for n in numbers.replace(",", " ").split()], np.int32)


def philox(counter, key):
    """Philox4x32-10: four arrays of uint64 below 2^32, two numbers -> four such arrays"""
    c, k = list(counter), list(key)
    for _ in range(10):
        a, b = FIRST * c[0], SECOND * c[2]
        c = [(b >> HALF) ^ c[1] ^ np.uint64(k[0]), b & LOW, (a >> HALF) ^ c[3] ^ np.uint64(k[1]), a & LOW]
        k = [(n + w) & 0xFFFFFFFF for n, w in zip(k, WEYL)]
    return c


def noise(seed, height, width):
    """-> [3, height, width], a standard deviation of 1"""
    blocks = np.arange(-(-width // IN_BLOCK), dtype=np.uint64) + np.uint64(ORIGIN // IN_BLOCK)
    rows = np.arange(height, dtype=np.uint64) + np.uint64(ORIGIN)
    planes = np.arange(3, dtype=np.uint64)
    plane, row, block = (n.ravel() for n in np.meshgrid(planes, rows, blocks, indexing="ij"))
    words = np.stack(philox((block, row, plane, np.zeros_like(block)), (seed, 0)), 1)
    halves = np.stack([words & np.uint64(0xFFFF), words >> np.uint64(16)], 2).reshape(3, height, -1)[:, :, :width]
    values = normals()[halves & np.uint64(4095)]
    return torch.from_numpy(np.where(halves & np.uint64(4096), -values, values).astype(np.float32) / DEVIATION)
