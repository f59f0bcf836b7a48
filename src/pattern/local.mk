# SPDX-License-Identifier: GPL-3.0-or-later
src_libemend_core_la_SOURCES += src/pattern/matrix.h src/pattern/patterns.h
