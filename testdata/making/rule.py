"""The written rule: from a file's samples to the 8-bit RGB that is hashed.

1. 16-bit samples become 8-bit by rounding: (v * 255 + 32767) // 65535. 1, 2 and 4-bit grey is scaled to 0..255.
2. Palettes are expanded; grey is R = G = B; inks become RGB by (255 - C) * (255 - K) / 255, rounded.
3. Alpha is composited on black: (c * a + 127) // 255.
4. The EXIF orientation is applied. ICC profiles, gAMA and the like are ignored.
"""

import numpy as np


def to_8_bit(samples):
    return ((samples.astype(np.int64) * 255 + 32767) // 65535).astype(np.uint8)


def grey_to_rgb(grey, depth=8):
    if depth == 16:
        grey = to_8_bit(grey)
    elif depth < 8:
        grey = grey.astype(np.int64) * 255 // (2**depth - 1)
    return np.repeat(grey.astype(np.uint8)[..., None], 3, axis=2)


def on_black(rgb, alpha):
    mixed = (rgb.astype(np.int64) * alpha.astype(np.int64)[..., None] + 127) // 255
    return mixed.astype(np.uint8)


def rgba_on_black(rgba):
    return on_black(rgba[..., :3], rgba[..., 3])


def inks_to_rgb(inks):
    """C, M, Y, K with 0 = no ink."""
    paper = 255 - inks.astype(np.int64)
    return ((paper[..., :3] * paper[..., 3:] + 127) // 255).astype(np.uint8)


def upright(stored, orientation):
    """What is shown, from what is stored under an EXIF orientation."""
    return np.ascontiguousarray(
        {
            1: lambda p: p,
            2: lambda p: p[:, ::-1],
            3: lambda p: p[::-1, ::-1],
            4: lambda p: p[::-1],
            5: lambda p: p.swapaxes(0, 1),
            6: lambda p: np.rot90(p, -1),
            7: lambda p: p[::-1, ::-1].swapaxes(0, 1),
            8: lambda p: np.rot90(p, 1),
        }[orientation](stored)
    )


def stored(shown, orientation):
    """What has to be stored so that `upright` gives `shown`."""
    return upright(shown, {6: 8, 8: 6}.get(orientation, orientation))
