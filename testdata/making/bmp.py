"""A small BMP writer: 24 and 32 bit, palettes of 8, 4 and 1 bit, RLE8, top-down, and a V4 header with alpha."""

import struct

import numpy as np

RGB, RLE8, BITFIELDS = 0, 1, 3


def bmp_true_colour(rgb, depth=24, top_down=False):
    """In the 32-bit kind the fourth byte is 0 and means nothing (BI_RGB has no alpha)."""
    pixels = rgb[..., ::-1]
    if depth == 32:
        pixels = np.dstack([pixels, np.zeros(rgb.shape[:2], np.uint8)])
    rows = pixels.reshape(rgb.shape[0], -1)
    return _file(rgb.shape, depth, RGB, _padded(rows, top_down), top_down=top_down)


def bmp_with_alpha(rgba):
    """BITMAPV4HEADER with masks: the fourth byte is alpha."""
    masks = struct.pack("<IIII", 0xFF0000, 0xFF00, 0xFF, 0xFF000000)
    extra = masks + b"BGRs" + bytes(36 + 12)
    rows = rgba[..., [2, 1, 0, 3]].reshape(rgba.shape[0], -1)
    return _file(rgba.shape, 32, BITFIELDS, _padded(rows, False), header_extra=extra)


def bmp_palette(indices, palette, depth, rle=False):
    table = np.zeros((len(palette), 4), np.uint8)
    table[:, :3] = np.asarray(palette)[:, ::-1]
    if rle:
        data = b"".join(_run_lengths(row) for row in indices[::-1])[:-2] + b"\x00\x01"
        return _file(indices.shape, 8, RLE8, data, palette=table)
    bits = np.unpackbits(indices.astype(np.uint8)[..., None], axis=2)[..., 8 - depth :]
    rows = np.packbits(bits.reshape(indices.shape[0], -1), axis=1)
    return _file(indices.shape, depth, RGB, _padded(rows, False), palette=table)


def _file(shape, depth, compression, data, palette=None, top_down=False, header_extra=b""):
    height, width = shape[:2]
    table = b"" if palette is None else palette.tobytes()
    info = struct.pack(
        "<IiiHHIIiiII", 40 + len(header_extra), width, -height if top_down else height, 1, depth,
        compression, len(data), 2835, 2835, len(table) // 4, 0,
    ) + header_extra  # fmt: skip
    offset = 14 + len(info) + len(table)
    return b"BM" + struct.pack("<IHHI", offset + len(data), 0, 0, offset) + info + table + data


def _padded(rows, top_down):
    rows = np.pad(rows, ((0, 0), (0, -rows.shape[1] % 4)))
    return (rows if top_down else rows[::-1]).astype(np.uint8).tobytes()


def _run_lengths(row):
    """Encoded runs only, and an end of line."""
    out, at = b"", 0
    while at < len(row):
        run = 1
        while at + run < len(row) and run < 255 and row[at + run] == row[at]:
            run += 1
        out += bytes([run, int(row[at])])
        at += run
    return out + b"\x00\x00"
