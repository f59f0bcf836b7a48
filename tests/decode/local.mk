# SPDX-License-Identifier: GPL-3.0-or-later
decode_suites = \
	tests/decode/test_decoder.c \
	tests/decode/test_back.c \
	tests/decode/test_link.c \
	tests/decode/test_curve_kernels.c
TESTS += $(decode_suites)
tests_suites_SOURCES += $(decode_suites)
# The likelihoods of curves with eight lanes on any processor: the compiler splits the vectors.
check_LIBRARIES += tests/decode/libwide.a
tests_decode_libwide_a_SOURCES = src/decode/kernel.c
tests_decode_libwide_a_CFLAGS = $(AM_CFLAGS) -Wno-psabi -DEMEND_LEVEL=wide -DEMEND_LANES=8 -DEMEND_PLAIN
