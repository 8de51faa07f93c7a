"""Synthetic scenes: dead leaves over a soft gradient, with text-like bars.

Everything is drawn in integers with an own generator, so that a seed gives the same pixels on every machine.
A scene has few, flat colours (small files) and hard edges (a high PDQ quality).
"""

import numpy as np

GRADIENT_BANDS = 32
LEAF_COLOURS = 28
SHADED_EVERY = 9
SHADE_STEPS = 6


class Random:
    """SplitMix64: fixed for ever, unlike a library's generator."""

    def __init__(self, seed):
        self.state = seed * 0x9E3779B97F4A7C15 % 2**64

    def below(self, limit):
        self.state = (self.state + 0x9E3779B97F4A7C15) % 2**64
        z = self.state
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9 % 2**64
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB % 2**64
        return (z ^ (z >> 31)) % limit

    def between(self, low, high):
        return low + self.below(high - low + 1)


def scene(width, height, seed, leaves=90, colours=LEAF_COLOURS):
    """Occluding disks and rectangles whose sizes follow a power law, over a banded gradient; RGB, uint8."""
    random = Random(seed)
    paints = [_paint(random, index) for index in range(colours)]
    picture = _gradient(width, height, paints[0], paints[1], random)
    for number in range(leaves):
        _leaf(picture, random, paints, shaded=number % SHADED_EVERY == 0)
        if number == leaves * 2 // 3 and min(width, height) >= 48:
            _text(picture, random)
    return picture


def gradient(width, height):
    """A soft, curved gradient: a hash, but of a quality that is not 0 and not good.

    Curved, because a straight one leaves most of the DCT at 0, and the hash would be rounding noise.
    """
    y, x = np.mgrid[0:height, 0:width]
    across, down = (x + width // 4) * 1000 // width, (y + height // 3) * 1000 // height
    step = (across * across * 7 + down * down * 3 + across * down * 4) // 98_000
    return np.stack([8 + step, 10 + step, 20 + step], axis=2).astype(np.uint8)


def flat(width, height, colour=(90, 120, 150)):
    return np.full((height, width, 3), colour, dtype=np.uint8)


def faded(picture, contrast):
    """The picture with a contrast of so many 1024ths, around the middle grey."""
    return (128 + (picture.astype(np.int64) - 128) * contrast // 1024).astype(np.uint8)


def levels(width, height, seed, steps):
    """A plane of a few levels in the shape of a scene, for alpha; steps are values 0..65535."""
    shapes = scene(width, height, seed, leaves=14, colours=len(steps) + 6)
    index = (shapes.astype(np.int64) @ [3, 5, 7]) % len(steps)
    return np.array(steps, dtype=np.uint16)[index]


def luma(picture, top=255):
    """Integer luma of RGB, 0..top, rounded: only the picture's content, no part of any hash."""
    weighted = picture.astype(np.int64) @ [299, 587, 114]
    return (weighted * top + 127_500) // 255_000


def _paint(random, index):
    """Dark and bright in turn, so that neighbours differ in luma."""
    low, high = ((0, 110), (130, 255))[index % 2]
    return tuple(random.between(low, high) for _ in range(3))


def _gradient(width, height, first, last, random):
    y, x = np.mgrid[0:height, 0:width]
    across, down = random.between(1, 3), random.between(4, 8)
    way = x * across * height + y * down * width
    band = way * GRADIENT_BANDS // ((across + down) * width * height)
    first, last = np.array(first), np.array(last)
    return (first + (last - first) * band[..., None] // GRADIENT_BANDS).astype(np.uint8)


def _leaf(picture, random, paints, shaded):
    height, width = picture.shape[:2]
    radius = _power_law(random, max(2, min(width, height) // 28), max(3, min(width, height) // 3))
    centre_x, centre_y = random.below(width), random.below(height)
    half_w, half_h = radius, radius
    disk = random.below(2) == 0
    if not disk:
        half_w = max(1, radius * random.between(40, 130) // 100)
        half_h = max(1, radius * random.between(40, 130) // 100)
    y, x = np.mgrid[0:height, 0:width]
    dx, dy = x - centre_x, y - centre_y
    mask = dx * dx + dy * dy <= radius * radius if disk else (abs(dx) <= half_w) & (abs(dy) <= half_h)
    paint = np.array(paints[random.below(len(paints))])
    picture[mask] = paint
    if shaded:
        step = np.clip((dy + half_h) * SHADE_STEPS // (2 * half_h + 1), 0, SHADE_STEPS - 1)
        shade = (paint * (12 - step[..., None])) // 12
        picture[mask] = shade.astype(np.uint8)[mask]


def _power_law(random, low, high):
    """A size with density ~ size^-3 between low and high."""
    share = random.below(1 << 20) / (1 << 20)
    return int(low / (1 - share * (1 - (low / high) ** 2)) ** 0.5)


def _text(picture, random):
    """A light sheet with dark lines of words."""
    height, width = picture.shape[:2]
    left, top = random.between(2, width // 2), random.between(2, height // 2)
    right, bottom = min(width - 2, left + width // 2), min(height - 2, top + height // 3)
    picture[top:bottom, left:right] = (244, 240, 228)
    for line in range(top + 3, bottom - 3, 6):
        at = left + 3
        while at < right - 8:
            word = random.between(4, 14)
            picture[line : line + 3, at : min(at + word, right - 3)] = (28, 26, 34)
            at += word + 3
