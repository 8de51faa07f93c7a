"""A small PNG and APNG writer: every colour type, depth, tRNS, Adam7 and extra chunks."""

import struct
import zlib

import numpy as np

SIGNATURE = b"\x89PNG\r\n\x1a\n"
GREY, RGB, PALETTE, GREY_ALPHA, RGBA = 0, 2, 3, 4, 6
# x start, y start, x step, y step (PNG specification, 8.2)
ADAM7 = [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)]


def png(samples, colour, depth=8, palette=None, trns=None, interlaced=False, extra=()):
    """`samples` is (h, w) or (h, w, channels); `trns` the raw tRNS bytes; `extra` more chunks before IDAT."""
    height, width = samples.shape[:2]
    body = SIGNATURE + _header(width, height, colour, depth, interlaced)
    body += b"".join(chunk(name, data) for name, data in extra)
    body += b"" if palette is None else chunk(b"PLTE", np.asarray(palette, np.uint8).tobytes())
    body += b"" if trns is None else chunk(b"tRNS", trns)
    return body + chunk(b"IDAT", _compressed(samples, depth, interlaced)) + chunk(b"IEND", b"")


def apng(canvas, frames):
    """RGBA frames, the first of the canvas's size: (left, top, rgba, delay_ms, dispose, blend)."""
    width, height = canvas
    body = SIGNATURE + _header(width, height, RGBA, 8, False) + chunk(b"acTL", struct.pack(">II", len(frames), 0))
    sequence = 0
    for number, (left, top, rgba, delay_ms, dispose, blend) in enumerate(frames):
        h, w = rgba.shape[:2]
        control = struct.pack(">IIIIIHHBB", sequence, w, h, left, top, delay_ms, 1000, dispose, blend)
        body += chunk(b"fcTL", control)
        sequence += 1
        data = _compressed(rgba, 8, False)
        if number == 0:
            body += chunk(b"IDAT", data)
        else:
            body += chunk(b"fdAT", struct.pack(">I", sequence) + data)
            sequence += 1
    return body + chunk(b"IEND", b"")


def apng_shown(canvas, frames):
    """What a browser shows: the RGBA canvas at each frame. `over` is only used with alpha 0 or 255 here."""
    shown, screen = [], np.zeros((canvas[1], canvas[0], 4), np.uint8)
    for left, top, rgba, _, dispose, blend in frames:
        before = screen.copy()
        area = screen[top : top + rgba.shape[0], left : left + rgba.shape[1]]
        area[...] = rgba if blend == 0 else np.where(rgba[..., 3:] == 255, rgba, area)
        shown.append(screen.copy())
        if dispose == 1:
            area[...] = 0
        elif dispose == 2:
            screen = before
    return shown


def chunk(name, data):
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def _header(width, height, colour, depth, interlaced):
    return chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, int(interlaced)))


def _compressed(samples, depth, interlaced):
    """Tries each filter alone and the usual heuristic, keeps the smallest."""
    if interlaced:
        parts = [samples[y::dy, x::dx] for x, y, dx, dy in ADAM7]
    else:
        parts = [samples]
    streams = []
    for choice in (0, 1, 2, 3, 4, None):
        raw = b"".join(_scanlines(part, depth, choice) for part in parts if part.size)
        streams.append(zlib.compress(raw, 9))
    return min(streams, key=len)


def _scanlines(samples, depth, choice):
    height, channels = samples.shape[0], samples.shape[2] if samples.ndim == 3 else 1
    rows = _packed(samples.reshape(height, -1), depth)
    pixel_bytes = max(1, channels * depth // 8)
    above, out = np.zeros(rows.shape[1], np.uint8), []
    for row in rows:
        kinds = range(5) if choice is None else (choice,)
        lines = [(kind, _filtered(kind, row, above, pixel_bytes)) for kind in kinds]
        kind, line = min(lines, key=lambda pair: int(np.abs(pair[1].view(np.int8).astype(int)).sum()))
        out.append(bytes([kind]) + line.tobytes())
        above = row
    return b"".join(out)


def _packed(rows, depth):
    if depth == 16:
        return rows.astype(">u2").view(np.uint8).reshape(rows.shape[0], -1)
    if depth == 8:
        return rows.astype(np.uint8)
    bits = np.unpackbits(rows.astype(np.uint8)[..., None], axis=2)[..., 8 - depth :]
    return np.packbits(bits.reshape(rows.shape[0], -1), axis=1)


def _filtered(kind, row, above, pixel_bytes):
    left = np.concatenate([np.zeros(pixel_bytes, np.uint8), row])[: len(row)].astype(int)
    corner = np.concatenate([np.zeros(pixel_bytes, np.uint8), above])[: len(row)].astype(int)
    up = above.astype(int)
    guess = left + up - corner
    to_left, to_up, to_corner = abs(guess - left), abs(guess - up), abs(guess - corner)
    paeth = np.where((to_left <= to_up) & (to_left <= to_corner), left, np.where(to_up <= to_corner, up, corner))
    predicted = (0, left, up, (left + up) // 2, paeth)[kind]
    return ((row.astype(int) - predicted) % 256).astype(np.uint8)
