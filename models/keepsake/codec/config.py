"""The numbers of the residual codec, as model.json will state them; nothing else in the model is adjustable."""

from dataclasses import asdict, dataclass


@dataclass(frozen=True)
class Config:
    quarter: int = 48  # channels of the synthesis at 1/4
    hidden: int = 64  # of the analysis at 1/4, of the fidelity decoder, of the synthesis at 1/8
    eighth: int = 96  # of the analysis at 1/8, of the synthesis at 1/16
    latent: int = 96  # of y, at 1/16
    hyper: int = 24  # of z, at 1/64
    hyper_hidden: int = 48
    qualities: int = 64
    steps: int = 4  # of the diffusion
    denoiser: int = 64
    denoiser_layers: int = 5
    base: int = 0  # planes of a picture that is there already: stills have none, and nothing else is built


PHOTO = Config()
ALIGN = 64  # pixels to a position of z
TILE = 4  # positions of z along a side of a tile
KNOTS = 8  # of what goes with the quality: the 1st is quality 0, the last the finest
TIME_FEATURES = 16  # sines, and as many cosines


def to_json(config):
    return asdict(config)


def from_json(values):
    config = Config(**values)
    if config.base:
        raise ValueError(f"A residual codec with {config.base} planes of a base: only stills, with none, are built.")
    return config
