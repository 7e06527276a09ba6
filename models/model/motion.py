"""Where each 8x8 block of a picture was one frame before (step 2 of docs/heirloom-s.md): whole pixels, found from coarse to fine on a pyramid of
8-bit luma. Integers only, so that every implementation finds the same vectors."""

import torch

BLOCK = 8
RADIUS = 4  # samples of the coarsest level, each way: 32 px
# level, side of a block and margin of its window in samples of that level
LEVELS = ((3, 1, 2), (2, 2, 2), (1, 4, 2), (0, 8, 4))


def luma8(x):
    """x [..., 3, H, W] in [-1, 1] -> int32 [..., H, W] in 0..255"""
    r, g, b = x.unbind(-3)
    return (((r + g + b) * (1 / 3) + 1) * 127.5).round().clamp(0, 255).to(torch.int32)


def half(y):
    """[N, H, W] -> [N, H / 2, W / 2], rounded means of 2x2"""
    return (y[:, 0::2, 0::2] + y[:, 0::2, 1::2] + y[:, 1::2, 0::2] + y[:, 1::2, 1::2] + 2) >> 2


def pyramid(y):
    levels = [y]
    for _ in range(3):
        levels.append(half(levels[-1]))
    return levels


def differences(now, before, block, margin, vectors):
    """Sum of absolute differences of every block's window under each candidate; coordinates stop at the border.
    now, before [N, H, W]; vectors [K, N, rows, columns, 2] as (dy, dx) -> [K, N, rows, columns]"""
    N, H, W = now.shape
    rows, columns = vectors.shape[2:4]
    arange = lambda n: torch.arange(n, device=now.device)
    offset = arange(block + 2 * margin) - margin
    y = (arange(rows) * block)[:, None] + offset  # [rows, n]
    x = (arange(columns) * block)[:, None] + offset  # [columns, n]
    # [N, rows, columns, n, n]
    window = now[:, y.clamp(0, H - 1)[:, None, :, None], x.clamp(0, W - 1)[None, :, None, :]]
    first = (arange(N) * (H * W))[:, None, None, None, None]
    out = []
    for v in vectors:
        yy = (y[:, None] + v[..., :1]).clamp(0, H - 1)  # [N, rows, columns, n]
        xx = (x[None] + v[..., 1:]).clamp(0, W - 1)
        out.append((window - before.flatten()[first + yy[..., :, None] * W + xx[..., None, :]]).abs().sum((-1, -2)))
    return torch.stack(out)


def cheapest(cost, vectors):
    """The first of the cheapest candidates of every block -> [N, rows, columns, 2]"""
    first = cost.argmin(0)[None, ..., None].expand(1, *vectors.shape[1:])
    return torch.gather(vectors, 0, first)[0]


def neighbours(v):
    """[N, rows, columns, 2] -> the vectors of the block itself and of those above, below, left and right of it, and zero: [6, N, rows, columns, 2]"""
    up, down = torch.cat([v[:, :1], v[:, :-1]], 1), torch.cat([v[:, 1:], v[:, -1:]], 1)
    left, right = torch.cat([v[:, :, :1], v[:, :, :-1]], 2), torch.cat([v[:, :, 1:], v[:, :, -1:]], 2)
    return torch.stack([v, up, down, left, right, torch.zeros_like(v)])


def vectors(now, before):
    """Pyramids of N pictures and of those before them -> int64 [N, H / 8, W / 8, 2]: a block of `now` at (y, x) lay at (y + dy, x + dx) in `before`.
    A step away from the start, or a neighbour's vector, must pay an eighth of a luma step per sample of the window."""
    N, rows, columns = len(now[0]), *(n // BLOCK for n in now[0].shape[1:])
    arange = lambda low, high: torch.arange(low, high, device=now[0].device)
    candidates = torch.cartesian_prod(arange(-RADIUS, RADIUS + 1), arange(-RADIUS, RADIUS + 1))[
        :, None, None, None
    ].expand(-1, N, rows, columns, -1)
    toll = candidates.abs().sum(-1)
    around = torch.cartesian_prod(arange(-1, 2), arange(-1, 2))
    v = None
    for level, block, margin in LEVELS:
        price = (block + 2 * margin) ** 2 // 8
        if v is not None:
            start = neighbours(2 * v)
            cost = differences(now[level], before[level], block, margin, start)
            cost[1:5] += price
            v = cheapest(cost, start)
            candidates = v[None] + around[:, None, None, None]
            toll = around.any(-1).long()[:, None, None, None]
        v = cheapest(differences(now[level], before[level], block, margin, candidates) + price * toll, candidates)
    return v


def clip_vectors(x, at_once=1):
    """x [T, 3, H, W] in [-1, 1], H and W multiples of 8 -> int64 [T, H / 8, W / 8, 2]; the first frame has no past: zeros.
    at_once: frames that are searched together"""
    levels = pyramid(luma8(x))
    found = [torch.zeros(1, x.shape[2] // BLOCK, x.shape[3] // BLOCK, 2, dtype=torch.long, device=x.device)]
    for t in range(1, len(x), at_once):
        end = min(t + at_once, len(x))
        found.append(vectors([y[t:end] for y in levels], [y[t - 1 : end - 1] for y in levels]))
    return torch.cat(found)


def moved(picture, v):
    """picture [B, 3, H, W] of the frame before, v [B, H / 8, W / 8, 2] -> where its blocks are now [B, 3, H, W]"""
    B, _, H, W = picture.shape
    v = v[:, :, None, :, None].expand(-1, -1, BLOCK, -1, BLOCK, -1).flatten(3, 4).flatten(1, 2)
    y = (torch.arange(H, device=v.device)[:, None] + v[..., 0]).clamp(0, H - 1)
    x = (torch.arange(W, device=v.device) + v[..., 1]).clamp(0, W - 1)
    index = (y * W + x).view(B, 1, H * W).expand(-1, 3, -1)
    return torch.gather(picture.flatten(2), 2, index).view_as(picture)
