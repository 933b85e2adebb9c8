# SPDX-License-Identifier: GPL-2.0
"""Send over TCP from this process to an iperf3 server.

iperf3's own client asks in circles whether it may send while the socket is
full, on the CPU that is measured. This one sleeps in send()."""

import fcntl
import json
import os
import socket
import struct
import termios
import threading
import time

PORT = 5201
BLOCK = bytes(1 << 17)
PATIENCE = 900
# States of a test, of which each side tells the other with one byte.
START, RUNNING, END, PARAMETERS, STREAMS, RESULTS, DISPLAY, DONE = (
    1, 2, 4, 9, 10, 13, 14, 16)
SETTLE = 0.01
UNREAD = 0.2
REFUSALS = 5


def cookie():
    """What makes streams one test: 36 letters and a zero."""
    return os.urandom(18).hex().encode() + b"\0"


def parameters(streams, size):
    return {"tcp": True, "omit": 0, "time": 0, "num": size, "blockcount": 0,
            "parallel": streams, "len": len(BLOCK), "pacing_timer": 1000,
            "client_version": "3.9"}


def results(shares):
    """What the server wants to know of the client."""
    return {"cpu_util_total": 0, "cpu_util_user": 0, "cpu_util_system": 0,
            "sender_has_retransmits": 0, "streams": [
                # Its numbers leave out 2.
                {"id": 1 if number == 0 else number + 2, "bytes": share,
                 "retransmits": -1, "jitter": 0, "errors": 0, "packets": 0,
                 "start_time": 0, "end_time": 1}
                for number, share in enumerate(shares)]}


def connect(server, name):
    """Between two tests, the server does not listen for a moment."""
    end = time.monotonic() + REFUSALS
    while True:
        try:
            found = socket.create_connection((server, PORT), PATIENCE)
        except ConnectionRefusedError:
            if time.monotonic() > end:
                raise
            time.sleep(SETTLE)
        else:
            found.sendall(name)
            return found


def expect(control, *states):
    for state in states:
        got = control.recv(1)
        if got != bytes([state]):
            raise RuntimeError("iperf3: state %r, not %d" % (got, state))


def send_json(control, value):
    text = json.dumps(value).encode()
    control.sendall(struct.pack(">I", len(text)) + text)


def take_json(control):
    length, = struct.unpack(">I", control.recv(4, socket.MSG_WAITALL))
    return json.loads(control.recv(length, socket.MSG_WAITALL))


def unsent(stream):
    data = fcntl.ioctl(stream, termios.TIOCOUTQ, bytes(4))
    return struct.unpack("i", data)[0]


def fill(stream, size):
    """Send so many bytes and wait until they have arrived."""
    while size:
        part = min(size, len(BLOCK))
        stream.sendall(BLOCK if part == len(BLOCK) else BLOCK[:part])
        size -= part
    while unsent(stream):
        time.sleep(SETTLE)


def send(server, streams, size):
    """Send `size` bytes, an equal share over each stream: milliseconds, and
    how many bytes the server says it got."""
    name = cookie()
    shares = [size // streams] * streams
    with connect(server, name) as control:
        expect(control, PARAMETERS)
        send_json(control, parameters(streams, size))
        expect(control, STREAMS)
        ways = [connect(server, name) for _share in shares]
        for way in ways:
            way.settimeout(None)        # else it polls before each send
        expect(control, START, RUNNING)
        begin = time.monotonic()
        threads = [threading.Thread(target=fill, args=pair)
                   for pair in zip(ways, shares)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        took = time.monotonic() - begin
        # The server counts what it has read, not what has come.
        time.sleep(UNREAD)
        control.sendall(bytes([END]))
        expect(control, RESULTS)
        send_json(control, results(shares))
        got = sum(stream["bytes"] for stream in take_json(control)["streams"])
        expect(control, DISPLAY)
        control.sendall(bytes([DONE]))
        for way in ways:
            way.close()
    return 1000 * took, got
