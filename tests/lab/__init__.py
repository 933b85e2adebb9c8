# SPDX-License-Identifier: GPL-2.0
"""The testbed: everything that runs on the host."""
