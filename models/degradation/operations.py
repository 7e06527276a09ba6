"""The damage operations, one function each, on [T, 3, h, w] (RGB) or [T, C, h, w] float pictures in 0..255. Randomness comes in as a generator."""
import torch
import torch.nn.functional as F

RGB_TO_YCC = torch.tensor([[.299, .587, .114], [-.168736, -.331264, .5], [.5, -.418688, -.081312]])
YCC_TO_RGB = torch.linalg.inv(RGB_TO_YCC)


def matrix(x, m):
    return torch.einsum("ij,tjhw->tihw", m, x)


def gaussian(x, sigma_x, sigma_y=None):
    """Blur with a replicated border; sigma in pixels, under 0.15 nothing happens."""
    sigma_y = sigma_x if sigma_y is None else sigma_y
    channels = x.shape[1]
    for sigma, across in ((sigma_x, True), (sigma_y, False)):
        if sigma < 0.15:
            continue
        radius = int(3 * sigma + 1)
        kernel = torch.exp(-torch.arange(-radius, radius + 1).float() ** 2 / (2 * sigma * sigma))
        kernel = (kernel / kernel.sum()).view(1, 1, 1, -1) if across else (kernel / kernel.sum()).view(1, 1, -1, 1)
        border = (radius, radius, 0, 0) if across else (0, 0, radius, radius)
        x = F.conv2d(F.pad(x, border, mode="replicate"), kernel.expand(channels, 1, -1, -1), groups=channels)
    return x


def resample(x, height, width):
    return F.interpolate(x, size=(height, width), mode="bicubic", antialias=True, align_corners=False)


def downscale(x, scale, kernel):
    if scale == 1:
        return x
    return F.avg_pool2d(x, scale) if kernel == "area" else resample(x, x.shape[2] // scale, x.shape[3] // scale)


def sensor_noise(x, floor, slope, correlation, generator):
    """Luma-dependent: sd = floor + slope * sqrt(luma), in 8-bit steps; three quarters of it common to the colours."""
    luma = matrix(x, RGB_TO_YCC)[:, :1].clamp(0, 255) / 255
    noise = torch.randn(x.shape, generator=generator)
    noise = gaussian(noise, correlation) / max(1 - .55 * correlation, .4)
    return x + (.75 * noise[:, :1] + .5 * noise) * (floor + slope * luma.sqrt())


def soft_chroma(x, sigma, divide_x=2, divide_y=2):
    """4:2:0 or 4:1:1 chroma: blurred, stored small, brought back with straight lines between the samples."""
    ycc = matrix(x, RGB_TO_YCC)
    h, w = ycc.shape[2:]
    small = F.interpolate(gaussian(ycc[:, 1:], sigma), size=(max(h // divide_y, 1), max(w // divide_x, 1)), mode="area")
    return matrix(torch.cat([ycc[:, :1], F.interpolate(small, size=(h, w), mode="bilinear", align_corners=False)], 1), YCC_TO_RGB)


def tone(x, gain, lift, saturation):
    """Fading: less contrast, raised black, weaker colour."""
    ycc = matrix(x, RGB_TO_YCC)
    return matrix(torch.cat([ycc[:, :1] * gain + lift, ycc[:, 1:] * gain * saturation], 1), YCC_TO_RGB)


def slide_lines(x, offsets):
    """Moves every line sideways by its own offset [T, h] in pixels."""
    T, _, h, w = x.shape
    gx = (torch.arange(w).view(1, 1, w) + offsets.view(T, h, 1) + .5) / w * 2 - 1
    gy = ((torch.arange(h) + .5) / h * 2 - 1).view(1, h, 1).expand(T, h, w)
    return F.grid_sample(x, torch.stack([gx.expand(T, h, w), gy], -1), mode="bilinear", padding_mode="border", align_corners=False)


def vhs(x, r, generator):
    """Band-limited luma with ringing, coarse delayed chroma, tape noise, line jitter, now and then dropouts and the head-switching band."""
    T, _, h, w = x.shape
    ycc = matrix(x, RGB_TO_YCC)
    luma = resample(resample(ycc[:, :1], h, max(int(w * r["luma_band"]), 8)), h, w)
    luma = luma + r["ringing"] * (luma - gaussian(luma, 1.6, 0))
    rows, columns = max(h // 2, 4), max(int(w * r["chroma_band"]), 4)
    chroma = resample(ycc[:, 1:], rows, columns)
    chroma = chroma + r["chroma_noise"] * torch.randn(chroma.shape, generator=generator)
    chroma = slide_lines(resample(chroma, h, w), torch.full((T, h), -r["chroma_delay"]))
    chroma = torch.roll(chroma, r["chroma_drop"], 2)
    noise = torch.randn(luma.shape, generator=generator)
    luma = luma + r["luma_noise"] * gaussian(noise, r["noise_length"], 0) * (1 + 1.2 * r["noise_length"])
    y = torch.cat([luma, chroma], 1)
    wobble = torch.randn(T, 1, 1, h, generator=generator)
    offsets = r["jitter"] * (.5 * wobble + 2.5 * gaussian(torch.randn(T, 1, 1, h, generator=generator), 6, 0)).view(T, h)
    if r["head_switch"]:
        offsets[:, -r["head_switch"]:] += torch.linspace(0, 12, r["head_switch"])
    y = slide_lines(y, offsets)
    for _ in range(r["dropouts"]):
        t, row, start, length = (int(torch.randint(n, (), generator=generator)) for n in (T, h, w, max(w // 5, 2)))
        y[t, 0, row, start:start + length] = 200.
    return matrix(y, YCC_TO_RGB)
