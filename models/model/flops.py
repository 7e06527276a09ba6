"""Arithmetic per output pixel and frame (multiply-add = 2), so that the budget is counted and not remembered."""


def per_pixel(config):
    """-> FLOP of each part for one output pixel of one frame"""
    token = config.token[0] * config.token[1] * config.token[2]  # pixels x frames under one token
    # pixels under one position of the 1/4 grid
    cell = config.unshuffle**2
    D, channels = config.dim, config.decoder["channels"]
    window = config.window[1] * config.window[2]
    embed = 2 * config.condition * config.patch**2 * config.embed * config.token[0]
    conv = 2 * 9 * config.embed * (config.token[0] + 1) * D
    block = 2 * (4 * D * D + 2 * D * config.ffn) + 4 * D * config.topk_per_window * window
    head = 2 * D * config.token[0] * config.latent_channels * config.patch**2
    # model/motion.py
    search = (
        sum(2 * candidates * window**2 for candidates, window in ((81, 5), (15, 6), (15, 8), (15, 16))) / 64
        if config.mean.get("motion")
        else 0
    )
    seen = config.condition + config.neighbours
    convs = (
        (seen + config.latent_channels) * channels
        + config.decoder["blocks"] * 2 * channels**2
        + (channels + seen) * config.axes
    )
    basis = 2 * config.axes * config.unshuffled if config.axes < config.unshuffled else 0
    mean = 60
    # of 8 frames for every 4, the first of them for nothing
    ahead = mean * (2 - 1 / config.token[0]) if config.neighbours else 0
    return {
        "projection": (embed + conv + 2 * config.noise_channels * D) / token,
        "blocks": config.layers * block / token,
        "head": head / token,
        "decoder": (2 * 9 * convs + basis) / cell,
        "condition": 2 * config.unshuffled * (config.condition + config.neighbours) / cell + mean + ahead + search,
    }
