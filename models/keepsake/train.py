"""Trains the residual of Keepsake level 0 in slices, as train.py does: from a decoded base towards the film, told the encoder's quantiser.

    python -m keepsake.train --data DIR --run DIR --warm-start checkpoints/heirloom-s-v0.5.pt --minutes 20 --total-steps 6000 --bfloat16    # inside models/

Beside the pixels (loss.py) stand two terms on luma that say what there should be of, not where to the pixel: the energy of 8x8 cosine bands, window by window (train_texture.py),
and the sizes of gradients at three sizes of the picture, window by window; with --features also the distance in a network of ours (perception.py). Their pull on the picture is brought to --share and
--feature-share times that of the pixels, crop by crop. The features that keepsake/measure.py measures with are not among them. A critic was left out: it makes a step three times as dear (models/LOG.md 33)."""

import torch
import torch.nn.functional as F
from loss import loss, luma_of
from model.config import KEEPSAKE, from_json
from model.heirloom_s import HeirloomS
from pool import Pool
from train import Trainer, parser_of, run_slice
from train_texture import band_energy, brought

from .perception import distance, restored

SIZES, SIDE, GRADIENTS = 3, 16, 2.0
EVERY = 2  # of the frames, for the distance
RATES = {"av1": 0.6, "hevc": 0.2, "h264": 0.2}  # share of the crops


def sized_gradients(y):
    """y [B, T, 3, H, W] -> for every size and direction the logarithm of the mean size of the gradient of luma in every window of 16x16: [N, h, w] each"""
    luma = luma_of(y).flatten(0, 1)[:, None] * 127.5
    found = []
    for size in range(SIZES):
        luma = F.avg_pool2d(luma, 2) if size else luma
        for axis in (-1, -2):
            # + 1: less than a step of 255 is nothing
            found.append(torch.log(F.avg_pool2d(luma.diff(dim=axis).abs(), SIDE >> size) + 1))
    return found


def texture(y, truth):
    gradients = [F.l1_loss(a, b) for a, b in zip(sized_gradients(y), sized_gradients(truth))]
    return F.l1_loss(band_energy(y), band_energy(truth)) + GRADIENTS * sum(gradients) / len(gradients)


class KeepsakePool(Pool):
    """Pairs with the quantiser of their base; crops shared out by codec. Lines that are added while training runs are taken in at the next slice."""

    def __init__(self, folder, limit=None):
        super().__init__(folder, limit, None)
        codecs = [line["recipe"]["codec"] for line in self.lines]
        weights = torch.tensor([line["weight"] for line in self.lines], dtype=torch.float64)
        for codec, share in RATES.items():
            mine = torch.tensor([c == codec for c in codecs])
            if mine.any():
                weights[mine] *= share / weights[mine].sum()
        self.chances = torch.cumsum(weights / weights.sum(), 0).numpy()

    def given(self, index):
        return self.lines[index]["quantiser"]


def begun(warm_start, seed):
    """The network of a kept checkpoint, told the quantiser; what it says at the start does not hang on it"""
    torch.manual_seed(seed)
    kept = torch.load(warm_start, weights_only=True, map_location="cpu")
    told = from_json(kept["config"]).quantiser is not None
    net = HeirloomS(from_json(kept["config"]) if told else KEEPSAKE)
    old = {name: value.float() for name, value in kept["ema"].items() if not name.startswith("strength.")}
    net.load_state_dict({**net.state_dict(), **old})
    return net


class KeepsakeTrainer(Trainer):
    def __init__(self, args):
        self.perception = restored(args.features) if args.features else None
        super().__init__(args)

    def open_pool(self):
        return KeepsakePool(self.args.data, self.args.pairs)

    def new_network(self):
        return begun(self.args.warm_start, self.args.seed)

    def answer(self, x, noise, told, vectors):
        """told: the quantiser of each crop, the same for all its latents"""
        quantiser = torch.tensor(told)[:, None].expand(-1, noise.shape[1])
        return self.net(x, noise, vectors=vectors, quantiser=quantiser)

    def learn(self, y, x, truth):
        picture = y.detach().requires_grad_()
        value = loss(picture, truth)
        (pixels,) = torch.autograd.grad(value, picture)
        (drawing,) = torch.autograd.grad(texture(picture, truth), picture)
        pull = pixels + brought(drawing, pixels, self.args.share)
        if self.perception:
            seen = [v[:, self.step % EVERY :: EVERY].flatten(0, 1) for v in (picture, truth)]
            (features,) = torch.autograd.grad(distance(self.perception, *seen), picture)
            pull = pull + brought(features, pixels, self.args.feature_share)
        y.backward(pull)
        return value.item()


def arguments(text=None):
    parser = parser_of(__doc__)
    parser.add_argument(
        "--share", type=float, default=2.0, help="pull of texture on the picture, of that of the pixels"
    )
    parser.add_argument("--features", help="what perception.py made: its distance is trained on, too")
    parser.add_argument("--feature-share", type=float, default=4.0, help="pull of that distance, of that of the pixels")
    return parser.parse_args(text)


if __name__ == "__main__":
    run_slice(KeepsakeTrainer, arguments())
