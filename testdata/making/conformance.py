#!/usr/bin/env python3
"""Makes testdata/conformance/pdq.json: PDQ of pictures that are described, not stored.

    python3 testdata/making/conformance.py                        # checks the file, and writes it in its one form
    python3 testdata/making/conformance.py --reference PROGRAM    # asks PROGRAM for every expected value anew

Python >= 3.11, no package. PROGRAM takes PPM files (P6, 8 bits) and prints one line for each: hash, quality of the plain
hash, quality of the dihedral function, eight dihedral hashes, the 64 x 64 buffer, the 16 x 16 coefficients; the last
two are rows of f32 bits, 8 hexadecimal digits each, of the plain hash. All are divided by commas.

Without PROGRAM the expected values are those that the file holds; a vector that has none yet is an error.
"""

import argparse
import json
import subprocess
import sys
import tempfile
from pathlib import Path

FILE = Path(__file__).resolve().parent.parent / "conformance" / "pdq.json"
DIHEDRAL = ["original", "rot90", "rot180", "rot270", "flipx", "flipy", "flipplus1", "flipminus1"]
EXPECTED = ["pdq", "quality", "dihedral", "steps"]
BUDGET_BYTES = 120 * 1000

ABOUT = [
    "PDQ of pictures that are described here and stored nowhere: whoever implements PDQ can draw them and compare.",
    "Every expected value comes from another implementation than ijkpunt: see `reference`.",
    "All pictures are synthetic. License: MIT OR Apache-2.0.",
]
PROFILE = {
    "name": "pdq/full",
    "words": "PDQ of the picture at its full size; it is not shrunk to 512 x 512 first.",
    "channels": "3: R, G, B. 1: grey, hashed as R = G = B. The reference's own function for one channel takes the sample "
    "as luma instead and is not meant here: the expected values of grey vectors are those of their RGB copy.",
    "too_small": "A side below 5 pixels has no hash, so there is no vector for it.",
    "size_64x64": "A picture of 64 x 64 pixels is the 64 x 64 buffer itself, unfiltered. The reference's dihedral function "
    "filters it all the same. Where that moves a bit, so that its `original` is not its plain hash, the vector has no "
    "`dihedral`: an implementation should give the forms of the picture that the plain hash is of.",
    "arithmetic": "IEEE 754 binary32, one rounding after every operation, no fused multiply-add, sums in the reference's "
    "order. Where `quality` is 0 (flat pictures, plain gradients) all bits of the hash are rounding noise: they are met "
    "only by the very same operations. An implementation that does not promise that may leave these vectors out.",
}
ALGORITHM = [
    "1. Luma of a pixel: (0.299 R + 0.587 G) + 0.114 B, from 0 to 255.",
    "2. Four box filters over the whole plane: along rows, along columns, along rows, along columns; not for 64 x 64. The "
    "window is w = ceil(width / 128) along rows and w = ceil(height / 128) along columns. One line x of n samples: "
    "h = (w + 2) / 2 - 1 in integers, sum = 0; for t from 0 to n + h - 1: if t < n, sum = sum + x[t]; then if t >= w, "
    "sum = sum - x[t - w]; then if t >= h, out[t - h] = sum / (number of samples in the sum).",
    "3. The 64 x 64 buffer: row i is row ((2 i + 1) height) / 128 of the plane, in integers; columns alike.",
    "4. Quality: d = ((u - v) * 100) / 255 for all neighbours u, v of the buffer, above and below, left and right; d is "
    "truncated to an integer towards zero; quality = min(100, (sum of |d|) / 90), in integers.",
    "5. DCT: the 16 x 64 matrix D[i][j] = s * cos((pi / 2 / 64) * (i + 1) * (2 j + 1)), where s is sqrt(2 / 64) rounded to "
    "binary32, cosine and product are binary64, and the result is rounded to binary32. T = D A, then B = T D^t; each sum "
    "begins at 0 and goes over k = 0 to 63 in order.",
    "6. Bit = coefficient > the lower median of the 256 (number 127 of 0 to 255 in ascending order).",
    "7. Dihedral forms come from B by transposing and negating, each with a median of its own. Written for a value at row i "
    "and column j of the form: rot90: B[j][i], negated where i is even; rot180: B[i][j], negated where i + j is odd; "
    "rot270: B[j][i], negated where j is even; flipx: B[i][j], negated where i is even; flipy: B[i][j], negated where j is "
    "even; flipplus1: B[j][i]; flipminus1: B[j][i], negated where i + j is odd.",
]
REFERENCE = {
    "program": "C++ reference, github.com/facebook/ThreatExchange, pdq/cpp, commit baefb4ed67b6cdc1d4c82dbaef858d50866ac424",
    "functions": "fillFloatLumaFromRGB, pdqHash256FromFloatLuma, pdqDihedralHash256esFromFloatLuma",
    "built_by": "g++ 12.2.0 -std=c++14 -O2 -ffp-contract=off, x86-64, glibc 2.36; -O0 and -O3 give the same file",
}
FIELDS = {
    "name": "unique",
    "width, height, channels": "pixels in a row, rows, samples a pixel",
    "pixels": "the generator and its parameters; see `generators`",
    "same_as": "another vector that must have the same pdq, quality and dihedral",
    "pdq": "64 hexadecimal digits: the coefficient of row i and column j is bit 16*i + j of a 256-bit integer, most "
    "significant digit first",
    "quality": "0 to 100, of the plain hash",
    "dihedral": f"the hashes of the turned and mirrored forms, all from one transform, in this order: "
    f"{', '.join(DIHEDRAL)}. Rotations are counter-clockwise; flipx exchanges top and bottom, flipy left and right; "
    "flipplus1 transposes; flipminus1 reflects in the other diagonal",
    "steps": "only on some: where an implementation begins to differ. All values are bits of an f32, 8 hexadecimal digits. "
    "`buffer` are samples [row, column, bits] of the 64 x 64 buffer after the filter, `buffer_sum` is the sum of all 4096 "
    "as unsigned integers; `coefficients` and `coefficients_sum` are the same for the 16 x 16 DCT; `median` is the lower "
    "median of the 256 coefficients. The sign of a zero is not significant in `coefficients`",
}
GENERATORS = {
    "words": "Integers only. x counts columns from 0 at the left, y rows from 0 at the top, c channels from 0; / rounds "
    "down; ^ is exclusive or; sample(x, y, c) is 0 to 255. A list in `pixels` has one item a channel.",
    "random": "Where a generator draws numbers: s is an unsigned 64-bit integer and begins as `seed`; each draw first sets "
    "s = (s * 6364136223846793005 + 1442695040888963407) mod 2^64. byte() draws and gives s / 2^56; number(n) draws and "
    "gives (s / 2^33) mod n.",
    "flat": "sample = value[c]",
    "xor": "sample = ((x * across[c]) ^ (y * down[c])) mod 256",
    "gradient": "horizontal: i = x, n = width - 1; vertical: i = y, n = height - 1; diagonal: i = x + y, "
    "n = width + height - 2. sample = (from[c] * (n - i) + to[c] * i) / n",
    "checker": "even[c] where (x / cell + y / cell) mod 2 = 0, else odd[c]",
    "noise": "sample = byte(), drawn row by row, in a row pixel by pixel, in a pixel channel by channel",
    "mosaic": "first a grid of rows x columns x channels bytes is drawn by byte(), row by row, in a row cell by cell, in a "
    "cell channel by channel; sample = least + grid[y * rows / height][x * columns / width][c] * span / 256",
    "rectangles": "every sample is 0; then `count` times, in this order of draws: x0 = number(width), y0 = number(height), "
    "w = 1 + number(1 + width / 2), h = 1 + number(1 + height / 2), colour[c] = number(256) for each channel; the pixels "
    "with x0 <= x < x0 + w and y0 <= y < y0 + h, as far as they are inside, become colour",
}


def main():
    arguments = argparse.ArgumentParser(description="Makes testdata/conformance/pdq.json.")
    arguments.add_argument("--reference", metavar="PROGRAM", help="asked for the expected values")
    program = arguments.parse_args().reference
    vectors = described()
    expected = asked(program, vectors) if program else remembered(vectors)
    table = [{**vector, **expected[vector["name"]]} for vector in vectors]
    check(table)
    FILE.write_text(document(table))
    print(f"{len(table)} vectors, {FILE.stat().st_size} bytes")


def document(table):
    """The head, then one vector a line."""
    head = {"about": ABOUT, "profile": PROFILE, "algorithm": ALGORITHM, "reference": REFERENCE, "fields": FIELDS}
    head["generators"] = GENERATORS
    head = "".join(f" {json.dumps(key)}: {json.dumps(value, indent=2)},\n" for key, value in head.items())
    lines = ",\n".join(f"  {json.dumps(vector)}" for vector in table)
    return f'{{\n{head} "vectors": [\n{lines}\n ]\n}}\n'


def described():
    """The vectors without what is expected of them."""
    vectors = []

    def add(width, height, channels, kind, name=None, same_as=None, **parameters):
        if kind == "mosaic":
            parameters = {"least": 0, "span": 256} | parameters
        name = name or f"{kind}-{width}x{height}-{'grey' if channels == 1 else 'rgb'}"
        vector = {"name": name, "width": width, "height": height, "channels": channels}
        vector["pixels"] = {"kind": kind, **parameters}
        vectors.append(vector | ({"same_as": same_as} if same_as else {}))

    # The smallest, and all that repeat samples: below 64 pixels a side.
    add(5, 5, 3, "noise", seed=1)
    add(5, 5, 1, "gradient", direction="diagonal", **{"from": [0], "to": [255]})
    add(6, 5, 3, "noise", seed=2)
    add(5, 63, 3, "mosaic", seed=3, columns=5, rows=9)
    add(16, 16, 1, "noise", seed=4)
    add(31, 47, 3, "mosaic", seed=5, columns=10, rows=12)
    add(63, 64, 3, "mosaic", seed=6, columns=12, rows=12)
    # The buffer itself, and its neighbours.
    add(64, 64, 3, "mosaic", seed=7, columns=12, rows=12)
    add(64, 64, 1, "noise", seed=8)
    add(64, 64, 3, "checker", cell=7, even=[250, 240, 20], odd=[3, 60, 130])
    add(64, 65, 3, "mosaic", seed=9, columns=12, rows=12)
    add(65, 64, 3, "mosaic", seed=10, columns=12, rows=12)
    # The window grows by one behind every multiple of 128; each size stands with one that it does not divide.
    for number, (width, height) in enumerate(
        [(127, 129), (128, 128), (129, 127), (130, 255), (256, 257), (257, 256), (258, 383), (384, 385), (385, 384),
         (511, 512), (512, 513), (513, 511), (640, 641), (641, 640), (767, 769), (768, 127), (769, 768), (896, 897),
         (897, 895), (1023, 1025), (1024, 128), (1025, 1024), (1100, 733)]
    ):  # fmt: skip
        kind = ["mosaic", "rectangles", "mosaic"][number % 3]
        grain = {"columns": 16, "rows": 14} if kind == "mosaic" else {"count": 60}
        add(width, height, 3, kind, seed=100 + number, **grain)
    # Extreme shapes.
    add(1100, 5, 3, "mosaic", seed=200, columns=40, rows=5)
    add(5, 1100, 3, "mosaic", seed=201, columns=5, rows=40)
    add(1000, 17, 1, "rectangles", seed=202, count=80)
    add(9, 640, 3, "noise", seed=203)
    # Grey is R = G = B, whichever way it comes.
    for number, (width, height, kind, parameters) in enumerate(
        [(200, 150, "xor", {"across": 3, "down": 5}),
         (97, 61, "checker", {"cell": 9, "even": 36, "odd": 211}),
         (300, 200, "gradient", {"direction": "diagonal", "from": 3, "to": 252})]
    ):  # fmt: skip
        first = f"grey-{number + 1}-as-grey"
        words = {key: value for key, value in parameters.items() if key in ("cell", "direction")}
        numbers = {key: value for key, value in parameters.items() if key not in words}
        add(width, height, 1, kind, name=first, **words, **{key: [value] for key, value in numbers.items()})
        add(width, height, 3, kind, name=f"grey-{number + 1}-as-rgb", same_as=first,
            **words, **{key: [value] * 3 for key, value in numbers.items()})  # fmt: skip
    # Fine and coarse patterns, colours whose luma is far from their mean.
    add(150, 220, 3, "xor", across=[1, 3, 7], down=[5, 2, 1])
    add(333, 222, 3, "checker", cell=37, even=[255, 0, 0], odd=[0, 0, 255])
    add(400, 300, 3, "gradient", direction="horizontal", **{"from": [255, 10, 0], "to": [0, 40, 255]})
    add(222, 555, 3, "gradient", direction="vertical", **{"from": [7, 255, 80], "to": [99, 0, 250]})
    add(700, 500, 3, "noise", seed=300)
    # Little contrast: qualities between the extremes, and on both sides of the usual bound of 50.
    pale = [(100, 8, 400), (60, 13, 402), (30, 22, 404), (120, 30, 405), (120, 39, 405), (120, 40, 405), (120, 50, 405)]
    for number, (least, span, seed) in enumerate(pale):
        add(240, 180, 3, "mosaic", name=f"pale-{number + 1}", seed=seed, columns=16, rows=14, least=least, span=span)
    # Flat: every coefficient is rounding noise.
    add(100, 80, 3, "flat", name="flat-black", value=[0, 0, 0])
    add(100, 80, 3, "flat", name="flat-white", value=[255, 255, 255])
    add(300, 200, 3, "flat", name="flat-colour", value=[200, 30, 90])
    add(129, 257, 1, "flat", name="flat-grey", value=[77])
    add(64, 64, 3, "flat", name="flat-64x64", value=[12, 99, 180])
    return vectors


STEPS = ["noise-5x5-rgb", "noise-16x16-grey", "mosaic-64x64-rgb", "noise-64x64-grey", "mosaic-64x65-rgb",
         "mosaic-127x129-rgb", "rectangles-128x128-rgb", "mosaic-129x127-rgb", "grey-2-as-grey",
         "rectangles-256x257-rgb", "flat-colour"]  # fmt: skip
SAMPLES = [(0, 0), (0, 1), (1, 0), (0, 63), (31, 32), (40, 7), (63, 0), (63, 63)]
COEFFICIENTS = [(0, 0), (0, 1), (1, 0), (0, 15), (7, 8), (15, 0), (15, 15)]


def samples(vector):
    """The bytes of a vector, by the words of GENERATORS."""
    width, height, channels, pixels = (vector[key] for key in ("width", "height", "channels", "pixels"))
    return DRAW[pixels["kind"]](width, height, channels, pixels)


def every(width, height, channels, sample):
    return bytes(sample(x, y, c) for y in range(height) for x in range(width) for c in range(channels))


def flat(width, height, channels, p):
    return every(width, height, channels, lambda x, y, c: p["value"][c])


def xor(width, height, channels, p):
    return every(width, height, channels, lambda x, y, c: ((x * p["across"][c]) ^ (y * p["down"][c])) % 256)


def gradient(width, height, channels, p):
    place = {
        "horizontal": lambda x, y: (x, width - 1),
        "vertical": lambda x, y: (y, height - 1),
        "diagonal": lambda x, y: (x + y, width + height - 2),
    }[p["direction"]]

    def sample(x, y, c):
        i, n = place(x, y)
        return (p["from"][c] * (n - i) + p["to"][c] * i) // n

    return every(width, height, channels, sample)


def checker(width, height, channels, p):
    cell = p["cell"]
    return every(width, height, channels, lambda x, y, c: p[("even", "odd")[(x // cell + y // cell) % 2]][c])


def noise(width, height, channels, p):
    draw = Random(p["seed"])
    return bytes(draw.byte() for _ in range(width * height * channels))


def mosaic(width, height, channels, p):
    draw = Random(p["seed"])
    columns, rows = p["columns"], p["rows"]
    grid = [[[draw.byte() for _ in range(channels)] for _ in range(columns)] for _ in range(rows)]
    least, span = p["least"], p["span"]

    def sample(x, y, c):
        return least + grid[y * rows // height][x * columns // width][c] * span // 256

    return every(width, height, channels, sample)


def rectangles(width, height, channels, p):
    draw = Random(p["seed"])
    canvas = bytearray(width * height * channels)
    for _ in range(p["count"]):
        x0, y0 = draw.number(width), draw.number(height)
        x1 = min(x0 + 1 + draw.number(1 + width // 2), width)
        y1 = min(y0 + 1 + draw.number(1 + height // 2), height)
        colour = bytes(draw.number(256) for _ in range(channels))
        for y in range(y0, y1):
            canvas[(y * width + x0) * channels : (y * width + x1) * channels] = colour * (x1 - x0)
    return bytes(canvas)


DRAW = {"flat": flat, "xor": xor, "gradient": gradient, "checker": checker, "noise": noise, "mosaic": mosaic,
        "rectangles": rectangles}  # fmt: skip


class Random:
    def __init__(self, seed):
        self.s = seed

    def _draw(self):
        self.s = (self.s * 6364136223846793005 + 1442695040888963407) % 2**64
        return self.s

    def byte(self):
        return self._draw() >> 56

    def number(self, n):
        return (self._draw() >> 33) % n


def remembered(vectors):
    """The expected values that the file holds, for the very same pixels."""
    held = {vector["name"]: vector for vector in json.loads(FILE.read_text())["vectors"]}
    for vector in vectors:
        before = {key: value for key, value in held.get(vector["name"], {}).items() if key not in EXPECTED}
        if before != vector:
            sys.exit(f"{vector['name']}: no expected values for this description; ask with --reference PROGRAM")
    return {name: {key: vector[key] for key in EXPECTED if key in vector} for name, vector in held.items()}


def asked(program, vectors):
    with tempfile.TemporaryDirectory() as folder:
        paths = []
        for number, vector in enumerate(vectors):
            path = Path(folder, f"{number:03}.ppm")
            rgb = samples(vector)
            if vector["channels"] == 1:
                rgb = bytes(value for value in rgb for _ in range(3))
            path.write_bytes(b"P6 %d %d 255\n" % (vector["width"], vector["height"]) + rgb)
            paths.append(str(path))
        answer = subprocess.run([program, *paths], check=True, capture_output=True, text=True).stdout.split()
    answers = zip(vectors, answer, strict=True)
    return {vector["name"]: expectation(vector, line.split(",")) for vector, line in answers}


def expectation(vector, answer):
    pdq, quality, dihedral_quality, *forms, buffer, coefficients = answer
    assert len(forms) == 8, vector["name"]
    expected = {"pdq": pdq, "quality": int(quality)}
    if (forms[0], dihedral_quality) == (pdq, quality):
        expected["dihedral"] = forms
    else:
        assert is_64x64(vector), vector["name"]
    if vector["name"] in STEPS:
        expected["steps"] = steps(words(buffer, 64 * 64), words(coefficients, 16 * 16))
    return expected


def steps(buffer, coefficients):
    ordered = sorted(coefficients, key=lambda bits: bits if bits < 2**31 else 2**31 - bits)
    return {
        "buffer_sum": sum(buffer),
        "buffer": [[row, column, f"{buffer[64 * row + column]:08x}"] for row, column in SAMPLES],
        "coefficients_sum": sum(coefficients),
        "coefficients": [[row, column, f"{coefficients[16 * row + column]:08x}"] for row, column in COEFFICIENTS],
        "median": f"{ordered[127]:08x}",
    }


def is_64x64(vector):
    return (vector["width"], vector["height"]) == (64, 64)


def words(digits, count):
    assert len(digits) == 8 * count, len(digits)
    return [int(digits[i : i + 8], 16) for i in range(0, len(digits), 8)]


def check(table):
    """What must hold of any file, whoever was asked."""
    by_name = {vector["name"]: vector for vector in table}
    assert len(by_name) == len(table), "a name stands twice"
    for vector in table:
        name, other = vector["name"], by_name.get(vector.get("same_as"))
        assert len(vector["pdq"]) == 64 and 0 <= vector["quality"] <= 100, name
        assert "dihedral" in vector or is_64x64(vector), name
        assert ("steps" in vector) == (name in STEPS), name
        if other:
            assert all(vector[key] == other[key] for key in ("pdq", "quality", "dihedral")), name
            assert samples(vector) == bytes(value for value in samples(other) for _ in range(3)), name
    assert set(STEPS) <= set(by_name), set(STEPS) - set(by_name)
    size = len(document(table))
    assert size <= BUDGET_BYTES, size


if __name__ == "__main__":
    main()
