"""A network takes over a narrower one with the same transformer: it starts as exactly that one, and what is new begins at rest."""

import torch


def channels_of(old, new):
    """Where the old channels of the decoder lie among the new: those taken from the previous frame come first in both"""
    (old_count, old_shifted), (count, shifted) = ((d["channels"], int(d["channels"] * d["shift"])) for d in (old, new))
    if count - shifted < old_count - old_shifted or shifted < old_shifted:
        raise ValueError(
            f"a decoder of {count} channels, {shifted} of them of the previous frame, has no room for one of {old_count} and {old_shifted}"
        )
    return torch.cat([torch.arange(old_shifted), shifted + torch.arange(old_count - old_shifted)])


@torch.no_grad()
def widen(net, old, old_config):
    """net: training form; old: {name: float32} of the narrower network's training form. New planes may only stand after the old ones, new blocks after the old."""
    new = net.state_dict()
    blocks = old_config.decoder["blocks"]
    at = channels_of(old_config.decoder, net.config.decoder)
    hidden = torch.arange(len(at))
    for block in net.decoder.blocks:
        torch.nn.init.zeros_(block.conv1.weight)
        torch.nn.init.zeros_(block.conv1.bias)

    def place(name, rows=None, columns=None):
        """Old rows of a tensor into their places. They see nothing new."""
        target, value = new[name], old[name]
        if rows is None:
            rows = torch.arange(value.shape[0])
        if value.dim() < 2:
            target[rows] = value
            return
        if columns is None:
            columns = torch.arange(value.shape[1])
        target[rows] = 0
        target[rows[:, None], columns] = value

    for name in old:
        if not name.startswith("decoder."):
            new[name].copy_(old[name])
    if "decoder.basis" in old:
        new["decoder.basis"].copy_(old["decoder.basis"])
    for kind in ("weight", "bias", "slope"):
        place(f"decoder.input.{kind}", rows=at)
    for i in range(blocks):
        place(f"decoder.blocks.{i}.conv0.weight", rows=hidden, columns=at)
        place(f"decoder.blocks.{i}.conv0.bias", rows=hidden)
        place(f"decoder.blocks.{i}.slope", rows=hidden)
        place(f"decoder.blocks.{i}.conv1.weight", rows=at, columns=hidden)
        place(f"decoder.blocks.{i}.conv1.bias", rows=at)
    place("decoder.output.detail.weight", columns=at)
    place("decoder.output.detail.bias")
    place("decoder.output.linear.weight")
    place("decoder.output.linear.bias")
