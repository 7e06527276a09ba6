"""Takes over the weights of an earlier model of ours whose decoder saw less and made every value of a cell."""
import torch


def grown(state, net):
    """state: the averaged training weights of version 0.2 (models/checkpoints); net: the network that goes on, its fixed axes set.
    Planes that were not seen before begin at zero; of the residual what lies in the new axes is kept."""
    state, wanted = {k: v.float() for k, v in state.items()}, net.state_dict()
    old = state.pop("decoder.output.basis", None)
    if old is not None:
        change = torch.linalg.pinv(wanted["decoder.basis"].double()).float() @ old
        for part in ("detail", "linear"):
            name = f"decoder.output.{part}"
            state[name + ".weight"] = torch.einsum("ij,jcyx->icyx", change, state[name + ".weight"])
            state[name + ".bias"] = change @ state[name + ".bias"]
    for name in ("decoder.input.weight", "decoder.output.linear.weight"):
        new = torch.zeros_like(wanted[name])
        new[:, :state[name].shape[1]] = state[name]
        state[name] = new
    for name, value in wanted.items():
        if name.startswith(("condition.luma.", "decoder.basis", "strength.")):
            state.setdefault(name, value)
    return state
