# SPDX-License-Identifier: GPL-3.0-or-later
# A file of the tests in C is a suite; all of them are linked into one program, which runs the suite whose file it is given: by hand,
# tests/suites impute/test_told. It links the convenience library, so that internals can be tested; ../shared is optional (tests that use it
# skip without it).
TEST_EXTENSIONS = .c .case .sh
C_LOG_COMPILER = tests/suites
check_PROGRAMS += tests/suites
SUPPORT_SOURCES = tests/support/main.c tests/support/support.c tests/support/support.h
SUITES_LIBS = tests/normal/libwide.a tests/decode/libwide.a src/libprogram.la src/libemend-core.la $(CHECK_LIBS) $(GSL_LIBS) $(ZLIB_LIBS)
tests_suites_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
tests_suites_LDADD = $(SUITES_LIBS)
tests_suites_SOURCES = $(SUPPORT_SOURCES)
# A test that hangs is stopped, one on a busy machine is not.
AM_TESTS_ENVIRONMENT = \
	CK_DEFAULT_TIMEOUT="$${CK_DEFAULT_TIMEOUT:-120}"; export CK_DEFAULT_TIMEOUT; \
	EMEND_SOURCE='$(abs_top_srcdir)'; export EMEND_SOURCE; \
	EMEND_PROGRAM='$(abs_top_builddir)/tests/emend'; export EMEND_PROGRAM; \
	EMEND_SHARED='$(abs_top_srcdir)/../shared'; export EMEND_SHARED;
# Freed memory waits in a short queue before it is used again: the search for leaks at the end of each test goes through that queue. A process
# for each test would copy the tables of all of a sanitizer's memory.
if SANITIZERS
AM_TESTS_ENVIRONMENT += \
	EMEND_SANITIZED=yes; export EMEND_SANITIZED; \
	CK_FORK="$${CK_FORK:-no}"; export CK_FORK; \
	ASAN_OPTIONS="$${ASAN_OPTIONS:-quarantine_size_mb=16}"; export ASAN_OPTIONS;
endif

# The program without the script that libtool would start it by, a thousand times.
check_PROGRAMS += tests/emend
tests_emend_SOURCES = $(src_emend_SOURCES)
tests_emend_LDADD = $(src_emend_LDADD)
tests_emend_LDFLAGS = $(AM_LDFLAGS) -no-install

# Those in which threads meet, in a folder configured with --enable-sanitizers=thread: only what they need is built.
THREAD_SUITES = tests/normal/test_kernels.c tests/mixture/test_fit.c tests/base/test_ordered_sum.c tests/base/test_team.c \
	tests/impute/test_impute.c tests/impute/test_methods.c tests/io/test_write.c
EXTRA_PROGRAMS += tests/threads
tests_threads_CFLAGS = $(tests_suites_CFLAGS)
tests_threads_LDADD = $(SUITES_LIBS)
tests_threads_SOURCES = $(SUPPORT_SOURCES) $(THREAD_SUITES) tests/encode/kit.c tests/mixture/slow.c tests/normal/kit.c
.PHONY: threads
threads: tests/threads
	CK_FORK=yes $(MAKE) check-TESTS TESTS="$(THREAD_SUITES)" C_LOG_COMPILER=tests/threads check_PROGRAMS=tests/threads
