# SPDX-License-Identifier: GPL-2.0
"""Tests of the Debian packages, in a suite's root that is thrown away."""
