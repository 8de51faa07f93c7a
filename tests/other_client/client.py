#!/usr/bin/env python3
"""A client that knows nothing of ijkpunt follows a repository of its making, over HTTP on this machine.

    pip install tuf==7.0.1
    python3 client.py FIRST MOVED_ON ENDED

Three folders, each a whole repository: as it was first; the same one after another root and another publication; and that
again, with a timestamp that has ended. The client is python-tuf's, and all that it is given is the first root. Prints what it
fetched and what it refused; anything else ends it with another status than 0.
"""

import sys

sys.dont_write_bytecode = True

import hashlib  # noqa: E402
import json  # noqa: E402
import os  # noqa: E402
import shutil  # noqa: E402
import tempfile  # noqa: E402
import threading  # noqa: E402
from functools import partial  # noqa: E402
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer  # noqa: E402
from pathlib import Path  # noqa: E402

from tuf.api import exceptions as refused  # noqa: E402
from tuf.ngclient import Updater  # noqa: E402


def main(first, moved_on, ended):
    os.environ["no_proxy"] = "127.0.0.1"  # what is asked for is here, whatever stands between this machine and others
    with tempfile.TemporaryDirectory() as work:
        mirror = Mirror(Path(work) / "mirror")
        clients = Clients(Path(work) / "clients", mirror, (first / "metadata/1.root.json").read_bytes())
        early = clients.newcomer()
        mirror.shows(first)
        follow(early, "first")
        late = early.twin()
        mirror.shows(moved_on)
        follow(late, "moved on")
        follow(clients.newcomer(), "newcomer")
        tried = []
        for what, page, damage, why in changed_pages(moved_on):
            mirror.shows(moved_on)
            mirror.changes(page, damage)
            for client in (early, clients.newcomer()):
                tried.append(refuses(client, what, why))
        a_changed_target(clients.newcomer(), mirror, moved_on)
        mirror.shows(ended)
        for client in (early, late, clients.newcomer()):
            tried.append(refuses(client, "a timestamp that has ended", refused.ExpiredMetadataError))
        mirror.shows(moved_on)
        mirror.changes("metadata/timestamp.json", lambda _: (first / "metadata/timestamp.json").read_bytes())
        tried.append(refuses(late, "the timestamp before the newest", refused.BadVersionNumberError))
        mirror.shows(first)
        tried.append(refuses(late, "the whole repository as it was first", refused.BadVersionNumberError))
        # Without the damage the same clients go on: it was that which they refused.
        mirror.shows(moved_on)
        for client in tried:
            client.refresh()


def follow(client, when):
    """Fetches all that is listed, and compares it with what lies in the folder, and with what the list says."""
    updater = client.refresh()
    root, timestamp, targets = (client.kept(role)["version"] for role in ("root", "timestamp", "targets"))
    print(f"{when}: root {root}, timestamp {timestamp}, targets {targets}")
    for name, listed in sorted(client.kept("targets")["targets"].items()):
        data = client.fetch(updater, name)
        sha256 = hashlib.sha256(data).hexdigest()
        assert (len(data), sha256) == (listed["length"], listed["hashes"]["sha256"]), name
        assert data == (client.mirror.folder / "targets" / f"{sha256}.{name}").read_bytes(), name
        print(f"{when}: {name}: {len(data)} bytes, sha256 {sha256}")


def changed_pages(repository):
    """What, in which file, how, and by which kind of error it has to be refused."""

    def version(page, names):
        return json.loads((repository / page).read_bytes())["signed"]["meta"][names]["version"]

    timestamp, root = "metadata/timestamp.json", "metadata/2.root.json"
    snapshot = f"metadata/{version(timestamp, 'snapshot.json')}.snapshot.json"
    targets = f"metadata/{version(snapshot, 'targets.json')}.targets.json"
    return [
        ("a digit in targets.json", targets, another_digit("sha256"), refused.LengthOrHashMismatchError),
        ("a digit in snapshot.json", snapshot, another_digit("sha256"), refused.LengthOrHashMismatchError),
        ("a digit in timestamp.json", timestamp, another_digit("sha256"), refused.UnsignedMetadataError),
        ("a digit of a key in the next root", root, another_digit("public"), refused.UnsignedMetadataError),
        ("one signature on the next root", root, without_a_signature, refused.UnsignedMetadataError),
    ]


def a_changed_target(client, mirror, repository):
    mirror.shows(repository)
    updater = client.refresh()
    for name, listed in client.kept("targets")["targets"].items():
        mirror.changes(f"targets/{listed['hashes']['sha256']}.{name}", lambda data: data[:-1] + bytes([data[-1] ^ 1]))
        must_refuse(lambda name=name: client.fetch(updater, name), f"a bit in {name}", refused.LengthOrHashMismatchError)


def another_digit(member):
    """The first digit of the first member of this name becomes another one; the file stays JSON of the same length."""

    def change(data):
        before, name, behind = data.partition(f'"{member}":"'.encode())
        assert name, f"no {member}"
        return before + name + (b"1" if behind[:1] == b"0" else b"0") + behind[1:]

    return change


def without_a_signature(data):
    page = json.loads(data)
    assert len(page["signatures"]) > 1
    page["signatures"].pop()
    return json.dumps(page).encode()


def refuses(client, what, why):
    """The client itself stays as it was, for the next; gives the one that has refused."""
    twin = client.twin()
    must_refuse(twin.refresh, what, why)
    return twin


def must_refuse(do, what, why):
    try:
        do()
    except why as error:
        assert type(error) is why, f"{what}: {error!r}"
        print(f"refused: {what}: {type(error).__name__}: {error}")
    else:
        raise AssertionError(f"{what}: taken")


class Mirror:
    """A folder over HTTP, on a free port of this machine."""

    def __init__(self, folder):
        self.folder = folder
        server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Silent, directory=folder))
        threading.Thread(target=server.serve_forever, daemon=True).start()
        self.address = f"http://127.0.0.1:{server.server_port}"

    def shows(self, repository):
        shutil.rmtree(self.folder, ignore_errors=True)
        shutil.copytree(repository, self.folder)

    def changes(self, path, change):
        path = self.folder / path
        data = path.read_bytes()
        changed = change(data)
        assert changed != data, path
        path.write_bytes(changed)


class Silent(SimpleHTTPRequestHandler):
    def log_message(self, *_):
        pass


class Clients:
    def __init__(self, folder, mirror, root):
        self.folder, self.mirror, self.root, self.made = folder, mirror, root, 0

    def newcomer(self):
        self.made += 1
        folder = self.folder / str(self.made)
        folder.mkdir(parents=True)
        return Client(self, folder)


class Client:
    """One platform: what it has seen is in its folder, and it begins anew with each refresh, as a program that is started."""

    def __init__(self, clients, folder):
        self.clients, self.folder, self.mirror = clients, folder, clients.mirror

    def twin(self):
        """Another one that has seen the same."""
        other = self.clients.newcomer()
        shutil.copytree(self.folder, other.folder, symlinks=True, dirs_exist_ok=True)
        return other

    def refresh(self):
        address = self.mirror.address
        updater = Updater(
            str(self.folder),
            f"{address}/metadata/",
            target_base_url=f"{address}/targets/",
            bootstrap=self.clients.root,
        )
        updater.refresh()
        return updater

    def kept(self, role):
        """What the client has verified and kept."""
        return json.loads((self.folder / f"{role}.json").read_bytes())["signed"]

    def fetch(self, updater, name):
        with tempfile.NamedTemporaryFile(dir=self.folder) as file:
            updater.download_target(updater.get_targetinfo(name), file.name)
            return Path(file.name).read_bytes()


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))
