# SPDX-License-Identifier: GPL-2.0
"""What compat/Kbuild.probes asks, held against compilers and documents."""
