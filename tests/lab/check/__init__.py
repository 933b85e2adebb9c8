# SPDX-License-Identifier: GPL-2.0
"""make check: what runs, and the tests of the tests."""
