"""BLAKE3 of some bytes, written from its paper, for readers that shall need nothing but Python. Slow: a megabyte takes seconds."""

from struct import pack, unpack

FIRST = (0x6A09E667, 0xBB67AE85, 0x3C6EF372, 0xA54FF53A, 0x510E527F, 0x9B05688C, 0x1F83D9AB, 0x5BE0CD19)
ORDER = (2, 6, 3, 10, 7, 0, 4, 13, 1, 11, 12, 5, 9, 14, 15, 8)
MIXED = ((0, 4, 8, 12), (1, 5, 9, 13), (2, 6, 10, 14), (3, 7, 11, 15), (0, 5, 10, 15), (1, 6, 11, 12), (2, 7, 8, 13), (3, 4, 9, 14))
BEGIN, END, PARENT, ROOT, OF_CONTEXT, OF_MATERIAL = 1, 2, 4, 8, 32, 64
CHUNK = 1024


def turned(x, bits):
    return (x >> bits | x << (32 - bits)) & 0xFFFFFFFF


def compressed(chain, block, counter, length, flags):
    words = unpack("<16I", block.ljust(64, b"\0"))
    v = [*chain, *FIRST[:4], counter & 0xFFFFFFFF, counter >> 32, length, flags]
    for _ in range(7):
        for k, (a, b, c, d) in enumerate(MIXED):
            for word, far, near in ((words[2 * k], 16, 12), (words[2 * k + 1], 8, 7)):
                v[a] = v[a] + v[b] + word & 0xFFFFFFFF
                v[d] = turned(v[d] ^ v[a], far)
                v[c] = v[c] + v[d] & 0xFFFFFFFF
                v[b] = turned(v[b] ^ v[c], near)
        words = [words[k] for k in ORDER]
    return [v[k] ^ v[k + 8] for k in range(8)]


def of_chunk(data, counter, root, first, mode):
    chain = first
    blocks = [data[k:k + 64] for k in range(0, len(data), 64)] or [b""]
    for k, block in enumerate(blocks):
        last = k == len(blocks) - 1
        flags = (BEGIN if k == 0 else 0) | ((END | root) if last else 0)
        chain = compressed(chain, block, counter, len(block), flags | mode)
    return chain


def of_tree(data, counter, root, first=FIRST, mode=0):
    if len(data) <= CHUNK:
        return of_chunk(data, counter, root, first, mode)
    left = CHUNK
    while left * 2 < len(data):
        left *= 2
    both = of_tree(data[:left], counter, 0, first, mode) + of_tree(data[left:], counter + left // CHUNK, 0, first, mode)
    return compressed(first, pack("<16I", *both), 0, 64, PARENT | root | mode)


def blake3(data):
    return pack("<8I", *of_tree(bytes(data), 0, ROOT))


def derived(context, data):
    key = of_tree(context.encode(), 0, ROOT, FIRST, OF_CONTEXT)
    return pack("<8I", *of_tree(bytes(data), 0, ROOT, tuple(key), OF_MATERIAL))
