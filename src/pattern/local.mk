# SPDX-License-Identifier: GPL-3.0-or-later
src_libemend_core_la_SOURCES += \
	src/pattern/masks.c src/pattern/masks.h \
	src/pattern/matrix.h \
	src/pattern/patterns.c src/pattern/patterns.h \
	src/pattern/plain.c src/pattern/plain.h
