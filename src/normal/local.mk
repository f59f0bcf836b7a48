# SPDX-License-Identifier: GPL-3.0-or-later
src_libemend_core_la_SOURCES += \
	src/normal/alone.h \
	src/normal/columns.h \
	src/normal/complete.c src/normal/complete.h \
	src/normal/definite.c \
	src/normal/document.c src/normal/document.h \
	src/normal/dependence.c \
	src/normal/fit.c src/normal/fit.h \
	src/normal/fitting.h \
	src/normal/groups.c src/normal/groups.h \
	src/normal/inside.h \
	src/normal/inverse.h \
	src/normal/invert.c \
	src/normal/json.c \
	src/normal/left_out.c src/normal/left_out.h \
	src/normal/kernel.h \
	src/normal/kernels.c \
	src/normal/model.c \
	src/normal/options.c \
	src/normal/precision_form.h \
	src/normal/prior.c src/normal/prior.h \
	src/normal/problem.c \
	src/normal/ridge.c \
	src/normal/safeguard.c \
	src/normal/score_form.h \
	src/normal/standard.c src/normal/standard.h \
	src/normal/target.c \
	src/normal/start.c \
	src/normal/sweep.h

# The inner loops, once per instruction set; normal/kernels.c chooses when the program runs.
noinst_LTLIBRARIES += src/normal/libkernel-baseline.la
src_normal_libkernel_baseline_la_SOURCES = src/normal/kernel.c src/normal/kernel.h
src_normal_libkernel_baseline_la_CFLAGS = $(AM_CFLAGS) $(BASELINE_KERNEL)
src_libemend_core_la_LIBADD += src/normal/libkernel-baseline.la
if X86_KERNELS
noinst_LTLIBRARIES += src/normal/libkernel-avx2.la src/normal/libkernel-avx512.la
src_normal_libkernel_avx2_la_SOURCES = src/normal/kernel.c src/normal/kernel.h
src_normal_libkernel_avx2_la_CFLAGS = $(AM_CFLAGS) $(AVX2_KERNEL)
src_normal_libkernel_avx512_la_SOURCES = src/normal/kernel.c src/normal/kernel.h
src_normal_libkernel_avx512_la_CFLAGS = $(AM_CFLAGS) $(AVX512_KERNEL)
src_libemend_core_la_LIBADD += src/normal/libkernel-avx2.la src/normal/libkernel-avx512.la
endif
