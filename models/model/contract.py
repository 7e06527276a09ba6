"""What an exported model states of itself in model.json, so that the app need not know it: docs/MODELS.md, "How a model states itself"."""


def strength(config):
    """Values between 0 and 1 only of a model that was trained for them, or whose residual is multiplied by it."""
    between = config.strength or config.quantiser
    values = {"kind": "number", "from": 0, "to": 1} if between else {"kind": "choice", "of": [0, 1]}
    return {**values, "default": 1, "means": "how much of the model's change is made"}


def quantiser(config):
    if not config.quantiser:
        return {}
    means = "how coarsely the film was encoded: base_q_idx / 255 of AV1, QP / 51 of H.264 and H.265"
    return {"quantiser": {"kind": "number", "from": 0, "to": 1, "default": 0.75, "means": means}}


def contract(config):
    """-> the "contract" of a heirloom-small model of these sizes"""
    latent = config.token[0]  # frames
    return {
        "does": "enhance",
        # four latents settle the recursive mean and fill the ring of keys and values; two are looked at ahead
        "time": {
            "warmup": 4 * latent,
            "lookahead": 2 * latent,
            "chunk": latent,
            "alignment": 1,
            "out": [1, 1],
        },
        "settings": {
            "strength": strength(config),
            "detail": {
                "kind": "number",
                "from": 0,
                "to": 1,
                "default": 0,
                "means": "how much of the fine structure that the model took away comes back",
            },
            "seed": {
                "kind": "whole",
                "from": 0,
                "to": 2**53 - 1,
                "default": 0,
                "means": "the same seed gives the same frames",
            },
            **quantiser(config),
        },
        "arithmetic": ["fp32", "bf16", "fp16", "fp8"],
    }
