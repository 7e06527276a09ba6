"""Which 8x8 cells of a frame between two keys have to be made at all, and how what is made meets the rest."""

import torch
import torch.nn.functional as F

CELL = 8
MOVES = 0.25  # pixels between the keys
REACH = 3  # cells: as far from a frame to the next a thing is followed
TOLERANCE = 8 / 127.5  # of [-1, 1]: eight 8-bit steps; a film's own noise is not to count
FEATHER = 4  # pixels


def need_mask(a, b, flow_before, flow_after, dropout=None, tolerance=TOLERANCE):
    """Keys a, b [B, 3, H, W] in [-1, 1], coarse flows of the asked time [B, 2, H / 8, W / 8] in pixels, dropout (damaged cells) bool
    [B, 1, H / 8, W / 8] or None -> bool [B, 1, H / 8, W / 8]: a value of the cell differs by more than the tolerance, or something that moves passes through,
    which then differs within its reach, or it is damaged; and every neighbour of such a cell"""
    differs = F.max_pool2d((a - b).abs().amax(1, keepdim=True), CELL) > tolerance
    moves = (flow_after - flow_before).pow(2).sum(1, keepdim=True) > MOVES**2
    need = differs | (moves & (F.max_pool2d(differs.float(), 2 * REACH + 1, 1, REACH) > 0))
    if dropout is not None:
        need = need | dropout
    return F.max_pool2d(need.float(), 3, 1, 1) > 0


def feather(need):
    """bool [B, 1, H / 8, W / 8] -> float [B, 1, H, W]: 0 in cells that are not needed, 1 from five pixels inside, a quarter more with every pixel between"""
    away = (~need).float().repeat_interleave(CELL, 2).repeat_interleave(CELL, 3)
    weight = torch.zeros_like(away)
    for _ in range(FEATHER):
        away = F.max_pool2d(away, 3, 1, 1)
        weight = weight + (1 - away) / FEATHER
    return weight
