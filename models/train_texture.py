"""Stage 3: teaches a trained model to draw texture, in slices as train.py does.

    python models/train_texture.py --data DIR --run DIR --warm-start models/checkpoints/heirloom-m-v0.2.pt --minutes 9 --total-steps 6000 --rate 1e-4

Beside the pixels stand two terms on luma: a critic of ours, which looks at the change in three frames in a row beside the input (so that boiling gives a drawing away) and whose
features are matched too, and the energy of 8x8 cosine bands, window by window. Their pull on the picture is brought to --share times that of the pixels, crop by crop:
no weight has to be guessed. The first --critic-alone steps train the critic only.
References: hinge loss and spectral norm (Miyato 2018), matching of features (Wang 2018); why one regression cannot draw: models/LOG.md 23."""

import math

import torch
import torch.nn as nn
import torch.nn.functional as F
from loss import loss, luma_of
from torch.nn.utils.parametrizations import spectral_norm
from train import Trainer, parser_of, run_slice

FRAMES = 3  # a critic's view: before, now, after, and the input now
WIDTHS = (32, 64, 96)
LEAST = 2 / 127.5  # a change below two steps of 255 is not blown up further
TERMS = {"critic": 1.0, "features": 10.0, "bands": 1.0}
BAND, WINDOW = 8, 4  # side of a cosine block, blocks along the side of a window


class Critic(nn.Module):
    """[N, 4, H, W] -> one judgement for every 8x8 pixels, and the features on the way"""

    def __init__(self):
        super().__init__()
        inputs = (FRAMES + 1, *WIDTHS[:-1])
        layers = [nn.Conv2d(i, o, 4, 2, 1) for i, o in zip(inputs, WIDTHS)]
        # the first and the last free: what tells textures apart is faint
        self.layers = nn.ModuleList([layers[0], *map(spectral_norm, layers[1:])])
        self.middle = spectral_norm(nn.Conv2d(WIDTHS[-1], WIDTHS[-1], 3, padding=1))
        self.last = nn.Conv2d(WIDTHS[-1], 1, 3, padding=1)

    def forward(self, y, x, unit):
        """y, x [B, T, 3, H, W] in [-1, 1], T at least 3; unit [B, 1, 1, 1]: what a change of the luma of this crop is measured in"""
        given = luma_of(x)
        change = (luma_of(y) - given) / unit
        frames = change.unfold(1, FRAMES, 1).permute(0, 1, 4, 2, 3)  # [B, T - 2, 3, H, W]
        a = torch.cat([frames, given[:, 1:-1, None]], 2).flatten(0, 1)
        features = []
        for layer in (*self.layers, self.middle):
            a = F.leaky_relu(layer(a), 0.2)
            features.append(a)
        return self.last(a), features


def unit_of(x, truth):
    """Of a crop, the root mean square of the change that was wanted: [B, 1, 1, 1]"""
    return (luma_of(truth - x).pow(2).mean((1, 2, 3), keepdim=True) + LEAST**2).sqrt()


def hinge(drawn, real):
    """What the critic minimises, of its judgements"""
    return F.relu(1 + drawn).mean() + F.relu(1 - real).mean()


def cosines(side):
    """[side, side]: the orthonormal DCT-II"""
    n = torch.arange(side).float()
    basis = torch.cos(math.pi / side * (n + 0.5) * n[:, None]) * math.sqrt(2 / side)
    basis[0] /= math.sqrt(2)
    return basis


def band_energy(y):
    """y [B, T, 3, H, W] -> logarithm of the energy of the 63 bands above the mean, for every window of 32x32: [N, 63, H / 32, W / 32]"""
    basis = cosines(BAND)
    kernels = torch.einsum("ui,vj->uvij", basis, basis).view(-1, 1, BAND, BAND)[1:]
    bands = F.conv2d(luma_of(y).flatten(0, 1)[:, None] * 127.5, kernels, stride=BAND)
    # + 1: less than a step of 255 is nothing
    return torch.log(F.avg_pool2d(bands.pow(2), WINDOW) + 1)


def brought(drawing, pixels, share):
    """Gradients of two terms to the picture, [B, T, 3, H, W] each -> the first brought to share times the length of the second, crop by crop"""
    norms = [g.flatten(1).norm(dim=1).view(-1, 1, 1, 1, 1) for g in (pixels, drawing)]
    return share * drawing * (norms[0] / norms[1].clamp_min(1e-12))


class TextureTrainer(Trainer):
    def __init__(self, args):
        torch.manual_seed(args.seed)
        self.critic = Critic()
        super().__init__(args)
        self.critic_optimizer = torch.optim.AdamW(
            self.critic.parameters(), lr=args.critic_rate, betas=(0.5, 0.99), weight_decay=0.0
        )
        if self.saved:
            self.critic.load_state_dict(self.saved["critic"])
            self.critic_optimizer.load_state_dict(self.saved["critic_optimizer"])

    def judge(self, y, x, truth, unit):
        """One step of the critic"""
        value = hinge(self.critic(y.detach(), x, unit)[0], self.critic(truth, x, unit)[0])
        self.critic_optimizer.zero_grad(set_to_none=True)
        value.backward()
        self.critic_optimizer.step()
        return value.item()

    def texture(self, y, x, truth, unit):
        self.critic.requires_grad_(False)
        judgement, features = self.critic(y, x, unit)
        with torch.no_grad():
            wanted = self.critic(truth, x, unit)[1]
        self.critic.requires_grad_(True)
        matched = sum(F.l1_loss(f, w) for f, w in zip(features, wanted)) / len(wanted)
        return (
            -TERMS["critic"] * judgement.mean()
            + TERMS["features"] * matched
            + TERMS["bands"] * F.l1_loss(band_energy(y), band_energy(truth))
        )

    def learn(self, y, x, truth):
        unit = unit_of(x, truth)
        self.verdict = self.judge(y, x, truth, unit)
        picture = y.detach().requires_grad_()
        value = loss(picture, truth)
        (pixels,) = torch.autograd.grad(value, picture)
        if self.step < self.args.critic_alone:
            return value.item()
        (drawing,) = torch.autograd.grad(self.texture(picture, x, truth, unit), picture)
        y.backward(pixels + brought(drawing, pixels, self.args.share))
        return value.item()

    def told(self):
        return f", critic {self.verdict:.3f} (2: it cannot tell)"

    def state(self):
        return {
            **super().state(),
            "critic": self.critic.state_dict(),
            "critic_optimizer": self.critic_optimizer.state_dict(),
        }


def arguments(text=None):
    parser = parser_of(__doc__)
    parser.add_argument(
        "--share", type=float, default=1.0, help="pull of the texture on the picture, as a share of that of the pixels"
    )
    parser.add_argument("--critic-rate", type=float, default=4e-4)
    parser.add_argument("--critic-alone", type=int, default=200)
    return parser.parse_args(text)


if __name__ == "__main__":
    run_slice(TextureTrainer, arguments())
