"""Every picture of the test data: its bytes, and the upright RGB that its frames must decode to."""

import io
from dataclasses import dataclass, field

import numpy as np
from PIL import Image

from . import rule
from .bmp import bmp_palette, bmp_true_colour, bmp_with_alpha
from .exif import exif_block, with_adobe_transform, without_adobe
from .gif import BACKGROUND, KEEP, PREVIOUS, GifFrame, gif, gif_shown
from .png import GREY, GREY_ALPHA, PALETTE, RGB, RGBA, apng, apng_shown, png
from .scenes import faded, flat, gradient, levels, luma, scene

# width, height, leaves; 64, 128 and their neighbours are where PDQ's window changes
SIZES = [(320, 240, 150), (97, 61, 70), (64, 64, 60), (65, 63, 60), (128, 128, 90), (129, 127, 90), (256, 257, 110),
         (400, 37, 160), (37, 400, 160), (513, 300, 170), (1025, 600, 200)]  # fmt: skip
ALPHA_STEPS = [65535, 0, 65535, 16448, 65535, 51500, 65535, 33000]


@dataclass
class Entry:
    """`intended` is what was drawn; for a lossy file the expected pixels are Pillow's, and this only checks them."""

    file: str
    data: bytes
    intended: list
    starts_ms: list = field(default_factory=lambda: [None])
    exact: bool = True
    structured: bool = True  # PDQ quality >= 80 in every frame
    inverted_by_pillow: bool = False
    pillow_differs: str = ""  # why Pillow's pixels are not the rule's


def catalogue():
    return [*_scenes(), *_png_kinds(), *_apngs(), *_jpegs(), *_gifs(), *_webps(), *_bmps(), *_tiffs()]


def _scenes():
    for width, height, leaves in SIZES:
        shown = scene(width, height, seed=width * 1000 + height, leaves=leaves)
        yield Entry(f"png/scene-{width}x{height}.png", png(shown, RGB), [shown])
    smallest = scene(5, 5, seed=56, leaves=12)
    yield Entry("png/scene-5x5.png", png(smallest, RGB), [smallest])
    grey = luma(scene(200, 150, seed=11))
    yield Entry("png/scene-200x150-grey.png", png(grey, GREY), [rule.grey_to_rgb(grey)])
    for name, shown in (("gradient", gradient(160, 120)), ("flat", flat(160, 120))):
        yield Entry(f"png/{name}-160x120.png", png(shown, RGB), [shown], structured=False)
    for quality, contrast in ((49, 96), (50, 97), (70, 128), (91, 160)):
        shown = faded(scene(160, 120, seed=5), contrast)
        yield Entry(f"png/quality-{quality}.png", png(shown, RGB), [shown], structured=quality >= 80)


def _png_kinds():
    """One scene of 160 x 120 in every kind of PNG."""
    shown = scene(160, 120, seed=5)
    grey, steps = luma(shown), levels(160, 120, 21, ALPHA_STEPS)
    alpha = rule.to_8_bit(steps)

    yield Entry("png/rgb8.png", png(shown, RGB), [shown])
    yield Entry("png/rgb8-interlaced.png", png(shown, RGB, interlaced=True), [shown])
    yield Entry("png/rgb8-gamma-ignored.png", png(shown, RGB, extra=[(b"gAMA", (100_000).to_bytes(4, "big"))]), [shown])
    key = _common_colours(shown, 3)[2]
    keyed = rule.on_black(shown, np.where((shown == key).all(axis=2), 0, 255))
    yield Entry("png/rgb8-colour-key.png", png(shown, RGB, trns=key.astype(">u2").tobytes()), [keyed])
    turned = png(rule.stored(shown, 6), RGB, extra=[(b"eXIf", exif_block(6, order=">"))])
    yield Entry("png/rgb8-exif-orientation-6.png", turned, [shown])

    wide = _widened(shown)
    yield Entry("png/rgb16.png", png(wide, RGB, 16), [rule.to_8_bit(wide)], pillow_differs="16 bit cut, not rounded")
    yield Entry("png/rgba8.png", png(np.dstack([shown, alpha]), RGBA), [rule.on_black(shown, alpha)])
    both = np.dstack([wide, steps])
    mixed = rule.on_black(rule.to_8_bit(wide), rule.to_8_bit(steps))
    yield Entry("png/rgba16.png", png(both, RGBA, 16), [mixed], pillow_differs="16 bit cut, not rounded")
    visible = np.where(levels(160, 120, 33, [255, 255, 0]) > 0, 255, 0)
    for name, hidden in (("scene", scene(160, 120, seed=6)), ("white", flat(160, 120, (255, 255, 255)))):
        rgb = np.where(visible[..., None] > 0, shown, hidden)
        data = png(np.dstack([rgb, visible]), RGBA)
        yield Entry(f"png/rgba8-hidden-rgb-{name}.png", data, [rule.on_black(shown, visible)])

    yield from _faint_kinds(shown)
    yield from _palette_kinds(shown)
    for depth in (1, 2, 4, 8):
        samples = grey if depth == 8 else _quantised(grey, depth)
        yield Entry(f"png/grey{depth}.png", png(samples, GREY, depth), [rule.grey_to_rgb(samples, depth)])
    wide = _widened(grey)
    for name, interlaced in (("grey16", False), ("grey16-interlaced", True)):
        yield Entry(f"png/{name}.png", png(wide, GREY, 16, interlaced=interlaced), [rule.grey_to_rgb(wide, 16)])
    key = int(np.bincount(grey.ravel()).argmax())
    keyed = rule.on_black(rule.grey_to_rgb(grey), np.where(grey == key, 0, 255))
    yield Entry("png/grey8-colour-key.png", png(grey, GREY, trns=key.to_bytes(2, "big")), [keyed])
    mixed = rule.on_black(rule.grey_to_rgb(grey), alpha)
    yield Entry("png/grey-alpha8.png", png(np.dstack([grey, alpha]), GREY_ALPHA), [mixed])
    mixed = rule.on_black(rule.grey_to_rgb(wide, 16), rule.to_8_bit(steps))
    data = png(np.dstack([wide, steps]), GREY_ALPHA, 16)
    yield Entry("png/grey-alpha16.png", data, [mixed], pillow_differs="16 bit cut, not rounded")


def _faint_kinds(shown):
    """So little contrast that one level of rounding moves the hash: who cuts instead of rounding is seen."""
    # dark, because v >> 8 differs most from rounding at the ends of the scale, and not at all in the middle
    wide = (6000 + (shown.astype(np.int64) * 257 - 32768) * 96 // 1024).astype(np.uint16)
    cut = dict(structured=False, pillow_differs="16 bit cut, not rounded")
    yield Entry("png/rgb16-faint.png", png(wide, RGB, 16), [rule.to_8_bit(wide)], **cut)
    wide = wide[..., 1]
    yield Entry("png/grey16-faint.png", png(wide, GREY, 16), [rule.grey_to_rgb(wide, 16)], structured=False)
    faint, alpha = faded(shown, 96), np.full(shown.shape[:2], 150)
    data = png(np.dstack([faint, alpha]), RGBA)
    yield Entry("png/rgba8-faint.png", data, [rule.on_black(faint, alpha)], structured=False)


def _palette_kinds(shown):
    for depth in (8, 4, 2):
        indices, palette = _indexed(shown, 2**depth)
        yield Entry(f"png/palette{depth}.png", png(indices, PALETTE, depth, palette), [palette[indices]])
    indices, palette = _indexed(shown, 256)
    fades = np.array([255, 0, 255, 128, 255, 255, 60, 255, 255, 255] * 3)  # fewer than colours: the rest is opaque
    alpha = np.concatenate([fades, np.full(256, 255)])[indices]
    data = png(indices, PALETTE, 8, palette, trns=bytes(fades.tolist()))
    yield Entry("png/palette8-trns.png", data, [rule.on_black(palette[indices], alpha)])
    # index 0 is the bright colour: whoever hashes indices sees the negative
    palette = np.array([(240, 230, 150), (30, 20, 60)], np.uint8)
    indices = (luma(shown) < 120).astype(np.uint8)
    for name, interlaced in (("palette1", False), ("palette1-interlaced", True)):
        data = png(indices, PALETTE, 1, palette, interlaced=interlaced)
        yield Entry(f"png/{name}.png", data, [palette[indices]])


def _apngs():
    """A full frame; a part laid over it that is removed again; a part that replaces, half transparent."""
    first, second, third = (scene(120, 90, seed=seed) for seed in (41, 42, 43))
    opaque = np.full((90, 120), 255, np.uint8)
    holes = np.where(levels(120, 90, 44, [255, 0, 255]) > 0, 255, 0).astype(np.uint8)
    half = np.where(levels(120, 90, 45, [255, 128]) > 128, 255, 128).astype(np.uint8)
    frames = [
        (0, 0, np.dstack([first, opaque]), 100, 0, 0),
        (11, 7, np.dstack([second, holes])[:60, :90], 150, 2, 1),
        (30, 20, np.dstack([third, half])[:65, :80], 200, 0, 0),
    ]
    shown = [rule.rgba_on_black(rgba) for rgba in apng_shown((120, 90), frames)]
    yield Entry("png/animated.png", apng((120, 90), frames), shown, [0, 100, 250])


def _jpegs():
    shown = scene(160, 120, seed=5)
    odd = scene(97, 61, seed=97061, leaves=70)
    grey = rule.grey_to_rgb(luma(shown))
    kinds = [
        ("baseline-444", shown, dict(subsampling="4:4:4")),
        ("baseline-420", shown, dict(subsampling="4:2:0")),
        ("baseline-420-97x61", odd, dict(subsampling="4:2:0")),
        ("progressive-422", shown, dict(subsampling="4:2:2", progressive=True)),
        ("restart-markers", shown, dict(subsampling="4:2:0", restart_marker_blocks=3)),
        ("rgb-coded", shown, dict(keep_rgb=True)),
    ]
    for name, rgb, options in kinds:
        yield _jpeg(name, _saved(Image.fromarray(rgb), "JPEG", quality=82, **options), rgb)
    yield _jpeg("grey", _saved(Image.fromarray(luma(shown).astype(np.uint8)), "JPEG", quality=82), grey)
    yield from _four_channel_jpegs(shown)
    small = scene(112, 80, seed=77)
    for orientation in range(1, 9):
        image = Image.fromarray(rule.stored(small, orientation))
        block = b"Exif\0\0" + exif_block(orientation, order="<>"[orientation % 2])
        data = _saved(image, "JPEG", quality=82, subsampling="4:2:0", exif=block)
        yield _jpeg(f"exif-orientation-{orientation}", data, small)
    thumbnail = _saved(Image.fromarray(scene(48, 32, seed=78)), "JPEG", quality=60)
    data = _saved(Image.fromarray(small), "JPEG", quality=82, exif=b"Exif\0\0" + exif_block(1, thumbnail))
    yield _jpeg("exif-thumbnail", data, small)


def _four_channel_jpegs(shown):
    """Pillow stores 255 - v for each sample v of a CMYK image, and reads it back so, Adobe marker or not."""
    inks = _inks(shown)
    expected = rule.inks_to_rgb(inks)
    yield _jpeg("cmyk-adobe", _four_planes(255 - inks), expected)
    data = without_adobe(_four_planes(inks))
    yield _jpeg("cmyk-without-adobe", data, expected, inverted_by_pillow=True)
    # YCCK as Photoshop writes it: Y, Cb and Cr of the inks (the decoder's 255 - R is the inverted C), inverted K
    ycc = np.array(Image.fromarray(inks[..., :3]).convert("YCbCr"))
    data = with_adobe_transform(_four_planes(np.dstack([ycc, 255 - inks[..., 3]])), 2)
    yield _jpeg("ycck-adobe", data, expected)


def _gifs():
    first, second = (_indexed(scene(120, 90, seed=seed), 128) for seed in (51, 52))
    blank = np.zeros((90, 120), np.uint8), np.array([(200, 200, 190), (0, 0, 0)], np.uint8)
    yield _gif("single", [GifFrame(*first)])
    yield _gif("single-interlaced", [GifFrame(*first, interlaced=True)])
    hole = int(first[0][45, 60])
    yield _gif("single-transparent", [GifFrame(*first, transparent=hole)])
    yield _gif(
        "animated-blank-first",
        [GifFrame(*blank, delay_cs=10), GifFrame(*first, delay_cs=50), GifFrame(*second, delay_cs=50)],
        structured=False,
    )
    repeated = zip([first, first, second, first, second], [2, 5, 3, 7, 4])
    yield _gif("animated-repeated", [GifFrame(*pixels, delay_cs=delay) for pixels, delay in repeated])
    yield _gif("animated-partial", _partial_frames())
    # white background colour, no transparency: browsers clear to transparent, old decoders to white
    part = first[0][10:80, 8:100]
    white = np.vstack([first[1][:127], [(255, 255, 255)]]).astype(np.uint8)
    corner = second[0][:50, :70], second[1]
    frames = [
        GifFrame(np.minimum(part, 126), white, 8, 10, delay_cs=8, disposal=BACKGROUND),
        GifFrame(*corner, 45, 35, delay_cs=8, disposal=KEEP),
    ]
    differs = "fills with the background colour"
    yield _gif("animated-background-ignored", frames, background=len(white) - 1, pillow_differs=differs)


def _partial_frames():
    """Parts with transparent holes: one cleared away, one undone, one kept."""
    first, palette = _indexed(scene(120, 90, seed=53), 100)
    other, other_palette = _indexed(scene(120, 90, seed=54), 100)
    hole, hole_there = int(other[20, 30]), int(other[60, 80])
    # a first frame without a transparent colour would make Pillow's canvas opaque for good
    return [
        GifFrame(first, palette, delay_cs=6, disposal=KEEP, transparent=int(first[80, 10])),
        GifFrame(other[5:65, 10:90], other_palette, 13, 9, 7, BACKGROUND, hole),
        GifFrame(first[30:90, 20:90], palette, 40, 25, 8, PREVIOUS, int(first[60, 60]), True),
        GifFrame(other[40:80, 50:120], other_palette, 2, 44, 9, KEEP, hole_there),
        GifFrame(first[0:30, 0:50], palette, 66, 3, 10, KEEP),
    ]


def _webps():
    shown = scene(160, 120, seed=5)
    alpha = rule.to_8_bit(levels(160, 120, 21, ALPHA_STEPS))
    plain, clear = Image.fromarray(shown), Image.fromarray(np.dstack([shown, alpha]))
    mixed = rule.on_black(shown, alpha)
    lossless = dict(lossless=True, quality=100, method=6, exact=True)
    yield Entry("webp/lossy.webp", _saved(plain, "WEBP", quality=85, method=6), [shown], exact=False)
    yield Entry("webp/lossless.webp", _saved(plain, "WEBP", **lossless), [shown])
    yield Entry("webp/lossy-alpha.webp", _saved(clear, "WEBP", quality=85, method=6), [mixed], exact=False)
    yield Entry("webp/lossless-alpha.webp", _saved(clear, "WEBP", **lossless), [mixed])
    turned = Image.fromarray(rule.stored(shown, 6))
    yield Entry("webp/exif-orientation-6.webp", _saved(turned, "WEBP", exif=exif_block(6), **lossless), [shown])
    scenes = [scene(120, 90, seed=seed) for seed in (61, 62)]
    first, second = map(Image.fromarray, scenes)
    moving = _saved(first, "WEBP", save_all=True, append_images=[second], duration=[80, 120], loop=0, **lossless)
    yield Entry("webp/animated.webp", moving, scenes, [0, 80])


def _bmps():
    """61 x 45: rows need padding at every depth."""
    shown = scene(61, 45, seed=71)
    yield Entry("bmp/rgb24.bmp", bmp_true_colour(shown), [shown])
    yield Entry("bmp/rgb24-top-down.bmp", bmp_true_colour(shown, top_down=True), [shown])
    yield Entry("bmp/rgb32-fourth-byte-zero.bmp", bmp_true_colour(shown, 32), [shown])
    alpha = rule.to_8_bit(levels(61, 45, 72, ALPHA_STEPS))
    data = bmp_with_alpha(np.dstack([shown, alpha]))
    yield Entry("bmp/rgba32-v4.bmp", data, [rule.on_black(shown, alpha)])
    for name, depth, rle in (("palette8", 8, False), ("palette8-rle", 8, True), ("palette4", 4, False)):
        indices, palette = _indexed(shown, 2**depth)
        yield Entry(f"bmp/{name}.bmp", bmp_palette(indices, palette, depth, rle), [palette[indices]])
    palette = np.array([(240, 230, 150), (30, 20, 60)], np.uint8)
    indices = (luma(shown) < 120).astype(np.uint8)
    yield Entry("bmp/palette1.bmp", bmp_palette(indices, palette, 1), [palette[indices]])


def _tiffs():
    pages = [scene(120, 90, seed=seed) for seed in (81, 82)]
    first, second = map(Image.fromarray, pages)
    data = _saved(first, "TIFF", save_all=True, append_images=[second], compression="tiff_lzw")
    yield Entry("tiff/two-pages.tiff", data, pages, [None, None])


def _jpeg(name, data, intended, **more):
    return Entry(f"jpeg/{name}.jpg", data, [intended], exact=False, **more)


def _gif(name, frames, background=0, **more):
    ends = np.cumsum([frame.delay_cs * 10 for frame in frames]).tolist()
    canvas = (120, 90)
    shown = [rule.rgba_on_black(rgba) for rgba in gif_shown(canvas, frames)]
    starts = [0, *ends[:-1]] if len(frames) > 1 else [None]
    return Entry(f"gif/{name}.gif", gif(canvas, frames, background), shown, starts, **more)


def _saved(image, kind, **options):
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def _four_planes(planes):
    """A 4:4:4 JPEG with an Adobe marker that stores these four planes as they are."""
    image = Image.fromarray(255 - planes.astype(np.uint8), "CMYK")
    return _saved(image, "JPEG", quality=82, subsampling="4:4:4")


def _inks(rgb):
    """C, M, Y, K (0 = none) with half of the grey as black ink."""
    rgb = rgb.astype(np.int64)
    black = (255 - rgb.max(axis=2)) // 2
    colours = 255 - (rgb * 255 + (255 - black[..., None]) // 2) // (255 - black[..., None])
    return np.dstack([colours, black]).clip(0, 255).astype(np.uint8)


def _quantised(grey, depth):
    top = 2**depth - 1
    return ((grey * top + 127) // 255).astype(np.uint8)


def _widened(samples):
    """16-bit samples around the 8-bit ones, off by up to 200: cutting the low byte is not rounding."""
    value = samples.astype(np.int64)
    return np.clip(value * 257 + value * 7919 % 401 - 200, 0, 65535).astype(np.uint16)


def _common_colours(rgb, count):
    colours, numbers = np.unique(rgb.reshape(-1, 3), axis=0, return_counts=True)
    return colours[np.argsort(-numbers, kind="stable")[:count]]


def _indexed(rgb, limit):
    """Indices and a palette in no natural order; the rarer colours go to the nearest of the common ones."""
    palette = _common_colours(rgb, limit)
    order = np.argsort(palette.astype(np.int64) @ [7, 13, 29] % 251, kind="stable")
    palette = palette[order]
    away = ((rgb.astype(np.int64)[..., None, :] - palette.astype(np.int64)) ** 2).sum(axis=3)
    return away.argmin(axis=2).astype(np.uint8), palette
