# SPDX-License-Identifier: GPL-2.0
"""Write initramfs archives (cpio, newc format)."""

import os
import stat


class Archive:
    """An archive whose parent folders are added by themselves."""

    def __init__(self, path):
        self.file = open(path, "wb")
        self.names = set()

    def __enter__(self):
        return self

    def __exit__(self, *_error):
        self._entry("TRAILER!!!", 0, b"")
        self.file.close()

    def _entry(self, name, mode, data, device=(0, 0)):
        raw = name.encode() + b"\0"
        fields = (len(self.names) + 1, mode, 0, 0, 1, 0, len(data), 0, 0,
                  device[0], device[1], len(raw), 0)
        head = b"070701" + b"".join(b"%08X" % field for field in fields) + raw
        self.file.write(head + b"\0" * (-len(head) % 4))
        self.file.write(data + b"\0" * (-len(data) % 4))

    def _new(self, name):
        if name in self.names:
            return False
        parent = os.path.dirname(name)
        if parent:
            self.folder(parent)
        self.names.add(name)
        return True

    def folder(self, name):
        if self._new(name):
            self._entry(name, stat.S_IFDIR | 0o755, b"")

    def link(self, name, target):
        if self._new(name):
            self._entry(name, stat.S_IFLNK | 0o777, target.encode())

    def device(self, name, major, minor):
        if self._new(name):
            self._entry(name, stat.S_IFCHR | 0o600, b"", (major, minor))

    def data(self, name, data, mode=0o644):
        if self._new(name):
            self._entry(name, stat.S_IFREG | mode, data)

    def copy(self, name, source):
        """A file, or what a link leads to."""
        mode = os.stat(source).st_mode & 0o777
        with open(source, "rb") as file:
            self.data(name, file.read(), mode)
