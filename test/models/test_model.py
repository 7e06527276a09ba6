"""The graph: selection by the rule, causality, sizes, export, and the goldens on disk."""

import os

import pytest
import torch
import torch.nn.functional as F
from conftest import ROOT
from goldens import moving_picture, random_model, run
from model.attention import locality, select
from model.condition import mean_ahead, pad, recursive_mean
from model.config import Config
from model.files import add_scale, exported_state, read_folder, write_folder
from model.heirloom_s import HeirloomS
from model.motion import clip_vectors
from safetensors.torch import load_file

SMALL = Config(dim=32, heads=1, layers=2, ffn=64, topk_per_window=2.5)


def small(seed=0, factored=True):
    torch.manual_seed(seed)
    net = HeirloomS(SMALL, factored)
    for parameter in net.decoder.output.parameters():
        torch.nn.init.normal_(parameter, std=0.02)
    return net.eval()


def test_selection_keeps_pairs_strictly_above_the_threshold_and_the_own_window():
    generator = torch.Generator().manual_seed(1)
    rows, columns, segments = 3, 4, 2
    n = rows * columns
    q = torch.randn(1, 2, n, 16, 8, generator=generator) * 2
    k = torch.randn(1, 2, segments * n, 16, 8, generator=generator) * 2
    keep = select(q, k, locality(rows, columns, 3), SMALL)
    for head in range(2):
        p = torch.zeros(n, segments * n, dtype=torch.float64)
        for i in range(n):
            allowed = [
                j
                for j in range(segments * n)
                if abs(i // columns - j % n // columns) <= 1 and abs(i % columns - j % n % columns) <= 1
            ]
            s = torch.stack([(q[0, head, i].mean(0) * k[0, head, j].mean(0)).sum().double() / 8**0.5 for j in allowed])
            p[i, allowed] = s.softmax(0)
        theta = p.flatten().sort(descending=True)[0][int(2.5 * n)]
        expected = p > theta
        for i in range(n):
            expected[i, n + i] = True
        assert torch.equal(keep[0, head], expected)


def test_later_frames_never_change_finished_latents():
    net = small()
    x = torch.rand(1, 12, 3, 64, 128) - 0.5
    changed = x.clone()
    changed[:, 8:] += 0.3
    noise = torch.randn(1, 3, 32, 16)
    with torch.no_grad():
        a, b = net(x, noise), net(changed, noise)
    assert torch.equal(a[:, :4], b[:, :4])  # a latent sees the one after it, and no more
    assert all(not torch.equal(a[:, t], b[:, t]) for t in range(4, 12))


def test_the_ring_forgets_what_is_older_than_two_latents_except_through_the_mean():
    """Selection and memory are bounded: with the recursive mean and the decoder's shift left alone, tokens of latent 3 do not see latent 0."""
    net = small()
    tokens = torch.randn(1, 4, 4, 8, 32)
    changed = tokens.clone()
    changed[:, 0] += 1
    with torch.no_grad():
        a, b = net.blocks[0](tokens), net.blocks[0](changed)
    assert torch.equal(a[:, 3], b[:, 3])
    assert not torch.equal(a[:, 2], b[:, 2])


@pytest.mark.parametrize("frames,height,width", [(1, 16, 16), (5, 40, 70), (8, 64, 64)])
def test_as_many_frames_come_out_as_go_in_at_any_size(frames, height, width):
    y = small().enhance(torch.rand(frames, 3, height, width) * 2 - 1)
    assert y.shape == (frames, 3, height, width)
    assert y.abs().max() <= 1


def test_recursive_mean_averages_noise_on_a_still_and_follows_a_cut():
    still = torch.zeros(1, 30, 3, 32, 32) + 0.02 * torch.randn(
        1, 30, 3, 32, 32, generator=torch.Generator().manual_seed(2)
    )
    m = recursive_mean(still, 0.12, 0.035)
    assert m[0, -1].std() < 0.6 * still[0, -1].std()
    cut = torch.cat([still, still[:, :1] + 0.8], 1)
    assert (recursive_mean(cut, 0.12, 0.035)[0, -1] - cut[0, -1]).abs().mean() < 0.01


def textured_pan(frames, dy, dx, size=64):
    generator, side = torch.Generator().manual_seed(6), size + 2 * 40
    wide = (
        sum(
            F.interpolate(torch.rand(1, 3, side // n, side // n, generator=generator), (side, side), mode="bilinear")
            for n in (4, 8, 24)
        )[0]
        / 1.5
        - 1
    )
    return torch.stack(
        [wide[:, 40 - t * dy : 40 - t * dy + size, 40 - t * dx : 40 - t * dx + size] for t in range(frames)]
    )


def test_motion_of_a_pan_is_found_where_the_past_shows_it():
    found = clip_vectors(textured_pan(2, 5, -7))
    assert (found[0] == 0).all()
    assert (found[1, 1:, :-1] == torch.tensor([-5, 7])).all()
    still = clip_vectors(textured_pan(2, 0, 0))
    assert (still == 0).all()


def test_a_mean_that_follows_motion_averages_noise_on_a_pan():
    pan = textured_pan(12, 2, 3)[None]
    noisy = pan + 0.03 * torch.randn(pan.shape, generator=torch.Generator().manual_seed(8))
    vectors = clip_vectors(noisy[0])[None]
    error = lambda m: (m - pan)[0, -1, :, 32:, 48:].std()
    assert error(recursive_mean(noisy, 0.12, 0.1, True, vectors)) < 0.95 * error(noisy)
    assert error(recursive_mean(noisy, 0.12, 0.1)) > error(noisy)


def test_the_mean_of_what_comes_begins_at_the_end_of_the_next_latent():
    pan = textured_pan(10, 2, 3)[None]
    noisy = pan + 0.03 * torch.randn(pan.shape, generator=torch.Generator().manual_seed(8))
    vectors = clip_vectors(noisy[0])[None]
    ahead = mean_ahead(noisy, 4, 0.12, 0.1, True, vectors)
    # what was in the picture before and stays in it
    error = lambda v, t: (v - pan)[0, t, :, 16:48, 16:40].std()
    assert error(ahead, 0) < 0.95 * error(noisy, 0)
    assert torch.equal(ahead[:, 9], noisy[:, 9])  # nothing comes after the last frame
    changed = noisy.clone()
    changed[:, 8:] += 0.3
    again = mean_ahead(changed, 4, 0.12, 0.1, True, vectors)
    assert torch.equal(ahead[:, :4], again[:, :4]) and not torch.equal(ahead[:, 4], again[:, 4])


def test_export_folds_to_the_same_picture_and_comes_back_from_disk(tmp_path):
    net = small()
    torch.nn.init.normal_(net.decoder.basis, std=0.2)
    write_folder(str(tmp_path), exported_state(net), SMALL, "test", "1", torch.float32)
    again = read_folder(str(tmp_path))
    x = torch.rand(4, 3, 64, 64) * 2 - 1
    assert (net.enhance(x) - again.enhance(x)).abs().max() < 1e-6


def test_a_scale_may_have_weights_of_its_own(tmp_path):
    folder, (net, own) = str(tmp_path), (small(1), small(2))
    write_folder(folder, exported_state(net), SMALL, "test", "1")
    add_scale(folder, exported_state(own), SMALL, "2", 4)
    weights = lambda n: n.projection.embed.weight
    for scale, expected in ((None, net), (2, net), (4, own)):
        assert torch.equal(weights(read_folder(folder, scale)), weights(expected).half().float())
    with pytest.raises(ValueError, match="Nothing was written"):
        add_scale(folder, exported_state(own), Config(), "2", 4)


def test_heirloom_s_is_within_its_budget():
    assert sum(p.numel() for p in HeirloomS(Config(), factored=False).parameters()) <= 4_000_000


@pytest.mark.parametrize(
    "name,strength",
    [
        ("heirloom-s-golden", None),
        ("heirloom-s-golden-strength", 0.6),
        ("heirloom-m-golden", None),
        ("heirloom-keepsake-golden", 0.5),
    ],
)
def test_the_goldens_on_disk_are_what_the_graph_computes(name, strength):
    folder = os.path.join(ROOT, "test", "fixtures", name)
    inputs, outputs = (load_file(os.path.join(folder, f"{kind}.safetensors")) for kind in ("inputs", "outputs"))
    taps, _ = run(read_folder(folder), inputs["x"], inputs["noise"], strength, inputs.get("quantiser"))
    for tap, expected in outputs.items():
        if ".mask." in tap:
            assert torch.equal(taps[tap], expected), tap
        else:
            assert (taps[tap] - expected).abs().max() <= 2e-5 * expected.abs().max(), tap


def test_strength_changes_the_picture():
    net = random_model(0.6, 3)
    x = moving_picture(4, 64, 64, 1)
    noise = torch.randn(1, 16, 16)
    weak, strong = (run(net, x, noise, s)[0]["frame.2.out"] for s in (0.2, 0.9))
    assert (weak - strong).abs().max() > 1e-3


def test_padding_repeats_the_edge():
    x = torch.arange(6.0).view(1, 1, 2, 3).expand(1, 3, 2, 3)
    p = pad(x)
    assert p.shape[-2:] == (64, 64)
    assert p[0, 0, 63, 63] == 5 and p[0, 0, 0, 10] == 2
