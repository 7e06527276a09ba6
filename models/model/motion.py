"""Where each 8x8 block of a picture was one frame before (step 2 of docs/heirloom-s.md): whole pixels, found from coarse to fine on a pyramid of
8-bit luma. Integers only, so that every implementation finds the same vectors."""
import torch

BLOCK = 8
RADIUS = 4                                   # samples of the coarsest level, each way: 32 px
LEVELS = ((3, 1, 2), (2, 2, 2), (1, 4, 2), (0, 8, 4))     # level, side of a block and margin of its window in samples of that level


def luma8(x):
    """x [..., 3, H, W] in [-1, 1] -> int32 [..., H, W] in 0..255"""
    r, g, b = x.unbind(-3)
    return (((r + g + b) * (1 / 3) + 1) * 127.5).round().clamp(0, 255).to(torch.int32)


def half(y):
    """[H, W] -> [H / 2, W / 2], rounded means of 2x2"""
    return (y[0::2, 0::2] + y[0::2, 1::2] + y[1::2, 0::2] + y[1::2, 1::2] + 2) >> 2


def pyramid(y):
    levels = [y]
    for _ in range(3):
        levels.append(half(levels[-1]))
    return levels


def differences(now, before, block, margin, vectors):
    """Sum of absolute differences of every block's window under each candidate; coordinates stop at the border.
    now, before [H, W]; vectors [K, rows, columns, 2] as (dy, dx) -> [K, rows, columns]"""
    H, W = now.shape
    rows, columns = vectors.shape[1:3]
    offset = torch.arange(block + 2 * margin) - margin
    y = (torch.arange(rows) * block)[:, None] + offset                   # [rows, n]
    x = (torch.arange(columns) * block)[:, None] + offset                # [columns, n]
    window = now[y.clamp(0, H - 1)[:, None, :, None], x.clamp(0, W - 1)[None, :, None, :]]      # [rows, columns, n, n]
    out = []
    for v in vectors:
        yy = (y[:, None] + v[..., :1]).clamp(0, H - 1)                   # [rows, columns, n]
        xx = (x[None] + v[..., 1:]).clamp(0, W - 1)
        out.append((window - before.flatten()[yy[..., :, None] * W + xx[..., None, :]]).abs().sum((-1, -2)))
    return torch.stack(out)


def cheapest(cost, vectors):
    """The first of the cheapest candidates of every block -> [rows, columns, 2]"""
    first = cost.argmin(0)[None, ..., None].expand(1, *vectors.shape[1:])
    return torch.gather(vectors, 0, first)[0]


def neighbours(v):
    """[rows, columns, 2] -> the vectors of the block itself and of those above, below, left and right of it, and zero: [6, rows, columns, 2]"""
    rows, columns = (torch.arange(n) for n in v.shape[:2])
    up, down = (rows - 1).clamp(min=0), (rows + 1).clamp(max=len(rows) - 1)
    left, right = (columns - 1).clamp(min=0), (columns + 1).clamp(max=len(columns) - 1)
    return torch.stack([v, v[up], v[down], v[:, left], v[:, right], torch.zeros_like(v)])


def vectors(now, before):
    """Pyramids of two pictures -> int64 [H / 8, W / 8, 2]: a block of `now` at (y, x) lay at (y + dy, x + dx) in `before`.
    A step away from the start, or a neighbour's vector, must pay an eighth of a luma step per sample of the window."""
    rows, columns = (n // BLOCK for n in now[0].shape)
    steps = torch.arange(-RADIUS, RADIUS + 1)
    candidates = torch.cartesian_prod(steps, steps)[:, None, None].expand(-1, rows, columns, -1)
    toll = candidates.abs().sum(-1)
    around = torch.cartesian_prod(torch.arange(-1, 2), torch.arange(-1, 2))
    v = None
    for level, block, margin in LEVELS:
        price = (block + 2 * margin) ** 2 // 8
        if v is not None:
            start = neighbours(2 * v)
            cost = differences(now[level], before[level], block, margin, start)
            cost[1:5] += price
            v = cheapest(cost, start)
            candidates = v[None] + around[:, None, None]
            toll = around.any(-1).long()[:, None, None]
        v = cheapest(differences(now[level], before[level], block, margin, candidates) + price * toll, candidates)
    return v


def clip_vectors(x):
    """x [T, 3, H, W] in [-1, 1], H and W multiples of 8 -> int64 [T, H / 8, W / 8, 2]; the first frame has no past: zeros"""
    levels = [pyramid(y) for y in luma8(x)]
    zero = torch.zeros(x.shape[2] // BLOCK, x.shape[3] // BLOCK, 2, dtype=torch.long)
    return torch.stack([zero] + [vectors(levels[t], levels[t - 1]) for t in range(1, len(levels))])


def moved(picture, v):
    """picture [B, 3, H, W] of the frame before, v [B, H / 8, W / 8, 2] -> where its blocks are now [B, 3, H, W]"""
    B, _, H, W = picture.shape
    v = v.repeat_interleave(BLOCK, 1).repeat_interleave(BLOCK, 2)
    y = (torch.arange(H)[:, None] + v[..., 0]).clamp(0, H - 1)
    x = (torch.arange(W) + v[..., 1]).clamp(0, W - 1)
    index = (y * W + x).view(B, 1, H * W).expand(-1, 3, -1)
    return torch.gather(picture.flatten(2), 2, index).view_as(picture)
