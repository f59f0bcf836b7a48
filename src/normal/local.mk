# SPDX-License-Identifier: GPL-3.0-or-later
src_libemend_core_la_SOURCES += \
	src/normal/complete.c \
	src/normal/definite.c \
	src/normal/document.c src/normal/document.h \
	src/normal/dependence.c \
	src/normal/fit.c src/normal/fit.h \
	src/normal/fitting.h \
	src/normal/inside.h \
	src/normal/invert.c \
	src/normal/json.c \
	src/normal/kernel.h \
	src/normal/kernels.c \
	src/normal/lapack.h \
	src/normal/model.c \
	src/normal/options.c \
	src/normal/prior.c src/normal/prior.h \
	src/normal/problem.c \
	src/normal/ridge.c \
	src/normal/safeguard.c \
	src/normal/units.c src/normal/units.h

# The inner loops, once per instruction set; normal/kernels.c chooses when the program runs.
noinst_LTLIBRARIES += src/normal/libkernel-baseline.la
src_normal_libkernel_baseline_la_SOURCES = src/normal/kernel.c src/normal/kernel.h
src_normal_libkernel_baseline_la_CFLAGS = $(AM_CFLAGS) -O3 -DEMEND_LEVEL=baseline -DEMEND_LANES=2
src_libemend_core_la_LIBADD += src/normal/libkernel-baseline.la
if X86_KERNELS
noinst_LTLIBRARIES += src/normal/libkernel-avx2.la src/normal/libkernel-avx512.la
src_normal_libkernel_avx2_la_SOURCES = src/normal/kernel.c src/normal/kernel.h
src_normal_libkernel_avx2_la_CFLAGS = $(AM_CFLAGS) -O3 -mavx2 -mfma -DEMEND_LEVEL=avx2 -DEMEND_LANES=4
src_normal_libkernel_avx512_la_SOURCES = src/normal/kernel.c src/normal/kernel.h
src_normal_libkernel_avx512_la_CFLAGS = $(AM_CFLAGS) -O3 -mavx512f -mavx512dq -mavx512vl -mfma -mprefer-vector-width=512 -DEMEND_LEVEL=avx512 -DEMEND_LANES=8
src_libemend_core_la_LIBADD += src/normal/libkernel-avx2.la src/normal/libkernel-avx512.la
endif
