"""Takes over the weights of the earlier experiment LD16, which has this architecture under other names.
Its input statistics came from x2 alone; ours cover all scales, so its first layers are rewritten for our axes by least squares."""
import torch

LAYER = {"modulation": "mod", "self_attn.o": "o", "self_attn.norm_q.weight": "nq", "self_attn.norm_k.weight": "nk", "ffn.0": "f0", "ffn.2": "f2"}


def renamed(old):
    """LD16's tensors under our names (whitening and output basis still LD16's own)"""
    new = {"condition.whiten.weight": old["wi"][24:], "condition.whiten.bias": -old["wi"][24:] @ old["mu"], "decoder.output.basis": old["wo"],
           "noise_embedding.weight": old["dit.nz.weight"], "decoder.input.slope": old["act.weight"], "decoder.blocks.0.slope": old["blocks.0.act.weight"],
           "head.modulation": old["dit.hm"][None]}
    pairs = {"projection.embed": "dit.emb", "projection.conv": "dit.proj", "head.head": "dit.head", "decoder.input": "inp", "decoder.blocks.0.conv0": "blocks.0.a",
             "decoder.blocks.0.conv1": "blocks.0.b", "decoder.output.detail": "out", "decoder.output.linear": "lin"}
    layers = len({k.split(".")[2] for k in old if k.startswith("dit.layers.")})
    for i in range(layers):
        ours, theirs = f"blocks.{i}.", f"dit.layers.{i}."
        for part, name in zip("qkv", range(3)):
            for kind in ("weight", "bias"):
                new[f"{ours}self_attn.{part}.{kind}"] = old[f"{theirs}qkv.{kind}"].chunk(3)[name]
        for name, other in LAYER.items():
            if name == "modulation":
                new[ours + name] = old[theirs + other][None]
            elif "norm" in name:
                new[ours + name] = old[theirs + other]
            else:
                pairs[ours + name] = theirs + other
    for name, other in pairs.items():
        new[name + ".weight"], new[name + ".bias"] = old[other + ".weight"], old[other + ".bias"]
    return {k: v.float().clone() for k, v in new.items()}


def change_axes(state, weight, bias, mean, covariance, basis):
    """Rewrites the layers that read the condition so that they read whitening (weight, bias) instead; exact only where both span the same axes.
    mean [48], covariance [48, 48]: of the unshuffled input."""
    W, b = state["condition.whiten.weight"].double(), state["condition.whiten.bias"].double()
    N = weight.double()
    A = W @ covariance @ N.T @ torch.linalg.inv(N @ covariance @ N.T)      # old ~= A new + offset   [24, 24]
    offset = (W @ mean + b) - A @ (N @ mean + bias.double())               # [24]
    both = torch.block_diag(A, A).float()                                  # frame and recursive mean   [48, 48]
    shift = torch.cat([offset, offset]).float()
    def conv(name, columns):
        w = state[name + ".weight"]
        state[name + ".bias"] = state[name + ".bias"] + torch.einsum("ocyx,c->o", w[:, columns], shift)
        w = w.clone()
        w[:, columns] = torch.einsum("ocyx,cd->odyx", w[:, columns], both)
        state[name + ".weight"] = w
    conv("decoder.input", slice(0, 48))
    conv("decoder.output.linear", slice(0, 48))
    e = state["projection.embed.weight"].view(-1, 48, 4, 4)
    state["projection.embed.bias"] = state["projection.embed.bias"] + torch.einsum("ocyx,c->o", e, shift)
    state["projection.embed.weight"] = torch.einsum("ocyx,cd->odyx", e, both).reshape(e.shape[0], -1)
    change = (torch.linalg.inv(basis.double()) @ state["decoder.output.basis"].double()).float()
    for part in ("detail", "linear"):
        name = f"decoder.output.{part}"
        state[name + ".weight"] = torch.einsum("ij,jcyx->icyx", change, state[name + ".weight"])
        state[name + ".bias"] = change @ state[name + ".bias"]
    state["condition.whiten.weight"], state["condition.whiten.bias"], state["decoder.output.basis"] = weight, bias, basis
    return state
