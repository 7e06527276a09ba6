"""Writes one case of every form of retention, and what PyTorch makes of it in fp32. The operations of the native engine are compared with it.

    cd models; python -m motion.retention_golden ../test/fixtures/native/retention.safetensors

Inputs are fp16 numbers. Windows of tokens are laid out as the engine has them, [windows, tokens, heads * d]."""

import sys

import torch
from safetensors.torch import save_file

from . import retention

DECAYS = torch.tensor([0.5, 1 - 2.0**-5, 1 - 2.0**-12])
LENGTH, WINDOW, KEY, VALUE = 70, 3, 8, 6
IS_KEY = (True, True, False)
ROPE_BASE, SCALE = 100, 0.25


def inputs(*shape, generator):
    return torch.randn(*shape, generator=generator).half()


def sequences(generator):
    """The three forms along one sequence; what is left of it goes on with itself"""
    q, k, v = (inputs(1, len(DECAYS), LENGTH, d, generator=generator) for d in (KEY, KEY, VALUE))
    k = k / 4
    whole = [x.float() for x in (q, k, v)]
    _, state = retention.chunkwise(*whole, DECAYS)
    again, last = retention.recurrent(*whole, DECAYS, state)
    return {
        "sequence.q": q,
        "sequence.k": k,
        "sequence.v": v,
        "sequence.out": retention.head_norm(retention.parallel(*whole, DECAYS)),
        "sequence.again": retention.head_norm(again),
        "sequence.state": state,
        "sequence.last": last,
    }


def angles():
    """Of every token of a window and pair of a head; the serial-number token is not turned"""
    pairs = KEY // 4
    rate = ROPE_BASE ** (-torch.arange(pairs).float() / pairs)
    at = torch.arange(WINDOW * WINDOW)
    turned = torch.cat([torch.outer(p.float(), rate) for p in (at // WINDOW, at % WINDOW)], -1)
    return torch.nn.functional.pad(turned, (0, 0, 0, 1))


def frames(generator):
    """Frames of two windows, keys and a query"""
    heads, tokens = len(DECAYS), WINDOW * WINDOW + 1
    by_head = lambda x: x.float().unflatten(-1, (heads, -1)).transpose(-2, -3)
    flat = lambda x: x.transpose(-2, -3).flatten(-2)
    mask, turn = retention.cell_decay(WINDOW, DECAYS), angles()
    state = torch.zeros(2, heads, KEY, VALUE)
    golden = {}
    for f, is_key in enumerate(IS_KEY):
        q, k, v = (inputs(2, tokens, heads * d, generator=generator) for d in (KEY, KEY, VALUE))
        turned = [retention.rotate(by_head(q), turn), SCALE * retention.rotate(by_head(k), turn)]
        out = retention.within(*turned, by_head(v), mask) + retention.read(turned[0], state, DECAYS)
        if is_key:
            state = retention.write(turned[1], by_head(v), state, DECAYS)
        of = f"frame.{f}."
        golden |= {
            of + "q": q,
            of + "k": k,
            of + "v": v,
            of + "out": flat(retention.head_norm(out)),
            of + "state": state,
        }
    return golden


if __name__ == "__main__":
    generator = torch.Generator().manual_seed(1)
    golden = sequences(generator) | frames(generator)
    golden["decays"] = DECAYS
    save_file({name: value.contiguous().clone() for name, value in golden.items()}, sys.argv[1])
