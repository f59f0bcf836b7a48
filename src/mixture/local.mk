# SPDX-License-Identifier: GPL-3.0-or-later
src_libemend_core_la_SOURCES += \
	src/mixture/complete.c src/mixture/complete.h \
	src/mixture/estep.c \
	src/mixture/fit.c src/mixture/fit.h \
	src/mixture/fitting.h \
	src/mixture/inside.h \
	src/mixture/json.c \
	src/mixture/kernel.h \
	src/mixture/kernels.c \
	src/mixture/model.c \
	src/mixture/mstep.c \
	src/mixture/options.c \
	src/mixture/posterior.c \
	src/mixture/predict.c \
	src/mixture/prepare.c \
	src/mixture/problem.c \
	src/mixture/sample.c \
	src/mixture/start.c src/mixture/start.h \
	src/mixture/structure.c \
	src/mixture/subset.c \
	src/mixture/trial.c \
	src/mixture/units.c \
	src/mixture/work.c

# The inner loops, once per instruction set; mixture/kernels.c chooses when the program runs.
noinst_LTLIBRARIES += src/mixture/libkernel-baseline.la
src_mixture_libkernel_baseline_la_SOURCES = src/mixture/kernel.c src/mixture/kernel.h src/base/exp_log.h
src_mixture_libkernel_baseline_la_CFLAGS = $(AM_CFLAGS) $(BASELINE_KERNEL) -fno-math-errno
src_libemend_core_la_LIBADD += src/mixture/libkernel-baseline.la
if X86_KERNELS
noinst_LTLIBRARIES += src/mixture/libkernel-avx2.la src/mixture/libkernel-avx512.la
src_mixture_libkernel_avx2_la_SOURCES = src/mixture/kernel.c src/mixture/kernel.h src/base/exp_log.h
src_mixture_libkernel_avx2_la_CFLAGS = $(AM_CFLAGS) $(AVX2_KERNEL) -fno-math-errno
src_mixture_libkernel_avx512_la_SOURCES = src/mixture/kernel.c src/mixture/kernel.h src/base/exp_log.h
src_mixture_libkernel_avx512_la_CFLAGS = $(AM_CFLAGS) $(AVX512_KERNEL) -fno-math-errno
src_libemend_core_la_LIBADD += src/mixture/libkernel-avx2.la src/mixture/libkernel-avx512.la
endif
