# SPDX-License-Identifier: GPL-2.0
"""Xen's advisories: what each test of them must notice."""
