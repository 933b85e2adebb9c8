# SPDX-License-Identifier: GPL-2.0
"""Tables for people."""

GAP = "  "


def text(head, rows, align):
    """Rows of strings in columns; align: "l" or "r" for each."""
    rows = ([tuple(word.upper() for word in head)] if head else []) + rows
    widths = [max(len(row[n]) for row in rows) for n in range(len(align))]
    return "\n".join(
        GAP.join(cell.rjust(width) if side == "r" else cell.ljust(width)
                 for cell, width, side in zip(row, widths, align)).rstrip()
        for row in rows)
