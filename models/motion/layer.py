"""One layer of frame-chunk retention in windows of tokens, with the serial-number token of every frame. Keys write, queries read."""

import math

import torch
import torch.nn as nn
import torch.nn.functional as F

from .retention import cell_decay, head_norm, read, rotate, within, write

SERIALS = 64
SERIAL_VALUES = 15
EPS = 1e-6  # of the norms of tokens


def serial_values(serial, t, cut):
    """-> [15]: sine and cosine of the frame's number mod 64 at five rates, those of its time since the key before (0: a key), 1 after a cut"""
    turns = [2 * math.pi * (serial % SERIALS) * 2**i / SERIALS for i in range(5)] + [math.pi * t, 2 * math.pi * t]
    return torch.tensor([f(a) for a in turns for f in (math.sin, math.cos)] + [float(cut)])


class Rms(nn.Module):
    def __init__(self, dim):
        super().__init__()
        self.weight = nn.Parameter(torch.ones(dim))

    def forward(self, x):
        return head_norm(x, EPS) * self.weight


class Retention(nn.Module):
    def __init__(self, config):
        super().__init__()
        self.config = config
        D, H = config.dim, config.heads
        self.norm, self.ffn_norm = Rms(D), Rms(D)
        self.serial = nn.Linear(SERIAL_VALUES, D)
        self.q, self.k = nn.Linear(D, H * config.key_dim, bias=False), nn.Linear(D, H * config.key_dim, bias=False)
        self.v, self.g = nn.Linear(D, H * config.value_dim, bias=False), nn.Linear(D, H * config.value_dim, bias=False)
        self.o = nn.Linear(H * config.value_dim, D, bias=False)
        self.ffn_in, self.ffn_out = nn.Linear(D, 2 * config.ffn, bias=False), nn.Linear(config.ffn, D, bias=False)
        decay = torch.tensor(config.head_decays)
        self.register_buffer("decay", decay, persistent=False)
        self.register_buffer("mask", cell_decay(config.window, decay), persistent=False)
        pairs = config.key_dim // 4
        rate = config.rope_base ** (-torch.arange(pairs).float() / pairs)
        at = torch.arange(config.window**2)
        angles = torch.cat([torch.outer(p.float(), rate) for p in (at // config.window, at % config.window)], -1)
        # the serial-number token is not turned
        self.register_buffer("angles", F.pad(angles, (0, 0, 0, 1)), persistent=False)

    def windows(self, x):
        """[B, h, w, D] -> [B, windows, M, D]; tokens beyond the grid are zero"""
        n = self.config.window
        h, w = x.shape[1:3]
        x = F.pad(x, (0, 0, 0, -w % n, 0, -h % n))
        return x.unflatten(2, (-1, n)).unflatten(1, (-1, n)).permute(0, 1, 3, 2, 4, 5).flatten(3, 4).flatten(1, 2)

    def grid(self, x, h, w):
        """[B, windows, M, D] -> [B, h, w, D]"""
        n = self.config.window
        rows = -(-h // n)
        x = x.unflatten(2, (n, n)).unflatten(1, (rows, -1)).permute(0, 1, 3, 2, 4, 5)
        return x.flatten(3, 4).flatten(1, 2)[:, :h, :w]

    def heads(self, x):
        """[B, windows, M, heads * d] -> [B, windows, heads, M, d]"""
        return x.unflatten(-1, (self.config.heads, -1)).transpose(-2, -3)

    def keys(self, x, serial):
        """What a frame can write or show of itself: normed tokens [B, h, w, D] -> k, v in windows. serial [D]"""
        both = torch.cat([self.windows(x), serial.expand(x.shape[0], self.count(x), 1, -1)], 2)
        k = rotate(self.heads(self.k(both)), self.angles) / math.sqrt(self.config.key_dim)
        return both, k, self.heads(self.v(both))

    def count(self, x):
        n = self.config.window
        return -(-x.shape[1] // n) * -(-x.shape[2] // n)

    def start(self, x):
        """The state before the first key and after a cut, for tokens [B, h, w, D]"""
        c = self.config
        return x.new_zeros(x.shape[0], self.count(x), c.heads, c.key_dim, c.value_dim)

    def serial_token(self, serial, t, cut, like):
        return head_norm(self.serial(serial_values(serial, t, cut).to(like)), EPS)

    def written(self, x, state, serial, cut):
        """The state after key number `serial` with tokens x [B, h, w, D]"""
        _, k, v = self.keys(self.norm(x), self.serial_token(serial, 0.0, cut, x))
        return write(k, v, self.start(x) if cut else state, self.decay)

    def forward(self, x, state, serial, t):
        """Tokens x [B, h, w, D] of a frame at t after key `serial` (0: that key itself), which read the state and leave it -> the same shape"""
        h, w = x.shape[1:3]
        both, k, v = self.keys(self.norm(x), self.serial_token(serial, t, False, x))
        q = rotate(self.heads(self.q(both)), self.angles)
        y = head_norm(within(q, k, v, self.mask) + read(q, state, self.decay))
        y = y.transpose(-2, -3).flatten(-2)[:, :, :-1]  # without the serial-number token
        x = x + self.o(F.silu(self.g(self.norm(x))) * self.grid(y, h, w))
        gate, value = self.ffn_in(self.ffn_norm(x)).chunk(2, -1)
        return x + self.ffn_out(F.silu(gate) * value)
