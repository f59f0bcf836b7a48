# SPDX-License-Identifier: GPL-3.0-or-later
check_PROGRAMS += tests/decode/test_decoder
TESTS += tests/decode/test_decoder
tests_decode_test_decoder_SOURCES = tests/decode/test_decoder.c
tests_decode_test_decoder_LDADD = $(TEST_LIBS) $(GSL_LIBS)
tests_decode_test_decoder_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS) $(GSL_CFLAGS)
check_PROGRAMS += tests/decode/test_back
TESTS += tests/decode/test_back
tests_decode_test_back_SOURCES = tests/decode/test_back.c
tests_decode_test_back_LDADD = $(TEST_LIBS) $(GSL_LIBS)
tests_decode_test_back_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS) $(GSL_CFLAGS)
check_PROGRAMS += tests/decode/test_link
TESTS += tests/decode/test_link
tests_decode_test_link_SOURCES = tests/decode/test_link.c
tests_decode_test_link_LDADD = $(TEST_LIBS) $(GSL_LIBS)
tests_decode_test_link_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS) $(GSL_CFLAGS)
# The likelihoods of curves with eight lanes on any processor: the compiler splits the vectors.
check_LIBRARIES += tests/decode/libwide.a
tests_decode_libwide_a_SOURCES = src/decode/kernel.c
tests_decode_libwide_a_CFLAGS = $(AM_CFLAGS) -Wno-psabi -DEMEND_LEVEL=wide -DEMEND_LANES=8 -DEMEND_PLAIN
check_PROGRAMS += tests/decode/test_curve_kernels
TESTS += tests/decode/test_curve_kernels
tests_decode_test_curve_kernels_SOURCES = tests/decode/test_curve_kernels.c
tests_decode_test_curve_kernels_LDADD = tests/decode/libwide.a $(TEST_LIBS) $(GSL_LIBS)
tests_decode_test_curve_kernels_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS) $(GSL_CFLAGS)
