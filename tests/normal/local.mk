# SPDX-License-Identifier: GPL-3.0-or-later
normal_suites = \
	tests/normal/test_published.c \
	tests/normal/test_json.c \
	tests/normal/test_invariance.c \
	tests/normal/test_finishes.c \
	tests/normal/test_kernels.c \
	tests/normal/test_left_out.c \
	tests/normal/test_invert.c \
	tests/normal/test_target.c
TESTS += $(normal_suites)
tests_suites_SOURCES += $(normal_suites) \
	tests/normal/kit.c tests/normal/kit.h tests/normal/tables.h
# The inner loops with eight lanes on any processor: the compiler splits the vectors.
check_LIBRARIES += tests/normal/libwide.a
tests_normal_libwide_a_SOURCES = src/normal/kernel.c src/pattern/scan.c
tests_normal_libwide_a_CFLAGS = $(AM_CFLAGS) -Wno-psabi -DEMEND_LEVEL=wide -DEMEND_LANES=8 -DEMEND_PLAIN
dist_check_SCRIPTS += tests/normal/kernels.sh
TESTS += tests/normal/kernels.sh
