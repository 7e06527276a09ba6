"""Symbols as the engine's bytes (native/src/entropy): range asymmetric numeral systems, tables of counts, tiles with checksums. The slow version, in plain numbers: goldens are
written with it, and the measure counts what it writes."""

from dataclasses import dataclass
from functools import cache

import gaussian_counts
import numpy as np
import torch

from .scales import tile_indices, tiles_of

COUNT_BITS = 16
COUNTS = 1 << COUNT_BITS
LOWEST_STATE = 1 << 31
MANY_LANES, MANY_LANES_BYTES = 8, 64 << 10
POLYNOMIAL = 0x82F63B78  # CRC-32C, reflected
MOST_SYMBOLS = 4096  # of a table


@dataclass
class Table:
    """Counts of symbols from `lowest` on, and last that of the escape; they sum to 65536"""

    lowest: int
    counts: list

    def __post_init__(self):
        self.starts = [0, *np.cumsum(self.counts).tolist()]
        if self.starts.pop() != COUNTS or min(self.counts) < 1:
            raise ValueError(f"A table has counts that sum to {sum(self.counts)}, the least {min(self.counts)}.")
        self.last = self.lowest + len(self.counts) - 2
        self.bits = np.log2(COUNTS / np.array(self.counts))

    def escape(self, symbol):
        """-> is it above the table, how far beyond it, how many bits stand behind the highest one of that; None of a symbol inside"""
        if self.lowest <= symbol <= self.last:
            return None
        above = symbol > self.last
        distance = symbol - self.last if above else self.lowest - symbol
        return above, distance, distance.bit_length() - 1

    def spans(self, symbol):
        """Spans (start, size) in the order in which they are read"""
        escape = self.escape(symbol)
        if escape is None:
            entry = symbol - self.lowest
            return [(self.starts[entry], self.counts[entry])]
        above, distance, bits = escape
        rest = [(int(above), 1), (bits, 4), (distance ^ 1 << bits, bits)]
        return [(self.starts[-1], self.counts[-1])] + [(v << COUNT_BITS - n, 1 << COUNT_BITS - n) for v, n in rest]

    def cost(self, symbol):
        """Bits"""
        escape = self.escape(symbol)
        return self.bits[-1] + 5 + escape[2] if escape else self.bits[symbol - self.lowest]


@cache
def gaussians():
    """The 64 tables of y"""
    with gaussian_counts.localcontext(gaussian_counts.ARITHMETIC):
        rows = [gaussian_counts.counts(i) for i in range(gaussian_counts.SCALES)]
    return [Table(-len(row), [*row[::-1], COUNTS - escape - 2 * sum(row), *row, escape]) for row, escape in rows]


def table_of(symbols):
    """Of all symbols that a channel had in training. What lies between two that were seen, and one on either side, has the least count."""
    symbols = np.asarray(symbols, np.int64)
    seen = symbols[np.abs(symbols) <= MOST_SYMBOLS // 2 - 2]
    lowest = int(seen.min()) - 1
    counts = np.bincount(seen - lowest, minlength=int(seen.max()) - lowest + 2).astype(np.float64)
    counts = np.append(counts, len(symbols) - len(seen))
    whole = np.maximum(1, np.round(counts / len(symbols) * (COUNTS - len(counts)))).astype(int)
    whole[whole.argmax()] += COUNTS - whole.sum()
    return Table(lowest, whole.tolist())


def rans(pairs, lanes):
    """pairs of (table, symbol) in the order in which they are read -> bytes"""
    states, words = [LOWEST_STATE] * lanes, []
    for position in range(len(pairs) - 1, -1, -1):
        table, symbol = pairs[position]
        lane = position % lanes
        for start, size in reversed(table.spans(symbol)):
            if states[lane] >= size << 47:
                words.append(states[lane] & 0xFFFFFFFF)
                states[lane] >>= 32
            states[lane] = (states[lane] // size << COUNT_BITS) + states[lane] % size + start
    sizes = [8 if lanes > 1 else max(5, (state.bit_length() + 7) // 8) for state in states]
    head = b"".join(state.to_bytes(size, "big") for state, size in zip(states, sizes))
    return head + b"".join(word.to_bytes(4, "big") for word in reversed(words))


@cache
def crc_table():
    table = []
    for n in range(256):
        for _ in range(8):
            n = n >> 1 ^ (POLYNOMIAL if n & 1 else 0)
        table.append(n)
    return table


def crc32c(data):
    table, crc = crc_table(), 0xFFFFFFFF
    for byte in data:
        crc = crc >> 8 ^ table[(crc ^ byte) & 255]
    return (crc ^ 0xFFFFFFFF).to_bytes(4, "big")


def varint(number):
    parts = []
    while number >> 7:
        parts.append(number & 127 | 128)
        number >>= 7
    return bytes([*parts, number])


def joined(tiles):
    """tiles of (bytes, lanes) -> one run of bytes (tile_stream.h)"""
    index = b"".join(varint(2 * len(data) + (lanes > 1)) for data, lanes in tiles)
    index += crc32c(index)
    whole = index
    for number, (data, _) in enumerate(tiles):
        whole += crc32c(number.to_bytes(4, "big") + data) + data if data else b""
    return whole + index[::-1]


def tile_pairs(z_tables, layers, zs, ys):
    """One tile, zs [hyper, h, w], ys [latent, 4h, 4w] -> (table, symbol) of each: z, then y, both [rows, columns, channels]"""
    z = zs.permute(1, 2, 0).flatten().long().tolist()
    y = ys.permute(1, 2, 0).flatten().long().tolist()
    scale = tile_indices(layers, zs).permute(1, 2, 0).flatten().tolist()
    tables = gaussians()
    return [(z_tables[i % len(z_tables)], s) for i, s in enumerate(z)] + [(tables[i], s) for i, s in zip(scale, y)]


def tiles_in(zs, ys):
    for y, x in tiles_of(*zs.shape[1:]):
        yield zs[:, y, x], ys[:, 4 * y.start : 4 * y.stop, 4 * x.start : 4 * x.stop]


def costs(tables, reach):
    """[tables, 2 reach + 1]: bits of the symbols from -reach to reach"""
    return np.array([[table.cost(symbol) for symbol in range(-reach, reach + 1)] for table in tables])


def estimated_bytes(z_tables, layers, zs, ys):
    """Of what encode() would write, within a few bytes a tile: SideCoder::estimated_bytes of every tile, and the two checksums"""
    zs, ys = zs.long(), ys.long()
    reach = max(int(zs.abs().max()), int(ys.abs().max()))
    of_z, of_y = torch.from_numpy(costs(z_tables, reach)), torch.from_numpy(costs(gaussians(), reach))
    channels, whole = torch.arange(len(z_tables))[:, None, None], 8
    for z, y in tiles_in(zs, ys):
        if not z.any() and not y.any():
            whole += 2
            continue
        bits = of_z[channels, z + reach].sum() + of_y[tile_indices(layers, z), y + reach].sum()
        size = int(bits) >> 3
        size += 6 * MANY_LANES if size >= MANY_LANES_BYTES else 5
        whole += size + 4 + 2 * len(varint(2 * size))
    return whole


def encode(z_tables, layers, zs, ys):
    """Symbols of a picture, zs [hyper, h, w], ys [latent, 4h, 4w] -> bytes"""
    tiles = []
    for z, y in tiles_in(zs, ys):
        if not z.any() and not y.any():
            tiles.append((b"", 1))
            continue
        pairs = tile_pairs(z_tables, layers, z, y)
        lanes = MANY_LANES if int(sum(t.cost(s) for t, s in pairs)) >> 3 >= MANY_LANES_BYTES else 1
        tiles.append((rans(pairs, lanes), lanes))
    return joined(tiles)
