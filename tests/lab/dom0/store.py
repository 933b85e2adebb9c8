# SPDX-License-Identifier: GPL-2.0
"""xenstore, through xenstored's socket (protocol: Xen's io/xs_wire.h). Every
process that a test starts costs emulated dom0 a tenth of a second."""

import errno
import socket
import struct
import threading

SOCKET = "/run/xenstored/socket"
HEADER = struct.Struct("=IIII")     # type, request, transaction, length
DIRECTORY, READ = 1, 2
TRANSACTION_START, TRANSACTION_END = 6, 7
WRITE, RM, SET_PERMS, ERROR = 11, 13, 14, 16

_connection = None
_lock = threading.Lock()


def _connect():
    global _connection
    with _lock:
        if _connection is None:
            _connection = socket.socket(socket.AF_UNIX)
            _connection.connect(SOCKET)


def _receive(length):
    data = b""
    while len(data) < length:
        part = _connection.recv(length - len(data))
        if not part:
            raise RuntimeError("xenstored hung up")
        data += part
    return data


def _ask(kind, payload, transaction=0):
    """The answer's payload; OSError when xenstored refuses."""
    _connect()
    with _lock:
        _connection.sendall(HEADER.pack(kind, 0, transaction, len(payload))
                            + payload)
        answer, _request, _transaction, length = HEADER.unpack(
            _receive(HEADER.size))
        data = _receive(length)
    if answer == ERROR:
        name = data.rstrip(b"\0").decode()
        raise OSError(getattr(errno, name, 0), "xenstore: %s: %r" % (
            name, payload[:80]))
    return data


def _name(path):
    return path.encode() + b"\0"


def read(path, default=None):
    try:
        return _ask(READ, _name(path)).decode(errors="replace")
    except OSError:
        return default


def write(path, value):
    _ask(WRITE, _name(path) + str(value).encode())


def remove(path):
    _ask(RM, _name(path))


def listing(path):
    """The names below a path; none when it does not exist."""
    try:
        data = _ask(DIRECTORY, _name(path))
    except OSError:
        return []
    return [name for name in data.decode().split("\0") if name]


def tree(path):
    """{path: value} of everything below."""
    result = {}
    for name in listing(path):
        child = "%s/%s" % (path.rstrip("/"), name)
        result[child] = read(child, "")
        result.update(tree(child))
    return result


def permit(path, *permissions):
    """As xenstore-chmod: owner first, e.g. "n0", "r3"."""
    _ask(SET_PERMS, _name(path) + b"".join(map(_name, permissions)))


def write_all(folder, values):
    """Write {name: value} below a folder at once; None removes a name."""
    while True:
        transaction = int(_ask(TRANSACTION_START, b"\0").rstrip(b"\0"))
        try:
            for name, value in values.items():
                _write_one("%s/%s" % (folder, name), value, transaction)
        except BaseException:
            _ask(TRANSACTION_END, b"F\0", transaction)
            raise
        try:
            _ask(TRANSACTION_END, b"T\0", transaction)
            return
        except OSError as error:
            if error.errno != errno.EAGAIN:
                raise


def _write_one(path, value, transaction):
    if value is not None:
        _ask(WRITE, _name(path) + str(value).encode(), transaction)
        return
    try:
        _ask(RM, _name(path), transaction)
    except OSError as error:
        if error.errno != errno.ENOENT:
            raise
