"""The two hashes of the expected pixels: by crates.io `pdqhash` (testdata/reference) and by PyPI `pdqhash`."""

import subprocess
import tempfile
from pathlib import Path

import numpy as np
import pdqhash

MANIFEST = Path(__file__).resolve().parent.parent / "reference" / "Cargo.toml"
# the order in which compute_dihedral returns them (bindings.pyx of 0.2.8)
DIHEDRAL = ["original", "rot90", "rot180", "rot270", "flipx", "flipy", "flipplus1", "flipminus1"]
# what was done to the picture: rotations are counter-clockwise, flip X is top-bottom, flip Y is left-right
REALLY = {
    "original": lambda p: p,
    "rot90": lambda p: np.rot90(p, 1),
    "rot180": lambda p: np.rot90(p, 2),
    "rot270": lambda p: np.rot90(p, 3),
    "flipx": np.flipud,
    "flipy": np.fliplr,
    "flipplus1": lambda p: p.swapaxes(0, 1),
    "flipminus1": lambda p: p[::-1, ::-1].swapaxes(0, 1),
}


def crate_hashes(pictures):
    """[(hex, quality)] of RGB arrays, at full size."""
    with tempfile.TemporaryDirectory() as folder:
        paths = []
        for number, rgb in enumerate(pictures):
            paths.append(f"{folder}/{number}.ppm")
            Path(paths[-1]).write_bytes(b"P6 %d %d 255\n" % (rgb.shape[1], rgb.shape[0]) + rgb.tobytes())
        command = ["cargo", "run", "--release", "--locked", "--quiet", "--manifest-path", str(MANIFEST), "--", *paths]
        answer = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    return [tuple(line.split(",")) for line in answer.split()]


def pypi_dihedral(rgb):
    """({name: hex}, quality) of the eight hashes that come from one DCT."""
    vectors, quality = pdqhash.compute_dihedral(np.ascontiguousarray(rgb))
    return dict(zip(DIHEDRAL, map(_hex, vectors), strict=True)), quality


def pypi_plain(rgb):
    """The hash by `compute`, which copies 64 x 64 pictures where `compute_dihedral` filters them."""
    return _hex(pdqhash.compute(np.ascontiguousarray(rgb))[0])


def distance(one, other):
    return (int(one, 16) ^ int(other, 16)).bit_count()


def _hex(vector):
    return np.packbits(vector.astype(np.uint8)).tobytes().hex()
