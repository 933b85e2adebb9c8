# SPDX-License-Identifier: GPL-2.0
"""Unpacking a kernel image: under emulation xl takes seconds over it at every
guest's start."""

import lzma

XZ = b"\xfd7zXZ\x00"
ELF = b"\x7fELF"


def unpacked(image):
    """The plain kernel in an image packed with xz, else the image itself."""
    at = image.find(XZ)
    while at >= 0:
        try:
            plain = lzma.LZMADecompressor().decompress(image[at:])
            if plain.startswith(ELF):
                return plain
        except lzma.LZMAError:
            pass
        at = image.find(XZ, at + 1)
    return image
