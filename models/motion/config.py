"""The numbers of heirloom-motion, as model.json will state them; nothing else in the model is adjustable."""

from dataclasses import asdict, dataclass


@dataclass(frozen=True)
class Config:
    quarter: int = 24  # channels of the features at 1/4
    eighth: int = 48  # at 1/8
    dim: int = 64  # at 1/16: channels of a token
    heads: int = 4
    key_dim: int = 16  # of one head
    value_dim: int = 32  # of one head
    ffn: int = 128
    layers: int = 1
    window: int = 8  # tokens along one side of a retention window
    history: int = 8  # keys that a state is folded from, the later key of the gap with them
    rope_base: float = 100
    search: int = 3  # radius of the cost volume at 1/16, in cells of 16 px: the whole motion between two keys
    local: tuple = (2, 2)  # radii at 1/8 and 1/4, in cells of that grid, around what is known already
    hidden: int = 16  # channels handed from a grid to the next finer one
    flow: int = 64  # width of the convolutions at 1/8
    fine: int = 32  # at 1/4
    residual: int = 16

    @property
    def head_decays(self):
        """Of every head, per frame and per token of distance: 1/2, 3/4, 7/8, 15/16"""
        return tuple(1 - 2.0 ** -(1 + h) for h in range(self.heads))


MOTION = Config()


def to_json(config):
    return {k: list(v) if isinstance(v, tuple) else v for k, v in asdict(config).items()}


def from_json(values):
    return Config(**{k: tuple(v) if isinstance(v, list) else v for k, v in values.items()})
