# SPDX-License-Identifier: GPL-3.0-or-later
src_libemend_core_la_SOURCES += \
	src/decode/calibrate.c src/decode/calibrate.h \
	src/decode/decoder.c src/decode/decoder.h
