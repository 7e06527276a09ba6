"""heirloom-motion: the forms of retention are one, queries leave the state, the budget is counted, need by cell is the dense path where all is needed."""

import numpy as np
import pytest
import torch
from motion import retention
from motion.config import MOTION
from motion.flops import per_pixel
from motion.layer import Retention
from motion.need import feather, need_mask
from motion.network import Motion, padded
from motion.sampling import bilateral_cost, channel_norm, convex_upsample, displacements, split, warp
from torch.utils.flop_counter import FlopCounterMode

DECAYS = torch.tensor(MOTION.head_decays)
LONG_DECAYS = torch.tensor([1 - 2.0**-5, 1 - 2.0**-8, 1 - 2.0**-12])


@pytest.fixture(scope="module")
def net():
    """Weights as after some training: nothing is zero by construction"""
    torch.manual_seed(3)
    net = Motion().eval()
    for p in net.parameters():
        p.data += 0.02 * torch.randn_like(p)
    return net


def gap(net, shown):
    """The gap between the last two of these keys"""
    return net.gap([net.features(picture) for picture in shown])


def pictures(count, h=48, w=64, seed=0):
    generator = torch.Generator().manual_seed(seed)
    x = torch.randn(1, 3, h + 8 * count, w, generator=generator)
    x = torch.nn.functional.avg_pool2d(x, 5, 1, 2).clamp(-1, 1)
    return [x[..., 8 * n : 8 * n + h, :] for n in range(count)]


@pytest.mark.parametrize("length", [1, 63, 64, 65, 1000])
@pytest.mark.parametrize("decay", [DECAYS, LONG_DECAYS])
def test_parallel_recurrent_and_chunkwise_retention_are_equal_after_the_norm(length, decay):
    generator = torch.Generator().manual_seed(length)
    q, k, v = (torch.randn(2, len(decay), length, d, generator=generator) for d in (16, 16, 32))
    q, k = (retention.rotate(x, torch.outer(torch.arange(length).float(), 0.3 ** torch.arange(8))) for x in (q, k / 4))
    whole = retention.head_norm(retention.parallel(q, k, v, decay))
    by_token, last = retention.recurrent(q, k, v, decay)
    by_chunk, same = retention.chunkwise(q, k, v, decay)
    assert (retention.head_norm(by_token) - whole).abs().max() < 1e-5
    assert (retention.head_norm(by_chunk) - whole).abs().max() < 1e-5
    assert (last - same).abs().max() < 1e-5 * last.abs().max()


def test_frames_that_stream_equal_all_frames_at_once_and_queries_write_nothing():
    generator = torch.Generator().manual_seed(1)
    is_key = [True, True, False, False, True, False, True, False]
    tokens, mask = 17, retention.cell_decay(4, DECAYS)
    q, k, v = (torch.randn(len(is_key), 4, tokens, d, generator=generator) for d in (16, 16, 32))
    k = k / 4
    whole = retention.head_norm(retention.block_causal(q, k, v, is_key, mask, DECAYS))
    state = torch.zeros(4, 16, 32)
    for f, key in enumerate(is_key):
        out = retention.within(q[f], k[f], v[f], mask) + retention.read(q[f], state, DECAYS)
        assert (retention.head_norm(out) - whole[f]).abs().max() < 1e-5
        if key:
            state = retention.write(k[f], v[f], state, DECAYS)


def test_retention_in_windows_knows_nothing_of_the_window_beside_it():
    torch.manual_seed(2)
    layer, x = Retention(MOTION), torch.randn(1, 11, 13, 64)
    assert torch.equal(layer.grid(layer.windows(x), 11, 13), x)
    state = layer.written(x, layer.start(x), 0, True)
    assert state.shape == (1, 4, 4, 16, 32)
    other = x.clone()
    other[:, :8, 8:] = 0
    changed = (layer(other, state, 0, 0.5) - layer(x, state, 0, 0.5)).abs().amax(-1)[0]
    assert changed[:8, :8].max() == 0 and changed[8:].max() == 0 and changed[:8, 8:].min() > 0


@torch.no_grad()
def test_queries_in_any_order_read_the_state_and_leave_it(net):
    asked = gap(net, pictures(3))
    kept = [s.clone() for s in asked.state]
    first = [net.between(asked, t).picture for t in (0.25, 0.5, 0.75)]
    again = [net.between(asked, t).picture for t in (0.75, 0.5, 0.25)][::-1]
    assert all(torch.equal(a, b) for a, b in zip(first, again)) and not torch.equal(first[0], first[1])
    assert all(torch.equal(a, b) for a, b in zip(asked.state, kept))


@torch.no_grad()
def test_an_estimate_depends_on_eight_keys_and_not_on_where_the_stream_began(net):
    shown, between = pictures(12), lambda keys: net.between(gap(net, keys), 0.5).picture
    whole = between(shown)
    assert torch.equal(between(shown[-8:]), whole) and torch.equal(between(shown[1:]), whole)
    assert not torch.equal(between(shown[-7:]), whole)
    # the eighth key itself counts, not its number alone
    assert not torch.equal(between([pictures(1, seed=9)[0], *shown[-7:]]), whole)


@torch.no_grad()
def test_parameters_and_arithmetic_stay_in_the_budget(net):
    assert sum(p.numel() for p in net.parameters()) <= 800_000
    assert per_pixel(MOTION) <= 20_000
    picture = pictures(1, 128, 128)[0]
    tokens, layer = net.features(picture).tokens.permute(0, 2, 3, 1), net.retention[0]
    asked = gap(net, [picture] * 2)
    with FlopCounterMode(display=False) as counter:
        net.features(picture)
        layer.written(tokens, layer.start(tokens), 1, False)
        net.between(asked, 0.5)
    counted = counter.get_flop_counts()["Global"]
    named = sum(n for op, n in counted.items() if op.__name__ in ("convolution", "addmm", "mm"))
    # what is not named: cost volumes, warps, softmax, products of the retention
    assert 0.9 * per_pixel(MOTION) < named / 128**2 < per_pixel(MOTION)


@torch.no_grad()
@pytest.mark.parametrize("t", [0.5, 0.2])
def test_everything_marked_is_the_dense_path_to_the_bit(net, t):
    asked = gap(net, pictures(2, 80, 64))
    dense = net.between(asked, t)
    marked = net.between(asked, t, torch.ones(1, 1, 10, 8, dtype=torch.bool))
    assert torch.equal(dense.picture, marked.picture) and dense.picture.isfinite().all()
    assert torch.equal(dense.confidence, marked.confidence)


@torch.no_grad()
def test_cells_that_are_not_needed_are_the_plain_mean_of_the_keys(net):
    asked = gap(net, pictures(2, 80, 64))
    need = torch.zeros(1, 1, 10, 8, dtype=torch.bool)
    need[..., 2:5, 3:6] = True
    out = net.between(asked, 0.25, need).picture
    plain = 0.75 * asked.before.picture + 0.25 * asked.after.picture
    changed = (out != plain).any(1)[0]
    weight = feather(need)[0, 0]
    assert not changed[weight == 0].any() and changed[weight > 0].float().mean() > 0.95
    assert weight[16, 24] == 0 and weight[17, 25] == 0.25 and weight[20, 28] == 1 and weight[15].max() == 0


def test_need_is_what_differs_moves_or_is_damaged_and_its_neighbours():
    a, still = torch.zeros(1, 3, 64, 64), torch.zeros(1, 2, 8, 8)
    cells = lambda mask: {tuple(int(v) for v in at) for at in mask[0, 0].nonzero()}
    around = lambda y, x: {(j, i) for j in range(y - 1, y + 2) for i in range(x - 1, x + 2)}
    assert not cells(need_mask(a, a, still, still))
    b, moving, damage = a.clone(), still.clone(), torch.zeros(1, 1, 8, 8, dtype=torch.bool)
    b[0, 2, 17, 23] = 9 / 127.5
    assert cells(need_mask(a, b, still, still)) == around(2, 2)
    b[0, 2, 17, 23] = 7 / 127.5
    assert not cells(need_mask(a, b, still, still))
    moving[0, 0, 5, 5] = moving[0, 0, 1, 7] = 0.3
    assert not cells(need_mask(a, a, -moving / 2, moving / 2))
    b[0, 2, 17, 23] = 9 / 127.5  # three cells from the one, five from the other
    assert cells(need_mask(a, b, -moving / 2, moving / 2)) == around(2, 2) | around(5, 5)
    damage[0, 0, 3, 6] = True
    assert cells(need_mask(a, a, still, still, damage)) == around(3, 6)


def test_the_cost_volume_finds_a_shift_at_any_time():
    torch.manual_seed(5)
    wide = channel_norm(torch.randn(1, 32, 24, 24))
    for t in (0.25, 0.5, 0.8):
        for dy, dx in ((0, 0), (2, -3), (-1, 3)):
            (back_y, ahead_y), (back_x, ahead_x) = split(dy, t), split(dx, t)
            # what lies at p at the time asked lay at p - back and will lie at p + ahead
            before = torch.roll(wide, (-back_y, -back_x), (2, 3))
            after = torch.roll(wide, (ahead_y, ahead_x), (2, 3))
            best = bilateral_cost(before, after, t, 3).argmax(1)[0, 6:-6, 6:-6]
            assert (best == displacements(3).index((dy, dx))).all()


def test_warp_reads_between_pixels_and_stops_at_the_border():
    x = torch.arange(12.0).view(1, 1, 3, 4)
    flow = torch.zeros(1, 2, 3, 4)
    flow[:, 0], flow[:, 1] = 4, -8
    moved = warp(x, flow, 8)  # half a cell to the right, one up
    assert torch.allclose(moved[0, 0], torch.tensor([[0.5, 1.5, 2.5, 3], [0.5, 1.5, 2.5, 3], [4.5, 5.5, 6.5, 7]]))


def test_convex_upsampling_takes_the_cell_that_its_weights_name():
    x, weights = torch.randn(1, 2, 4, 5), torch.zeros(1, 9 * 4, 4, 5)
    assert torch.allclose(
        convex_upsample(torch.ones_like(x), torch.randn_like(weights), 2), torch.ones(1, 2, 8, 10), atol=1e-6
    )
    weights[:, 5 * 4 + 1] = 50  # the cell to the right, for the upper right corner
    up = convex_upsample(x, weights, 2)
    assert torch.allclose(up[..., 0::2, 1:-2:2], x[..., 1:], atol=1e-5)
    assert torch.allclose(up[..., 0::2, -1], x[..., -1], atol=1e-5)


def test_sizes_are_padded_to_whole_tokens_with_the_border():
    x = torch.rand(1, 3, 37, 17)
    y = padded(x)
    assert y.shape == (1, 3, 48, 32) and torch.equal(y[..., :37, :17], x)
    assert torch.equal(y[..., 36:, 20], x[..., 36:, 16].expand(1, 3, 12))


def test_rotation_and_decay_tell_where_a_token_is():
    mask = retention.cell_decay(8, DECAYS)
    assert mask.shape == (4, 65, 65) and torch.equal(mask, mask.transpose(1, 2))
    assert mask[1, 0, 8 * 2 + 3] == pytest.approx(0.75**5) and mask[:, 64].min() == 1
    angles = Retention(MOTION).angles
    assert angles.shape == (65, 8) and angles[64].abs().max() == 0
    assert np.allclose(
        angles[8 * 3 + 5], [3 * 100 ** (-i / 4) for i in range(4)] + [5 * 100 ** (-i / 4) for i in range(4)]
    )
