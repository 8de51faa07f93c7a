"""Reads a snapshot, or a delta and the snapshot that it applies to, by what FORMAT.md says and nothing else, and prints what it holds as JSON. Looks at every
hash; checks every digest."""

import json
import sys
from datetime import datetime, timezone
from pathlib import Path
from struct import unpack_from

sys.path.insert(0, str(Path(__file__).parent))
sys.dont_write_bytecode = True
from blake3 import blake3, derived

NONE = 2**32 - 1
STATES = ("withdrawn suspended rejected disputed candidate expired under_assessment national emerging "
          "baseline_by_silence baseline").split()
VERDICTS = "terrorist not_terrorist terrorist_only_in_context insufficient_information abstain".split()
CONTEXTS = "independent dependent unknown".split()
MEDIA = "image animated_image video".split()
ROLES = "core intro credits blank news stock".split()
PROFILES = "pdq/full pdq/512 windows/1 pdq/unstated".split()
KINDS = (("sha256", 32), ("sha1", 20), ("md5", 16))


class Postcard:
    def __init__(self, data):
        self.data, self.at = data, 0

    def raw(self, length):
        self.at += length
        return self.data[self.at - length:self.at]

    def number(self):
        value = shift = 0
        while True:
            byte = self.raw(1)[0]
            value |= (byte & 127) << shift
            shift += 7
            if byte < 128:
                return value

    def signed(self):
        value = self.number()
        return value >> 1 ^ -(value & 1)

    def text(self):
        return self.raw(self.number()).decode()

    def option(self, read):
        return read() if self.raw(1)[0] else None

    def several(self, read):
        return [read() for _ in range(self.number())]


def places():
    """The place in a code of each bit of a hash."""
    p, state = list(range(256)), 1
    for left in range(256, 1, -1):
        state = state + 0x9E3779B97F4A7C15 & 2**64 - 1
        z = (state ^ state >> 30) * 0xBF58476D1CE4E5B9 & 2**64 - 1
        z = (z ^ z >> 27) * 0x94D049BB133111EB & 2**64 - 1
        r = (z ^ z >> 31) % left
        p[left - 1], p[r] = p[r], p[left - 1]
    return p


def hashes(index):
    """The hashes of an index; its tables are not needed to look at all of them."""
    magic, count = unpack_from("<8sQ", index)
    assert magic == b"ijkindx2"
    begin = 192 + 3 * (-(-count // 16) * 64)
    p = places()
    for k in range(count):
        code = int.from_bytes(index[begin + 32 * k:begin + 32 * k + 32], "little")
        yield sum((code >> p[bit] & 1) << bit for bit in range(256)).to_bytes(32, "little").hex()


def authority(p):
    return [p.text(), p.raw(2).decode(), p.text(), p.several(p.number)]


def verdict(p):
    which = p.number()
    types = p.raw(1)[0] if which in (0, 2) else 0
    how = p.number()
    adopted = p.text() if how == 2 else None
    return {"verdict": VERDICTS[which], "types": types, "method": how, "from": adopted}, p.option(p.number)


def entered(p):
    def state():
        which = p.number()
        return [STATES[which]] + ([p.number(), p.number()] if which == 8 else [])

    return {"context": p.option(lambda: CONTEXTS[p.number()]), "created_at": p.option(p.signed),
            "state": p.option(state), "types": p.option(lambda: p.raw(1)[0])}


def all_said(p, authorities, dictionary):
    at = 0

    def said():
        nonlocal at
        who, (word, term) = authorities[p.number()], dictionary[p.number()]
        at += p.signed()
        return {"authority": who[0], **word, "made_at": at, "valid_until": None if term is None else at + term}

    return p.several(said)


def terms(p):
    state, flag = lambda: p.raw(2).decode(), lambda: {0: False, 1: True}[p.number()]
    designation = lambda: {"state": state(), "since": utc(p.signed())}
    rules = (lambda: "all", lambda: {"at_least": p.number()}, lambda: {"fraction": {"numerator": p.number(), "denominator": p.number()}})
    asked = (lambda: {"designated": p.several(designation)}, lambda: "responding", lambda: {"explicit": p.several(state)})
    return {"name": p.text(), "version": p.number(), "rule": rules[p.number()](), "denominator": asked[p.number()](),
            "objection": "blocks disputes".split()[p.number()],
            "silence": (lambda: "none", lambda: {"tacit_after_days": p.number()})[p.number()](),
            "expiry_days": p.option(p.number), "grace_days": p.number(), "types_must_overlap": flag(), "counts_adopted": flag()}


def utc(seconds):
    return datetime.fromtimestamp(seconds, timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


def read(data):
    magic, version, count, features, length, sequence, created_at, valid_until = unpack_from("<8sIIQQQqq", data)
    assert magic == b"ijksnap\0" and version == 1 and features == 0 and length == len(data)
    assert data[96:128] == b"pdq/full".ljust(16, b"\0") + b"windows/1".ljust(16, b"\0")
    end = 128 + 64 * count
    assert blake3(data[:end]) == data[end:end + 32]
    sections = {}
    for at in range(128, end, 64):
        number, _, place, size, _, digest = unpack_from("<IIQQQ32s", data, at)
        sections[number] = data[place:place + size]
        assert blake3(sections[number]) == digest

    strings = sections[3]
    [total] = unpack_from("<I", strings)
    ends = unpack_from(f"<{total + 1}I", strings, 4)
    texts = [strings[8 + 4 * total:][a:b].decode() for a, b in zip(ends, ends[1:])]
    label = lambda number: None if number == NONE else texts[number]

    beside = Postcard(sections[2])
    authorities = beside.several(lambda: authority(beside))

    dictionary = beside.several(lambda: verdict(beside))
    begin = beside.at + 1
    policy = beside.option(lambda: terms(beside))
    assert beside.at == len(sections[2])
    policy_id = derived("ijkpunt 2026 policy v0", sections[2][begin:]) if policy else bytes(32)
    assert data[64:96] == policy_id

    def entry(data):
        p = Postcard(data)

        found = {"id": p.raw(32).hex(), "title": texts[p.number()], "media": MEDIA[p.number()],
                 "source": p.option(lambda: [p.raw(32).hex(), p.number(), texts[p.number()]]),
                 **entered(p), "said": all_said(p, authorities, dictionary), "hashes": [], "digests": []}
        assert p.at == len(data)
        return found

    offsets = unpack_from(f"<{len(sections[9]) // 4}I", sections[9])
    entries = [entry(sections[10][a:b]) for a, b in zip(offsets, offsets[1:])]
    tables = [list(hashes(sections[number])) for number in (4, 5, 6)]
    first_frame = len(tables[0]) + len(tables[1])
    hashed = sum(tables, [])
    assert len(sections[7]) == 20 * len(hashed)
    for k, pdq in enumerate(hashed):
        number, text, *part, quality, profile = unpack_from("<II4HBB", sections[7], 20 * k)
        shown = None
        if k >= first_frame:
            at, lasts, role = unpack_from("<IHB", sections[7], 20 * k + 8)
            part, shown = [], [at, lasts, ROLES[role]]
        entries[number]["hashes"].append({"pdq": pdq, "quality": None if quality == 255 else quality, "profile": PROFILES[profile],
                                          "part": part if any(part) else None, "shown": shown, "label": label(text)})
    for at in range(0, len(sections[8]), 48):
        digest, number, text, kind = unpack_from("<32sIIB", sections[8], at)
        name, size = KINDS[kind]
        entries[number]["digests"].append([name, digest[:size].hex(), label(text)])
    logs = [[row[0].rstrip(b"\0").decode(), row[1].hex(), row[2], row[3], row[4].hex(), row[5].hex() if any(row[5]) else None] for row in
            (unpack_from("<64s32sQQ32s32s", sections[1], at) for at in range(0, len(sections[1]), 176))]
    return {"id": data[end:end + 32].hex(), "sequence": sequence, "created_at": created_at,
            "valid_until": None if valid_until == 2**63 - 1 else valid_until, "logs": logs, "authorities": authorities,
            "policy": policy and [policy_id.hex(), policy], "entries": entries}


def read_delta(data, old):
    magic, version, base, target = unpack_from("<8sI32s32s", data)
    assert magic == b"ijkdelt\0" and version == 1 and blake3(data[:-32]) == data[-32:] and base.hex() == old["id"]
    p = Postcard(data[76:-32])
    found = {"base": base.hex(), "target": target.hex(), "sequence": p.number(), "created_at": p.signed(), "valid_until": p.option(p.signed),
             "policy": p.option(lambda: [p.option(lambda: terms(p))]), "authorities": p.option(lambda: p.several(lambda: authority(p))),
             "logs": p.option(lambda: p.several(lambda: [p.text(), p.raw(32).hex(), p.number(), p.number(), p.raw(32).hex(),
                                                         p.option(lambda: p.raw(32).hex())]))}
    dictionary = p.several(lambda: verdict(p))
    found["gone"] = p.several(lambda: p.raw(32).hex())
    authorities = found["authorities"] or old["authorities"]

    def hashed():
        which = p.number()
        code = p.raw(32 if which == 0 else p.number()).hex()
        quality, profile = p.option(lambda: p.raw(1)[0]), PROFILES[p.raw(1)[0]]
        part = p.option(lambda: [p.number() for _ in range(4)])
        shown = p.option(lambda: [p.number(), p.number(), ROLES[p.number()]])
        label = p.option(p.text)
        if which:
            return KINDS[which - 1][0], code, label
        return {"pdq": code, "quality": quality, "profile": profile, "part": part, "shown": shown, "label": label}

    def entry():
        found = {"id": p.raw(32).hex(), "media": MEDIA[p.number()], "title": p.text(),
                 "source": p.option(lambda: [p.raw(32).hex(), p.number(), p.text()]), **entered(p)}
        codes = p.several(hashed)
        return {**found, "hashes": [one for one in codes if isinstance(one, dict)],
                "digests": [one for one in codes if isinstance(one, tuple)], "said": all_said(p, authorities, dictionary)}

    found["here"] = p.several(entry)
    assert p.at == len(p.data)
    return found


files = [Path(path).read_bytes() for path in sys.argv[1:]]
print(json.dumps(read_delta(files[0], read(files[1])) if len(files) == 2 else read(files[0])))
