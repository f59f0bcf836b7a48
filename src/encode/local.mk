# SPDX-License-Identifier: GPL-3.0-or-later
src_libemend_core_la_SOURCES +=
