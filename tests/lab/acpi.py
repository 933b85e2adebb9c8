# SPDX-License-Identifier: GPL-2.0
"""ACPI tables that are handed to the emulated machine."""

import os

from lab import process

SOURCE = ".asl"


def table(path, folder):
    """The compiled table; a source is compiled into the folder first. What iasl
    says about it stays there, too."""
    if not path.endswith(SOURCE):
        return os.path.abspath(path)
    name = os.path.basename(path)[:-len(SOURCE)]
    target = os.path.join(folder, name)
    process.call(["iasl", "-vs", "-p", target, os.path.basename(path)],
                 f"{target}.iasl", f"compiling {path}",
                 cwd=os.path.dirname(os.path.abspath(path)))
    return f"{target}.aml"
