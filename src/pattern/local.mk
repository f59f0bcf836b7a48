# SPDX-License-Identifier: GPL-3.0-or-later
src_libemend_core_la_SOURCES += \
	src/pattern/accumulator.c src/pattern/accumulator.h \
	src/pattern/completed.c src/pattern/completed.h \
	src/pattern/gathering.h \
	src/pattern/lay_out.c \
	src/pattern/masks.c src/pattern/masks.h \
	src/pattern/matrix.h \
	src/pattern/patterns.c src/pattern/patterns.h \
	src/pattern/plain.c src/pattern/plain.h \
	src/pattern/pseudo_rows.c src/pattern/pseudo_rows.h \
	src/pattern/reduced.c src/pattern/reduced.h \
	src/pattern/scan.h \
	src/pattern/scans.c \
	src/pattern/transpose.h

# The loops over cells, once per level (base/level.h).
noinst_LTLIBRARIES += src/pattern/libscan-baseline.la
src_pattern_libscan_baseline_la_SOURCES = src/pattern/scan.c src/pattern/scan.h
src_pattern_libscan_baseline_la_CFLAGS = $(AM_CFLAGS) $(BASELINE_KERNEL)
src_libemend_core_la_LIBADD += src/pattern/libscan-baseline.la
if X86_KERNELS
noinst_LTLIBRARIES += src/pattern/libscan-avx2.la src/pattern/libscan-avx512.la
src_pattern_libscan_avx2_la_SOURCES = src/pattern/scan.c src/pattern/scan.h
src_pattern_libscan_avx2_la_CFLAGS = $(AM_CFLAGS) $(AVX2_KERNEL)
src_pattern_libscan_avx512_la_SOURCES = src/pattern/scan.c src/pattern/scan.h
src_pattern_libscan_avx512_la_CFLAGS = $(AM_CFLAGS) $(AVX512_KERNEL)
src_libemend_core_la_LIBADD += src/pattern/libscan-avx2.la src/pattern/libscan-avx512.la
endif
