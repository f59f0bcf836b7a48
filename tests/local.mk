# SPDX-License-Identifier: GPL-3.0-or-later
# Tests link the convenience library, so that internals can be tested; ../shared is optional (tests that use it skip without it).
TEST_LIBS = tests/support/libsupport.a src/libemend-core.la $(CHECK_LIBS) $(ZLIB_LIBS)
AM_TESTS_ENVIRONMENT = \
	EMEND_SOURCE='$(abs_top_srcdir)'; export EMEND_SOURCE; \
	EMEND_PROGRAM='$(abs_top_builddir)/src/emend'; export EMEND_PROGRAM; \
	EMEND_SHARED='$(abs_top_srcdir)/../shared'; export EMEND_SHARED;
check_LIBRARIES += tests/support/libsupport.a
tests_support_libsupport_a_SOURCES = tests/support/support.c tests/support/support.h
tests_support_libsupport_a_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
# Freed memory waits in a short queue before it is used again: the search for leaks at the end of each test goes through that queue. A process
# for each test would copy the tables of all of a sanitizer's memory.
if SANITIZERS
AM_TESTS_ENVIRONMENT += \
	EMEND_SANITIZED=yes; export EMEND_SANITIZED; \
	CK_FORK="$${CK_FORK:-no}"; export CK_FORK; \
	ASAN_OPTIONS="$${ASAN_OPTIONS:-quarantine_size_mb=16}"; export ASAN_OPTIONS;
endif
