"""The residual codec: the page's rules, goldens that are what the script writes, the scale net of training and the whole one, bytes that say the symbols."""

import math
import os

import numpy as np
import pytest
import torch
from goldens import moving_picture
from keepsake.codec import entropy, goldens, scales
from keepsake.codec.config import Config, from_json, to_json
from keepsake.codec.flops import of_parts
from keepsake.codec.network import Codec, Denoiser, at_quality, denoised, padded, shares, symbols, time_features
from keepsake.codec.noise import noise, philox
from safetensors.torch import load_file
from torch.utils.flop_counter import FlopCounterMode

GOLDEN = os.path.join(os.path.dirname(__file__), "..", "fixtures", "residual-codec-golden")
SEED = 4


@pytest.fixture(scope="module")
def model():
    return goldens.random_model(SEED)


@pytest.fixture(scope="module")
def written():
    return load_file(os.path.join(GOLDEN, "outputs.safetensors"))


@pytest.mark.parametrize("quality", goldens.QUALITIES)
def test_goldens_are_what_the_script_writes(model, written, quality):
    picture = moving_picture(1, goldens.HEIGHT, goldens.WIDTH, SEED)[0]
    named, margin = goldens.taps(*model, picture, quality)
    assert margin > goldens.MARGIN
    assert {name for name in written if name.startswith(f"{quality}.")} == set(named)
    for name, value in named.items():
        wanted = written[name]
        if wanted.dtype == torch.float32 and not name.endswith("noise"):
            assert (value - wanted).abs().max() <= 1e-5 * wanted.abs().max(), name
        else:
            assert torch.equal(value, wanted), name


def test_the_file_of_the_goldens_has_the_weights_that_the_page_names(model):
    codec, denoiser, tables = model
    file = load_file(os.path.join(GOLDEN, "model.safetensors"))
    assert torch.equal(file["fidelity.2.weight"].float(), codec.fidelity[2].weight)
    assert torch.equal(file["denoiser.out.weight"].float(), denoiser.denoiser["out"].weight)
    assert file["denoiser_time.weight"].shape == (2 * 6 * 2, 32)
    layer = codec.scales.whole()[1]
    assert torch.equal(file["scales.1.weight"], layer.weight) and file["scales.1.weight"].dtype == torch.int8
    assert file["scales.1.shift"].tolist() == [layer.shift] and file["scales.1.factor"].max() <= 65535
    counts = file["z_tables.counts"].split(file["z_tables.entries"].tolist())
    assert [c.sum().item() for c in counts] == [65536] * len(tables)


def test_a_codec_with_a_base_is_refused():
    assert from_json(to_json(Config(steps=3))).steps == 3
    with pytest.raises(ValueError, match="3 planes of a base"):
        from_json(to_json(Config(base=3)))


def test_a_half_goes_up_and_symbols_stay_in_sixteen_bits():
    x = torch.tensor([-1.5, -0.5, 0.5, 1.5, 1e6, -1e6])
    assert symbols(x).tolist() == [-1, 0, 1, 2, 32767, -32768]


def test_between_knots_the_logarithm_is_linear():
    knots = torch.arange(8.0)
    found = at_quality(knots, torch.tensor([0, 9, 13, 63]), 64).log()
    assert found.tolist() == pytest.approx([0, 1, 13 / 9, 7], abs=1e-5)


def test_pictures_are_padded_to_whole_positions_of_z():
    x = torch.randn(1, 3, 65, 1)
    assert padded(x).shape == (1, 3, 128, 64)
    assert torch.equal(padded(x)[0, :, -1, -1], x[0, :, -1, -1])


def grown(seed):
    torch.manual_seed(seed)
    net = scales.Scales(Config())
    for p in net.parameters():
        p.data *= 1 + 0.3 * torch.randn_like(p)
    return net


def test_the_scale_net_of_training_is_the_whole_one():
    net = grown(1)
    zs = (6 * torch.randn(24, 4, 4)).round()
    whole, floats = scales.tile_indices(net.whole(), zs), net(zs[None])[0]
    assert whole.min() >= 0 and whole.max() <= 63 and whole.float().std() > 5
    # 16 bits of factor, and sums of floats: here and there another number, never far
    assert (whole - floats).abs().max() <= 1
    assert (whole == floats).float().mean() > 0.99


def test_gradients_pass_through_the_scale_net():
    net = grown(2)
    net((3 * torch.randn(2, 24, 2, 2)).round()).sum().backward()
    assert all(p.grad is not None and p.grad.abs().sum() > 0 for p in net.parameters())


def test_what_lies_outside_only_learns_to_come_back():
    x = torch.tensor([-3.0, -3.0, 200.0, 200.0, 5.0], requires_grad=True)
    scales.Kept.apply(x, 127).mul(torch.tensor([1.0, -1, 1, -1, 1])).sum().backward()
    assert x.grad.tolist() == [0, -1, 1, 0, 1]


def test_tables_of_a_tile_hang_on_no_other_tile():
    layers, zs = grown(3).whole(), (6 * torch.randn(24, 5, 6)).round()
    before = scales.indices(layers, zs)
    zs[:, :4, :4] += 9
    after = scales.indices(layers, zs)
    same = before == after
    assert same[:, 16:].all() and same[:, :, 16:].all() and not same[:, :16, :16].all()


def read(data, table_at, count, lanes):
    """Symbols out of the bytes of rans(), by the page of native/src/entropy/rans.h"""
    size = 8 if lanes > 1 else (len(data) - 5) % 4 + 5
    states = [int.from_bytes(data[i * size : (i + 1) * size], "big") for i in range(lanes)]
    at, found = size * lanes, []

    def take(lane, start, span):
        nonlocal at
        number = states[lane] & 65535
        states[lane] = span * (states[lane] >> 16) + number - start
        if states[lane] < 1 << 31:
            states[lane] = states[lane] << 32 | int.from_bytes(data[at : at + 4], "big")
            at += 4

    def bits(lane, count):
        value = (states[lane] & 65535) >> 16 - count
        take(lane, value << 16 - count, 1 << 16 - count)
        return value

    for position in range(count):
        table, lane = table_at(position), position % lanes
        entry = int(np.searchsorted(table.starts, states[lane] & 65535, "right")) - 1
        take(lane, table.starts[entry], table.counts[entry])
        if entry + 1 < len(table.counts):
            found.append(table.lowest + entry)
            continue
        above, behind = bits(lane, 1), bits(lane, 4)
        distance = 1 << behind | bits(lane, behind)
        found.append(table.last + distance if above else table.lowest - distance)
    assert at == len(data) and states == [1 << 31] * lanes
    return found


@pytest.mark.parametrize("lanes", [1, 8])
def test_bytes_say_the_symbols_and_take_what_they_cost(lanes):
    rng = np.random.default_rng(5)
    tables = [entropy.gaussians()[i] for i in rng.integers(0, 64, 4000)]
    values = [int(v) for v in rng.normal(0, 12, 4000).round()]
    values[7] = 32767  # far behind the escape
    data = entropy.rans(list(zip(tables, values)), lanes)
    assert read(data, tables.__getitem__, len(values), lanes) == values
    cost = sum(t.cost(v) for t, v in zip(tables, values)) / 8
    assert cost <= len(data) < cost + 8 * lanes + 8


def test_tiles_of_zeros_take_no_bytes_and_checksums_are_the_known_ones():
    assert entropy.crc32c(b"123456789").hex() == "e3069283"
    assert entropy.varint(300) == b"\xac\x02"
    index = bytes([0, 0])
    index += entropy.crc32c(index)
    layers = grown(4).whole()
    tables = [entropy.Table(-1, [1, 65533, 1, 1])] * 24
    assert entropy.encode(tables, layers, torch.zeros(24, 2, 5), torch.zeros(64, 8, 20)) == index + index[::-1]


def test_a_table_has_a_count_for_all_that_was_seen():
    table = entropy.table_of([0] * 900 + [3] * 90 + [-2, 5000])
    assert table.lowest == -3 and table.last == 4 and min(table.counts) >= 1 and sum(table.counts) == 65536
    assert table.cost(0) < 0.2 and 3 < table.cost(3) < 4 and table.cost(5000) > 14
    with pytest.raises(ValueError, match="sum to 65535"):
        entropy.Table(0, [65534, 1])


def test_noise_is_the_published_generator_and_hangs_on_the_place_alone():
    zero = np.zeros(1, np.uint64)
    assert [int(w[0]) for w in philox((zero,) * 4, (0, 0))] == [0x6627E8D5, 0xE169C58D, 0xBC57AC4C, 0x9B00DBD8]
    whole, part = noise(9, 128, 128), noise(9, 70, 37)
    assert torch.equal(whole[:, :70, :37], part)
    assert not torch.equal(whole, noise(10, 128, 128))
    assert abs(whole.mean()) < 0.02 and abs(whole.std() - 1) < 0.02


def test_the_diffusion_ends_where_a_denoiser_that_knows_says():
    truth, told = torch.randn(1, 3, 8, 8), []

    class Knows:
        config = Config()

        def __call__(self, noised, faithful, c4, t):
            told.append((noised, t.item()))
            return truth

    drawn = torch.randn(1, 3, 8, 8)
    assert torch.equal(list(denoised(Knows(), drawn, None, None))[-1], truth)
    assert [t for _, t in told] == [1, 0.75, 0.5, 0.25] and torch.equal(told[0][0], drawn)
    a, b = shares(0.25)
    assert torch.allclose(told[3][0], a * truth + b * drawn, atol=1e-5)
    assert shares(1)[0] == 0 and math.isclose(a * a + b * b, 1)


def test_times_are_sines_first():
    found = time_features(torch.tensor([0.0, 1.0]))
    assert found[0].tolist() == [0] * 16 + [1] * 16
    assert found[1, 0].item() == pytest.approx(math.sin(1000), abs=1e-6)
    assert found[1, 31].item() == pytest.approx(math.cos(1000 * 10000 ** (-15 / 16)), abs=1e-6)


@torch.no_grad()
def test_the_budget_is_counted():
    config = Config()
    codec, denoiser, x, q = Codec(config), Denoiser(config), torch.zeros(1, 3, 64, 64), torch.tensor([5])
    parts = of_parts(config)
    with FlopCounterMode(display=False) as counter:
        zs, ys = codec.encoded(x, q)
    assert counter.get_total_flops() / 4096 == pytest.approx(
        parts["analysis"] + parts["hyper analysis"] + parts["mean"], rel=1e-3
    )
    with FlopCounterMode(display=False) as counter:
        c4, faithful = codec.decoded(zs, ys, q)
    assert counter.get_total_flops() / 4096 == pytest.approx(parts["mean"] + parts["synthesis"], rel=1e-3)
    with FlopCounterMode(display=False) as counter:
        denoiser(x, faithful, c4, torch.ones(1))
    assert counter.get_total_flops() / 4096 == pytest.approx(parts["a step of the diffusion"], rel=0.01)
