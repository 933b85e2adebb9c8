# SPDX-License-Identifier: GPL-2.0
"""Things built once and kept: named by what they were built from."""

import contextlib
import fcntl
import hashlib
import os
import shutil
import tempfile

from lab.progress import say


# What an artifact is called while it is built.
PART = ".part"


def digest(*parts):
    """A short name for the given strings and bytes."""
    total = hashlib.sha256()
    for part in parts:
        data = part if isinstance(part, bytes) else str(part).encode()
        total.update(len(data).to_bytes(8, "big") + data)
    return total.hexdigest()[:16]


def digest_files(top, names):
    """The digest of all files at and below top/name, for each name."""
    parts = []
    for path in sorted(walk(top, names)):
        parts.append(os.path.relpath(path, top))
        parts.append(str(os.stat(path).st_mode & 0o111))
        with open(path, "rb") as file:
            parts.append(file.read())
    return digest(*parts)


def walk(top, names):
    for name in names:
        path = os.path.join(top, name)
        if os.path.isfile(path):
            yield path
        for folder, folders, files in os.walk(path):
            folders[:] = [f for f in folders if f != "__pycache__"]
            yield from (os.path.join(folder, file) for file in files
                        if not os.path.islink(os.path.join(folder, file)))


def remove(path):
    if os.path.isdir(path) and not os.path.islink(path):
        shutil.rmtree(path)
    elif os.path.lexists(path):
        os.unlink(path)


class Cache:
    """A folder of artifacts, shared by all testbeds that run at once.

    Each artifact has a lock file: shared while it is used, exclusive while
    it is built or removed. An artifact appears by rename, so what has its
    final name is whole."""

    def __init__(self, folder):
        self.folder = folder
        self.locks = os.path.join(folder, "locks")
        self.held = {}

    def _lock(self, name):
        os.makedirs(self.locks, exist_ok=True)
        return open(os.path.join(self.locks, name), "w")

    def fetch(self, kind, key, build, refresh=False):
        """The path of artifact kind-key; build(path) makes it if need be.
        It stays locked against removal until this process ends."""
        name = f"{kind}-{key}"
        path = os.path.join(self.folder, name)
        if name in self.held:
            return path
        lock = self._lock(name)
        while True:
            fcntl.flock(lock, fcntl.LOCK_SH)
            if os.path.lexists(path) and not refresh:
                self.held[name] = lock
                return path
            self._exclusive(lock, name)
            if refresh or not os.path.lexists(path):
                self._build(path, build)
                self._prune(kind, name)
            refresh = False

    def _exclusive(self, lock, name):
        fcntl.flock(lock, fcntl.LOCK_UN)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say(f"waiting for another testbed that uses or builds {name}")
            fcntl.flock(lock, fcntl.LOCK_EX)

    @staticmethod
    def _build(path, build):
        part = path + PART
        remove(part)    # left by a testbed that was killed
        try:
            build(part)
            remove(path)
            os.rename(part, path)
        finally:
            remove(part)

    def _prune(self, kind, keep):
        """Remove older artifacts of the kind that nobody uses now."""
        for name in os.listdir(self.folder):
            if name.startswith(kind + "-") and name != keep:
                self._remove_unused(name)

    @contextlib.contextmanager
    def scratch(self):
        """A folder for a moment, on the cache's disk."""
        with tempfile.TemporaryDirectory(dir=self.folder,
                                         prefix="scratch-") as path:
            with self._lock(os.path.basename(path)) as lock:
                fcntl.flock(lock, fcntl.LOCK_SH)
                yield path
                os.unlink(lock.name)

    def _remove_unused(self, name):
        owner = name[:-len(PART)] if name.endswith(PART) else name
        with self._lock(owner) as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return False
            remove(os.path.join(self.folder, name))
            return True

    def clean(self):
        """Remove all that nobody uses; the names of the rest."""
        if not os.path.isdir(self.folder):
            return []
        names = [n for n in os.listdir(self.folder) if n != "locks"]
        busy = [n for n in names if not self._remove_unused(n)]
        if not busy:
            remove(self.folder)
        return busy
