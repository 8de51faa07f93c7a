"""An index in Python behind pipes: `index_worker.py PEER` says its versions, then answers each line of stdin with one line.

build RADIUS PATH        reads codes, 32 bytes each, and indexes them  -> CPU seconds, and bytes of memory
queries PATH             reads queries, 32 bytes each                  -> ready
go COUNT                 looks up the first COUNT queries              -> JSON: CPU nanoseconds of each, rows of each

Only lookups are timed, one at a time, with the CPU time of this whole process. The clock's own time is taken off; that of calling
from Python, one or two microseconds, is not.
"""

import ctypes
import json
import re
import statistics
import sys
import time
from importlib.metadata import version
from pathlib import Path

import numpy as np

# More than any code has neighbours: peers that know no radius look for so many nearest ones.
NEAREST = 64


class FaissFlat:
    """Every code; a range search of FAISS leaves out what is at the radius, so one more is asked for."""

    distributions = ["faiss-cpu"]
    setting = "IndexBinaryFlat, range_search"

    def __init__(self, codes, radius):
        import faiss

        faiss.omp_set_num_threads(1)
        self.radius = radius + 1
        self.index = self.empty(faiss)
        self.index.add(codes)

    def empty(self, faiss):
        return faiss.IndexBinaryFlat(256)

    def find(self, query):
        return self.index.range_search(query, self.radius)[2]


class FaissMultiHash(FaissFlat):
    """As python-threatexchange sets it up. Of 16 pieces, two codes 31 bits apart share one but for a bit: exact up to there."""

    setting = "IndexBinaryMultiHash, 16 x 16 bits, nflip 1, range_search"

    def empty(self, faiss):
        index = faiss.IndexBinaryMultiHash(256, 16, 16)
        index.nflip = 1
        return index


class Usearch:
    """A graph of neighbours, by its own defaults: not exact."""

    distributions = ["usearch"]
    setting = f"HNSW, connectivity 16, expansion 128 and 64, {NEAREST} nearest, then the radius; not exact"

    def __init__(self, codes, radius):
        from usearch.index import Index, MetricKind, ScalarKind

        self.radius = radius
        self.index = Index(
            ndim=256,
            metric=MetricKind.Hamming,
            dtype=ScalarKind.B1,
            connectivity=16,
            expansion_add=128,
            expansion_search=64,
        )
        self.index.add(np.arange(len(codes)), codes)

    def find(self, query):
        matches = self.index.search(query[0], NEAREST, threads=1)
        return matches.keys[matches.distances <= self.radius]


class PynearMih:
    """Tables of 16 pieces of 16 bits, the best of its settings at radius 31; exact up to `NEAREST` rows."""

    distributions = ["pynear"]
    setting = f"MIHBinaryIndex, m 16, {NEAREST} nearest within the radius"

    def __init__(self, codes, radius):
        import pynear

        self.radius = radius
        self.index = pynear.MIHBinaryIndex(m=16)
        self.index.set(codes)

    def find(self, query):
        rows, distances = self.index.searchKNN_arrays(query, NEAREST, self.radius)
        return rows[0][(rows[0] >= 0) & (distances[0] <= self.radius)]


class PynearBk:
    distributions = ["pynear"]
    setting = "BKTreeBinaryIndex256, find_threshold"

    def __init__(self, codes, radius):
        import pynear

        self.radius = radius
        self.index = pynear.BKTreeBinaryIndex256()
        self.index.set(codes)

    def find(self, query):
        return self.index.find_threshold(query, self.radius)[0][0]


PEERS = {
    "faiss-flat": FaissFlat,
    "faiss-multihash": FaissMultiHash,
    "usearch": Usearch,
    "pynear-mih": PynearMih,
    "pynear-bk": PynearBk,
}


def read(path):
    return np.fromfile(path, dtype=np.uint8).reshape(-1, 32)


def resident_bytes():
    """Memory of this process, after what was freed went back to the system; 0 where the system does not tell."""
    try:
        ctypes.CDLL(None).malloc_trim(0)
        status = Path("/proc/self/status").read_text(encoding="ascii")
    except (AttributeError, OSError):
        return 0
    return 1024 * int(re.search(r"VmRSS:\s+(\d+)", status)[1])


def build(kind, radius, path):
    few = np.random.default_rng(0).integers(0, 256, (1000, 32), dtype=np.uint8)
    kind(few, radius)  # so that what it imports is not counted
    before = resident_bytes()
    codes = read(path)
    begin = time.process_time()
    peer = kind(codes, radius)
    seconds = time.process_time() - begin
    del codes
    return peer, f"{seconds} {max(0, resident_bytes() - before)}"


def clock_nanoseconds():
    """What an interval of nothing takes."""
    clock = time.process_time_ns
    return statistics.median_low([-clock() + clock() for _ in range(1001)])


def go(find, queries):
    """One query at a time, each a row of its own."""
    clock, nothing = time.process_time_ns, clock_nanoseconds()
    nanoseconds, found = [], []
    for query in np.split(queries, len(queries)):
        begin = clock()
        rows = find(query)
        nanoseconds.append(max(0, clock() - begin - nothing))
        found.append(rows)
    rows = [[int(row) for row in rows] for rows in found]
    return json.dumps({"nanoseconds": nanoseconds, "rows": rows}, separators=(",", ":"))


def main(name):
    kind = PEERS[name]
    python = ".".join(map(str, sys.version_info[:3]))
    versions = [*(f"{name} {version(name)}" for name in kind.distributions), f"Python {python}"]
    print(", ".join([*versions, kind.setting]), flush=True)
    peer = queries = None
    for line in sys.stdin:
        command, rest = line.rstrip("\n").split(" ", 1)
        if command == "build":
            radius, path = rest.split(" ", 1)
            peer, answer = build(kind, int(radius), path)
        elif command == "queries":
            queries = read(rest)
            answer = "ready"
        elif command == "go":
            answer = go(peer.find, queries[: int(rest)])
        else:
            sys.exit(f"unknown command: {line!r}")
        print(answer, flush=True)


if __name__ == "__main__":
    main(sys.argv[1])
