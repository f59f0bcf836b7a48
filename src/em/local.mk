# SPDX-License-Identifier: GPL-3.0-or-later
src_libemend_core_la_SOURCES += \
	src/em/accelerator.h src/em/anderson.c \
	src/em/loop.c src/em/loop.h \
	src/em/rate.c \
	src/em/squarem.c
