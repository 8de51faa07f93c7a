#!/usr/bin/env python3
"""Makes testdata/sync/*.pem: the certificates by which the tests of TLS know each other.

    python3 testdata/making/certificates.py

Needs `openssl` 3 and no package. Keys and signatures are random, so each run writes other bytes; they do the same. The two
authorities' keys are thrown away at the end: nobody can issue a third certificate for the tests, and none is needed.
"""

import subprocess
import tempfile
from datetime import date, datetime, timezone
from pathlib import Path

OUT = Path(__file__).resolve().parents[1] / "sync"
END = date(2126, 12, 31)

# One for both: either side may ask the other for a certificate.
LEAF = """basicConstraints = CA:FALSE
subjectAltName = IP:127.0.0.1
extendedKeyUsage = serverAuth, clientAuth
"""


def main():
    with tempfile.TemporaryDirectory() as work:
        work = Path(work)
        certificate, key = authority(work, "rehearsal authority")
        (OUT / "authority.pem").write_bytes(certificate.read_bytes())
        for name in ("server", "client"):
            (OUT / f"{name}.pem").write_bytes(leaf(work, name, certificate, key))
        other, _ = authority(work, "another authority")
        (OUT / "other.pem").write_bytes(other.read_bytes())
    check()


def authority(work, name):
    """Its certificate, signed by itself, and its key."""
    certificate, key = work / f"{name}.crt", new_key(work, name)
    openssl("req", "-x509", "-new", "-key", key, "-subj", f"/CN={name}", "-days", days(), "-sha256",
            "-addext", "keyUsage=critical,keyCertSign", "-out", certificate)  # fmt: skip
    return certificate, key


def leaf(work, name, authority, authority_key):
    """A certificate that the authority vouches for, and behind it its key, as one file."""
    request, extensions, certificate = (work / f"{name}.{end}" for end in ("csr", "ext", "crt"))
    key = new_key(work, name)
    extensions.write_text(LEAF)
    openssl("req", "-new", "-key", key, "-subj", f"/CN=rehearsal {name}", "-out", request)
    openssl("x509", "-req", "-in", request, "-CA", authority, "-CAkey", authority_key, "-days", days(), "-sha256",
            "-extfile", extensions, "-out", certificate)  # fmt: skip
    return certificate.read_bytes() + key.read_bytes()


def new_key(work, name):
    key = work / f"{name}.key"
    openssl("genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256", "-out", key)
    return key


def days():
    return str((END - datetime.now(timezone.utc).date()).days)


def check():
    """By openssl: who vouches for whom."""
    for name in ("server", "client"):
        for by, vouches in (("authority", True), ("other", False)):
            command = ["openssl", "verify", "-CAfile", OUT / f"{by}.pem", "-verify_ip", "127.0.0.1", OUT / f"{name}.pem"]
            done = subprocess.run(command, capture_output=True, check=False)
            assert (done.returncode == 0) is vouches, (name, by, done)


def openssl(*command):
    subprocess.run(["openssl", *command], check=True, capture_output=True)


if __name__ == "__main__":
    main()
