"""EXIF blocks, and what has to be patched in a JPEG's segments."""

import struct

ORIENTATION, THUMBNAIL_OFFSET, THUMBNAIL_BYTES = 0x0112, 0x0201, 0x0202
SHORT, LONG = 3, 4


def exif_block(orientation, thumbnail=None, order="<"):
    """A TIFF block with an orientation and, if wanted, a JPEG thumbnail that claims another orientation."""
    mark = (b"II" if order == "<" else b"MM") + struct.pack(order + "HI", 42, 8)
    if thumbnail is None:
        return mark + _directory(order, [(ORIENTATION, SHORT, orientation)], 0)
    second = 8 + 2 + 12 + 4
    picture = second + 2 + 3 * 12 + 4
    first_ifd = _directory(order, [(ORIENTATION, SHORT, orientation)], second)
    entries = [(ORIENTATION, SHORT, 6), (THUMBNAIL_OFFSET, LONG, picture), (THUMBNAIL_BYTES, LONG, len(thumbnail))]
    return mark + first_ifd + _directory(order, entries, 0) + thumbnail


def jpeg_segments(jpeg):
    """Marker segments up to the first scan, as (marker, start, end)."""
    at, found = 2, []
    while jpeg[at + 1] != 0xDA:
        end = at + 2 + struct.unpack(">H", jpeg[at + 2 : at + 4])[0]
        found.append((jpeg[at + 1], at, end))
        at = end
    return found


def without_adobe(jpeg):
    """The JPEG without its APP14 segment."""
    (start, end), = [(start, end) for marker, start, end in jpeg_segments(jpeg) if marker == 0xEE]
    return jpeg[:start] + jpeg[end:]


def with_adobe_transform(jpeg, transform):
    """The JPEG with another transform byte in APP14: 0 CMYK or RGB, 1 YCbCr, 2 YCCK."""
    (end,) = [end for marker, _, end in jpeg_segments(jpeg) if marker == 0xEE]
    return jpeg[: end - 1] + bytes([transform]) + jpeg[end:]


def _directory(order, entries, following):
    body = struct.pack(order + "H", len(entries))
    for tag, kind, value in entries:
        padded = struct.pack(order + "HH", value, 0) if kind == SHORT else struct.pack(order + "I", value)
        body += struct.pack(order + "HHI", tag, kind, 1) + padded
    return body + struct.pack(order + "I", following)
