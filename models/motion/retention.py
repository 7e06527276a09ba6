"""Retention: its three equal forms along a sequence, and the frame-chunk form of a film, in which key frames write the state and queries only read it.
No scale factors of xPos: rotation says where, decay says when. All forms are equal before the norm as real numbers, after it as floats too."""

import torch

HEAD_EPS = 1e-3


def head_norm(x, eps=HEAD_EPS):
    """x [..., d] -> x / rms(x): what comes out of a head has no scale of its own. The floor is high on purpose: a head that reads next to nothing says
    next to nothing, and the rounding of a sum that cancels out is not blown up to the size of an answer."""
    return x * torch.rsqrt(x.pow(2).mean(-1, keepdim=True) + eps)


def rotate(x, angles):
    """x [..., d], angles [..., d / 2]: turns every pair (2j, 2j + 1)"""
    a, b, cos, sin = x[..., 0::2], x[..., 1::2], angles.cos(), angles.sin()
    return torch.stack([a * cos - b * sin, a * sin + b * cos], -1).flatten(-2)


def parallel(q, k, v, decay):
    """q, k [B, heads, L, dk], v [B, heads, L, dv], decay [heads] -> [B, heads, L, dv], all at once; O(L^2)"""
    n = torch.arange(q.shape[2], dtype=q.dtype, device=q.device)
    distance = n[:, None] - n
    mask = torch.where(distance >= 0, decay[:, None, None] ** distance.clamp(min=0), 0)
    return (q @ k.transpose(-1, -2) * mask) @ v


def recurrent(q, k, v, decay, state=None):
    """The same, token by token -> (out, state [B, heads, dk, dv] after the last)"""
    state = torch.zeros(*q.shape[:2], q.shape[-1], v.shape[-1], dtype=q.dtype) if state is None else state
    out = []
    for n in range(q.shape[2]):
        state = decay[:, None, None] * state + k[:, :, n, :, None] * v[:, :, n, None]
        out.append((q[:, :, n, None] @ state)[:, :, 0])
    return torch.stack(out, 2), state


def chunkwise(q, k, v, decay, chunk=64, state=None):
    """The same in chunks: parallel inside, recurrent from chunk to chunk -> (out, state); O(L)"""
    state = torch.zeros(*q.shape[:2], q.shape[-1], v.shape[-1], dtype=q.dtype) if state is None else state
    out = []
    for start in range(0, q.shape[2], chunk):
        a, b, c = (x[:, :, start : start + chunk] for x in (q, k, v))
        n = torch.arange(a.shape[2], dtype=q.dtype)
        into = decay[:, None] ** (n + 1)  # [heads, L]
        left = decay[:, None] ** (len(n) - 1 - n)
        out.append(parallel(a, b, c, decay) + into[..., None] * (a @ state))
        state = decay[:, None, None] ** len(n) * state + (b * left[..., None]).transpose(-1, -2) @ c
    return torch.cat(out, 2), state


def cell_decay(window, decay):
    """-> [heads, M + 1, M + 1], M = window^2: decay ^ Manhattan distance of two cells; the serial-number token, last, is at no distance from any"""
    at = torch.arange(window * window)
    y, x = at // window, at % window
    distance = (y[:, None] - y).abs() + (x[:, None] - x).abs()
    distance = torch.nn.functional.pad(distance, (0, 1, 0, 1))
    return decay[:, None, None] ** distance.to(decay)


def within(q, k, v, mask):
    """Inside one frame, in both directions: q, k [..., heads, M, dk], v [..., heads, M, dv], mask [heads, M, M]"""
    return (q @ k.transpose(-1, -2) * mask) @ v


def read(q, state, decay):
    """What a frame reads of the frames before it: q [..., heads, M, dk], state [..., heads, dk, dv]"""
    return decay[:, None, None] * (q @ state)


def write(k, v, state, decay):
    """The state after a key frame"""
    return decay[:, None, None] * state + k.transpose(-1, -2) @ v


def block_causal(q, k, v, is_key, mask, decay):
    """All frames at once, q, k [F, heads, M, dk], v [F, heads, M, dv]: a frame sees itself through `mask` and every key before it, fainter by one decay
    for each key in between and one more. What streams must give the same as within + read + write."""
    frames, heads, tokens = q.shape[:3]
    written = torch.cumsum(torch.tensor(is_key, dtype=torch.long), 0)  # keys up to and with this frame
    whole = torch.zeros(heads, frames, tokens, frames, tokens, dtype=q.dtype)
    for f in range(frames):
        whole[:, f, :, f] = mask
        for m in range(f):
            if is_key[m]:
                between = written[f - 1] - written[m] + 1
                whole[:, f, :, m] = (decay**between)[:, None, None]
    flat = lambda x: x.transpose(0, 1).flatten(1, 2)
    scores = flat(q) @ flat(k).transpose(-1, -2) * whole.flatten(3, 4).flatten(1, 2)
    return (scores @ flat(v)).unflatten(1, (frames, tokens)).transpose(0, 1)
