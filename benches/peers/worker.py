"""A Python peer behind pipes: `worker.py PEER` says its versions, then answers each line of stdin with one line.

load WIDTH HEIGHT PATH        reads raw RGB                                  -> ready
file PATH                     reads a picture file's bytes                   -> ready
jpeg PATH                     writes what was loaded as baseline JPEG        -> ready
go TIMES                      hashes what was read                           -> CPU nanoseconds of all, and the hash

Only `go` is timed, with the CPU time of this whole process: a peer that starts threads pays for them.
"""

import io
import sys
import time
from importlib.metadata import version
from pathlib import Path

import imagehash
import numpy as np
import pdqhash
from PIL import Image


def pdq_hex(result):
    vector, _quality = result
    return np.packbits(vector.astype(np.uint8)).tobytes().hex()


def decode_and_hash(data):
    picture = Image.open(io.BytesIO(data)).convert("RGB")
    return pdqhash.compute(np.asarray(picture))


# name: (what it hashes, made of what was read; the call that is timed; its result as text; distributions)
PEERS = {
    "pdqhash-pypi": (lambda rgb: rgb, pdqhash.compute, pdq_hex, ["pdqhash", "numpy"]),
    "imagehash-pypi": (Image.fromarray, imagehash.phash, str, ["ImageHash", "pillow", "numpy", "scipy"]),
    "pillow+pdqhash-pypi": (lambda data: data, decode_and_hash, pdq_hex, ["pillow", "pdqhash", "numpy"]),
}


def raw(width, height, path):
    return np.fromfile(path, dtype=np.uint8).reshape(int(height), int(width), 3)


def write_jpeg(rgb, path):
    """As most JPEGs on the web are: libjpeg's quality 85, chroma halved both ways, one scan."""
    Image.fromarray(rgb).save(path, "JPEG", quality=85, subsampling="4:2:0", progressive=False)


def go(times, call, subject):
    begin = time.process_time_ns()
    for _ in range(times):
        result = call(subject)
    return time.process_time_ns() - begin, result


def main(peer):
    prepare, call, text, distributions = PEERS[peer]
    python = ".".join(map(str, sys.version_info[:3]))
    print(", ".join([*(f"{name} {version(name)}" for name in distributions), f"Python {python}"]), flush=True)
    subject = None
    for line in sys.stdin:
        command, rest = line.rstrip("\n").split(" ", 1)
        if command == "load":
            width, height, path = rest.split(" ", 2)
            subject = prepare(raw(width, height, path))
            answer = "ready"
        elif command == "file":
            subject = prepare(Path(rest).read_bytes())
            answer = "ready"
        elif command == "jpeg":
            write_jpeg(subject, rest)
            answer = "ready"
        elif command == "go":
            nanoseconds, result = go(int(rest), call, subject)
            answer = f"{nanoseconds} {text(result)}"
        else:
            sys.exit(f"unknown command: {line!r}")
        print(answer, flush=True)


if __name__ == "__main__":
    main(sys.argv[1])
