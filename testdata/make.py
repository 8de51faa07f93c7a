#!/usr/bin/env python3
"""Makes testdata/pictures and testdata/reference.csv. Everything is synthetic.

    pip install pillow==13.0.0 numpy==2.4.6 pdqhash==0.2.8
    python3 testdata/make.py

Needs Python >= 3.11 and cargo (for testdata/reference, crates.io pdqhash 0.1.1). Run twice, the files are the same byte
for byte; another zlib, or a Pillow with other libjpeg-turbo or libwebp, may write other bytes for the same pictures.

Each expected picture is computed here, by the rule in making/rule.py, without any Rust code: for lossless files from
the arrays that were drawn (and checked against Pillow's decoder), for JPEG and lossy WebP from Pillow's decoder (and
checked against what was drawn). Only then the two hashers see it.
"""

import sys

sys.dont_write_bytecode = True

import csv  # noqa: E402
import io  # noqa: E402
import platform  # noqa: E402
import shutil  # noqa: E402
import zlib  # noqa: E402
from collections import Counter  # noqa: E402
from importlib.metadata import version  # noqa: E402
from pathlib import Path  # noqa: E402

import numpy as np  # noqa: E402
from making import rule  # noqa: E402
from making.catalogue import catalogue  # noqa: E402
from making.oracle import DIHEDRAL, REALLY, crate_hashes, distance, pypi_dihedral, pypi_plain  # noqa: E402
from PIL import Image, features  # noqa: E402

HERE = Path(__file__).resolve().parent
PICTURES, TABLE = HERE / "pictures", HERE / "reference.csv"
PINNED = {"pillow": "13.0.0", "numpy": "2.4.6", "pdqhash": "0.2.8"}
COLUMNS = ["file", "frame", "frame_ms", "width", "height", "exact", "pdq", "quality", "pypi_quality",
           *(f"pypi_{name}" for name in DIHEDRAL)]  # fmt: skip
BUDGET_BYTES = 700 * 1024
GOOD_QUALITY = 80
LOSSY_ERROR = 9  # mean difference per sample that JPEG or WebP may make


def main():
    for tool, wanted in PINNED.items():
        assert version(tool) == wanted, f"{tool} {version(tool)} instead of {wanted}"
    entries = sorted(catalogue(), key=lambda entry: entry.file)
    _write(entries)
    rows = [row for entry in entries for row in _rows(entry)]
    hashes = crate_hashes([rgb for _, _, _, rgb in rows])
    _check_dihedral_names(next(rgb for entry, _, _, rgb in rows if entry.file == "png/scene-320x240.png"))
    table = [_line(row, answer) for row, answer in zip(rows, hashes, strict=True)]
    _check_hashes(rows, table)
    _write_table(table)


def _write(entries):
    shutil.rmtree(PICTURES, ignore_errors=True)
    for entry in entries:
        path = PICTURES / entry.file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(entry.data)
    total = sum(len(entry.data) for entry in entries)
    print(f"{len(entries)} pictures, {total / 1024:.0f} KiB")
    assert total <= BUDGET_BYTES, total


def _rows(entry):
    """(entry, frame, start, expected pixels): of equal frames only the first."""
    expected, seen = _expected(entry), set()
    for frame, (rgb, start) in enumerate(zip(expected, entry.starts_ms, strict=True)):
        key = rgb.shape, rgb.tobytes()
        if key not in seen:
            seen.add(key)
            yield entry, frame, start, np.ascontiguousarray(rgb, dtype=np.uint8)


def _expected(entry):
    """The drawn arrays or Pillow's, each checked by the other."""
    decoded = _decoded_by_pillow(entry)
    for drawn, read in zip(entry.intended, decoded, strict=True):
        assert drawn.shape == read.shape, (entry.file, drawn.shape, read.shape)
        error = np.abs(drawn.astype(int) - read.astype(int))
        if not entry.exact:
            assert error.mean() < LOSSY_ERROR, (entry.file, error.mean())
        elif entry.pillow_differs:
            print(f"{entry.file}: Pillow {entry.pillow_differs}; off by {error.max()}, {error.mean():.2f} on average")
        else:
            assert error.max() == 0, (entry.file, error.max())
    return entry.intended if entry.exact else decoded


def _decoded_by_pillow(entry):
    frames = []
    for number in range(len(entry.starts_ms)):
        # opened afresh: after a look at an APNG frame that is blended and then undone, Pillow 13 undoes nothing
        image = Image.open(io.BytesIO(entry.data))
        assert getattr(image, "n_frames", 1) == len(entry.starts_ms), entry.file
        image.seek(number)
        if image.mode == "I;16":
            rgb = rule.grey_to_rgb(np.array(image), 16)
        elif image.mode == "CMYK":
            # Pillow takes every CMYK JPEG for an inverted one
            inks = np.array(image)
            rgb = rule.inks_to_rgb(255 - inks if entry.inverted_by_pillow else inks)
        else:
            rgb = rule.rgba_on_black(np.array(image.convert("RGBA")))
        frames.append(rule.upright(rgb, image.getexif().get(0x0112, 1)))
    return frames


def _line(row, answer):
    entry, frame, start, rgb = row
    height, width = rgb.shape[:2]
    dihedral, quality = pypi_dihedral(rgb)
    still = "" if start is None else start
    return [entry.file, frame, still, width, height, int(entry.exact), *answer, quality, *dihedral.values()]


def _check_dihedral_names(rgb):
    """Each derived hash must be nearest to that of the really turned picture, by far; hard edges cost up to 30 bits."""
    derived, _ = pypi_dihedral(rgb)
    turned = {name: pypi_plain(turn(rgb)) for name, turn in REALLY.items()}
    for name, code in derived.items():
        away = {other: distance(code, real) for other, real in turned.items()}
        assert min(away, key=away.get) == name and away[name] <= 40, (name, away)
        print(f"dihedral {name}: {away[name]} bits from the really turned picture, next {sorted(away.values())[1]}")


def _check_hashes(rows, table):
    good, fair = Counter(), Counter()
    for (entry, frame, _, rgb), line in zip(rows, table, strict=True):
        cells = dict(zip(COLUMNS, line, strict=True))
        quality, apart = cells["pypi_quality"], distance(cells["pdq"], cells["pypi_original"])
        if entry.structured:
            assert quality >= GOOD_QUALITY, (entry.file, frame, quality)
        if "quality-" in entry.file:
            assert f"quality-{quality}." in entry.file, (entry.file, quality)
        if quality == 0:
            # every coefficient is rounding noise: the crate's DCT matrix differs in last bits, PyPI's luma too
            print(f"{entry.file} frame {frame}: quality 0, PyPI {apart} bits away")
            continue
        assert apart <= 2, (entry.file, frame, apart)
        (good if quality >= GOOD_QUALITY else fair)[apart] += 1
        if rgb.shape[:2] == (64, 64):
            # copied or filtered, the hash of our 64 x 64 picture is the same: it may stand in one column
            assert pypi_plain(rgb) == cells["pypi_original"], entry.file
    print(f"{len(table)} rows; bits between PyPI's hash and crates.io's: rows")
    print(f"  quality >= {GOOD_QUALITY}: {dict(sorted(good.items()))}; lower, not 0: {dict(sorted(fair.items()))}")


def _write_table(table):
    notes = [
        "crates.io pdqhash 0.1.1, generate_pdq_full_size: pdq, quality (its own fraction of 1, not the reference's)",
        f"PyPI pdqhash {version('pdqhash')}, compute_dihedral: pypi_* (pypi_quality is the reference's, 0..100)",
        f"Pillow {version('pillow')}, libjpeg-turbo {features.version('libjpeg_turbo')}, "
        f"libwebp {features.version('webp')}, libtiff {features.version('libtiff')}",
        f"Python {platform.python_version()}, numpy {version('numpy')}, zlib {zlib.ZLIB_RUNTIME_VERSION}",
        "exact = 1: just these pixels, so 0 bits are expected, except where pypi_quality is 0 (rounding noise)",
    ]
    with TABLE.open("w", newline="") as file:
        file.writelines(f"# {note}\n" for note in notes)
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(COLUMNS)
        writer.writerows(table)


if __name__ == "__main__":
    main()
