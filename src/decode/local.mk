# SPDX-License-Identifier: GPL-3.0-or-later
src_libemend_core_la_SOURCES += \
	src/decode/back.c src/decode/back.h \
	src/decode/calibrate.c src/decode/calibrate.h \
	src/decode/decoder.c src/decode/decoder.h \
	src/decode/kernel.h \
	src/decode/kernels.c \
	src/decode/logit.c src/decode/logit.h \
	src/decode/newton.c src/decode/newton.h \
	src/decode/probit.c src/decode/probit.h \
	src/decode/sorted_answers.c src/decode/sorted_answers.h \
	src/decode/truncated.c src/decode/truncated.h

# The likelihoods of curves, once per instruction set; decode/kernels.c chooses when the program runs.
noinst_LTLIBRARIES += src/decode/libkernel-baseline.la
src_decode_libkernel_baseline_la_SOURCES = src/decode/kernel.c src/decode/kernel.h src/base/exp_log.h
src_decode_libkernel_baseline_la_CFLAGS = $(AM_CFLAGS) $(BASELINE_KERNEL) -fno-math-errno
src_libemend_core_la_LIBADD += src/decode/libkernel-baseline.la
if X86_KERNELS
noinst_LTLIBRARIES += src/decode/libkernel-avx2.la src/decode/libkernel-avx512.la
src_decode_libkernel_avx2_la_SOURCES = src/decode/kernel.c src/decode/kernel.h src/base/exp_log.h
src_decode_libkernel_avx2_la_CFLAGS = $(AM_CFLAGS) $(AVX2_KERNEL) -fno-math-errno
src_decode_libkernel_avx512_la_SOURCES = src/decode/kernel.c src/decode/kernel.h src/base/exp_log.h
src_decode_libkernel_avx512_la_CFLAGS = $(AM_CFLAGS) $(AVX512_KERNEL) -fno-math-errno
src_libemend_core_la_LIBADD += src/decode/libkernel-avx2.la src/decode/libkernel-avx512.la
endif
