"""Arithmetic per output pixel (multiply-add = 2), so that the budget is counted and not remembered."""


def convolution(inputs, outputs, cell, size=3):
    """FLOP per pixel of a convolution on a grid of cells of `cell` pixels"""
    return 2 * size * size * inputs * outputs / cell**2


def cost_volume(channels, radius, cell):
    """Norm of both maps' channels, then the products"""
    return (2 * 5 * channels + 2 * channels * (2 * radius + 1) ** 2) / cell**2


def warped(channels, cell):
    """Both keys, bilinear: eight for the weights, four multiply-adds for each channel"""
    return 2 * (8 + 8 * channels) / cell**2


def of_key(c):
    """-> FLOP of each part for one pixel of one key"""
    heads = c.heads * (c.key_dim + c.value_dim)
    state = 2 * c.heads * c.key_dim * c.value_dim
    whole = (c.layers - 1) * retention(c)
    return {
        "features at 1/4": convolution(48, c.quarter, 4) + convolution(c.quarter, c.quarter, 4),
        "features at 1/8": convolution(4 * c.quarter, c.eighth, 8) + convolution(c.eighth, c.eighth, 8),
        "features at 1/16": convolution(4 * c.eighth, c.dim, 16) + convolution(c.dim, c.dim, 16),
        "written state": (2 * c.dim * heads + state) / 16**2 + whole,
    }


def retention(c):
    """One layer of one frame that reads, for one pixel"""
    keys, values = c.heads * c.key_dim, c.heads * c.value_dim
    linear = c.dim * (2 * keys + 2 * values) + values * c.dim + c.dim * 2 * c.ffn + c.ffn * c.dim
    tokens = c.window**2 + 1
    return 2 * (linear + tokens * (keys + values) + keys * c.value_dim) / 16**2


def of_between(c):
    """-> FLOP of each part for one pixel of one frame between two keys, all cells needed"""
    seen = lambda channels, radius: 2 * channels + (2 * radius + 1) ** 2 + c.hidden + 5
    middle, fine = seen(c.eighth, c.local[0]), seen(c.quarter, c.local[1])
    down = 4 * (4 + c.hidden)
    return {
        "coarse, 1/16": cost_volume(c.dim, c.search, 16)
        + warped(c.dim, 16)
        + convolution(2 * c.dim + (2 * c.search + 1) ** 2 + 3, c.dim, 16)
        + convolution(c.dim, down, 16),
        "retention": c.layers * retention(c),
        "middle, 1/8": cost_volume(c.eighth, c.local[0], 8)
        + warped(c.eighth, 8)
        + convolution(middle, c.flow, 8)
        + 2 * convolution(c.flow, c.flow, 8)
        + convolution(c.flow, down, 8, 1),
        "fine, 1/4": cost_volume(c.quarter, c.local[1], 4)
        + warped(c.quarter, 4)
        + convolution(fine, c.fine, 4)
        + convolution(c.fine, c.fine, 4)
        + convolution(c.fine, 7 + 9 * 16, 4, 1),
        # softmax over nine, six planes, two warps of three colours, blending
        "full size": 9 * 4 + 2 * 9 * 6 + warped(3, 1) + 30,
        "residual, 1/4": convolution(48 + c.fine, c.residual, 4) + convolution(c.residual, 48, 4),
    }


def per_pixel(c):
    """One key and one frame between for every two frames shown: what a changed pixel of a frame in between costs at x2"""
    return sum(of_key(c).values()) + sum(of_between(c).values())
