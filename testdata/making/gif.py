"""A small GIF89a writer (LZW, interlace, disposal, transparency) and the compositor that says what is shown."""

import struct
from dataclasses import dataclass

import numpy as np

KEEP, BACKGROUND, PREVIOUS = 1, 2, 3


@dataclass
class GifFrame:
    indices: np.ndarray
    palette: np.ndarray
    left: int = 0
    top: int = 0
    delay_cs: int = 0  # GIF counts in hundredths of a second
    disposal: int = 0
    transparent: int | None = None
    interlaced: bool = False


def gif(canvas, frames, background=0):
    """The first frame's palette is the global one; a frame with another palette gets a local one."""
    shared = frames[0].palette
    body = b"GIF89a" + struct.pack("<HHBBB", *canvas, 0xF0 | _table_bits(shared) - 1, background, 0) + _table(shared)
    if len(frames) > 1:
        body += b"\x21\xff\x0bNETSCAPE2.0\x03\x01\x00\x00\x00"
    return body + b"".join(_frame(frame, shared) for frame in frames) + b"\x3b"


def gif_shown(canvas, frames):
    """RGBA at each frame, as browsers show it: a transparent canvas; the background colour is ignored."""
    shown, screen = [], np.zeros((canvas[1], canvas[0], 4), np.uint8)
    for frame in frames:
        before = screen.copy()
        h, w = frame.indices.shape
        area = screen[frame.top : frame.top + h, frame.left : frame.left + w]
        colours = np.dstack([frame.palette[frame.indices], np.full((h, w), 255, np.uint8)])
        visible = np.ones((h, w), bool) if frame.transparent is None else frame.indices != frame.transparent
        area[visible] = colours[visible]
        shown.append(screen.copy())
        if frame.disposal == BACKGROUND:
            area[...] = 0
        elif frame.disposal == PREVIOUS:
            screen = before
    return shown


def _frame(frame, shared):
    has_clear = frame.transparent is not None
    control = struct.pack("<BHB", frame.disposal << 2 | has_clear, frame.delay_cs, frame.transparent or 0)
    local = frame.palette is not shared
    flags = (0x80 | _table_bits(frame.palette) - 1 if local else 0) | (0x40 if frame.interlaced else 0)
    h, w = frame.indices.shape
    bits = max(2, _table_bits(frame.palette))
    body = b"\x21\xf9\x04" + control + b"\x00\x2c" + struct.pack("<HHHHB", frame.left, frame.top, w, h, flags)
    body += _table(frame.palette) if local else b""
    return body + bytes([bits]) + _blocks(_lzw(_rows(frame).tobytes(), bits))


def _rows(frame):
    rows = frame.indices.astype(np.uint8)
    if not frame.interlaced:
        return rows
    return np.concatenate([rows[0::8], rows[4::8], rows[2::4], rows[1::2]])


def _table_bits(palette):
    return max(1, (len(palette) - 1).bit_length())


def _table(palette):
    return palette.astype(np.uint8).tobytes().ljust(3 << _table_bits(palette), b"\0")


def _blocks(data):
    parts = [data[at : at + 255] for at in range(0, len(data), 255)]
    return b"".join(bytes([len(part)]) + part for part in parts) + b"\x00"


def _lzw(pixels, bits):
    clear, end = 1 << bits, (1 << bits) + 1
    value, filled, out = 0, 0, bytearray()

    def emit(code, width):
        nonlocal value, filled
        value |= code << filled
        filled += width
        while filled >= 8:
            out.append(value & 255)
            value >>= 8
            filled -= 8

    table, width = {bytes([p]): p for p in range(clear)}, bits + 1
    emit(clear, width)
    word, after = b"", end + 1
    for pixel in pixels:
        longer = word + bytes([pixel])
        if longer in table:
            word = longer
            continue
        emit(table[word], width)
        table[longer] = after
        width += after == 1 << width
        after += 1
        word = bytes([pixel])
        if after == 4096:
            emit(clear, width)
            table, width, after = {bytes([p]): p for p in range(clear)}, bits + 1, end + 1
    emit(table[word], width)
    # the decoder has added one more entry by now: its width grows where ours would have
    width += after == 1 << width and width < 12
    emit(end, width)
    emit(0, 7)
    return bytes(out)
