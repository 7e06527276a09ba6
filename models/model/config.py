"""The numbers of a model, as model.json states them; nothing else in the model is adjustable."""

import json
from dataclasses import asdict, dataclass, field


@dataclass(frozen=True)
class Config:
    unshuffle: int = 4
    token: tuple = (4, 16, 16)  # frames, rows, columns of pixels in one token
    embed: int = 32
    dim: int = 160
    heads: int = 5
    layers: int = 4
    ffn: int = 640
    window: tuple = (1, 4, 4)  # latents, rows, columns of tokens in one window
    local_range: int = 3
    topk_per_window: float = 8
    kv_segments: int = 2
    force_own_window: bool = True
    rope_base: float = 100
    rope_dims: tuple = (8, 12, 12)  # of one head: time, row, column
    layer_norm_eps: float = 1e-5
    latent_channels: int = 16
    noise_channels: int = 16
    whiten: int = 24
    mean: dict = field(default_factory=lambda: {"floor": 0.12, "sigma": 0.1, "motion": True})
    decoder: dict = field(
        default_factory=lambda: {"channels": 40, "blocks": 1, "shift": 0.25, "neighbours": True, "axes": 24}
    )
    strength: dict = field(default_factory=lambda: {"embed": 16})  # or None
    quantiser: dict = (
        None  # {"embed": 16} of a model that is told the quantiser of what it is shown; it has no strength
    )

    @property
    def unshuffled(self):  # values of one position on the 1/4 grid
        return 3 * self.unshuffle**2

    @property
    def condition(self):  # planes of the condition
        return 2 * self.whiten

    @property
    # planes of the mean of what comes, of the frame before and, with "after", of the one after: luma only, for the decoder alone
    def neighbours(self):
        return (3 if self.decoder.get("after") else 2) * self.unshuffle**2 if self.decoder.get("neighbours") else 0

    @property
    def axes(self):  # of the residual's cells that the decoder makes
        return self.decoder.get("axes", self.unshuffled)

    @property
    def patch(self):  # positions of the 1/4 grid along one side of a token
        return self.token[1] // self.unshuffle


SMALL = Config()
MEDIUM = Config(decoder={"channels": 96, "blocks": 6, "shift": 0.25, "neighbours": True, "after": True, "axes": 24})
KEEPSAKE = Config(strength=None, quantiser={"embed": 16})


def to_json(config):
    values = {k: list(v) if isinstance(v, tuple) else v for k, v in asdict(config).items()}
    if config.quantiser is None:
        del values["quantiser"]  # model.json of the others says nothing of it
    return values


def from_json(values):
    return Config(**{k: tuple(v) if isinstance(v, list) else v for k, v in values.items()})


def read(path):
    """model.json -> (whole description, Config)"""
    with open(path, encoding="utf-8") as file:
        description = json.load(file)
    return description, from_json(description["config"])
