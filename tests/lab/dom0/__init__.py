# SPDX-License-Identifier: GPL-2.0
"""What test scripts in dom0 use."""
