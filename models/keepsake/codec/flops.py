"""Arithmetic per pixel (multiply-add = 2), so that the budget is counted and not remembered."""

from motion.flops import convolution


def of_parts(c):
    """-> FLOP per pixel of what makes bytes, of what shows them faithfully, and of one step of the diffusion"""
    mean = (
        convolution(c.hyper, 4 * c.hyper_hidden, 64)
        + convolution(c.hyper_hidden, 4 * c.hyper_hidden, 32)
        + convolution(c.hyper_hidden, c.latent, 16)
    )
    scales = (
        convolution(c.hyper, c.hyper_hidden, 32)
        + convolution(c.hyper_hidden, c.hyper_hidden, 16)
        + convolution(c.hyper_hidden, c.latent, 16)
    )
    return {
        "analysis": convolution(48, c.hidden, 4)
        + convolution(c.hidden, c.hidden, 4)
        + convolution(4 * c.hidden, c.eighth, 8)
        + convolution(4 * c.eighth, 2 * c.hidden, 16)
        + convolution(2 * c.hidden, c.latent, 16),
        "hyper analysis": convolution(c.latent, c.hyper_hidden, 16)
        + convolution(4 * c.hyper_hidden, c.hyper_hidden, 32)
        + convolution(4 * c.hyper_hidden, c.hyper, 64),
        "mean": mean,
        "scales": scales,
        "synthesis": convolution(c.latent, c.eighth, 16)
        + convolution(c.eighth, 4 * c.hidden, 16)
        + convolution(c.hidden, 4 * c.quarter, 8)
        + convolution(c.quarter, c.hidden, 4)
        + convolution(c.hidden, c.hidden, 4)
        + convolution(c.hidden, 48, 4),
        "a step of the diffusion": convolution(96 + c.quarter, c.denoiser, 4)
        + (c.denoiser_layers - 1) * convolution(c.denoiser, c.denoiser, 4)
        + convolution(c.denoiser, 48, 4),
    }


def per_pixel(c):
    """Showing a picture, the residual with it"""
    parts = of_parts(c)
    return parts["mean"] + parts["scales"] + parts["synthesis"] + c.steps * parts["a step of the diffusion"]
