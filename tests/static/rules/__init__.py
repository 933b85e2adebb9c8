# SPDX-License-Identifier: GPL-2.0
"""What the sources have to keep to."""
