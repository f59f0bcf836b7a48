# SPDX-License-Identifier: GPL-3.0-or-later
em_suites = \
	tests/em/test_loop.c \
	tests/em/test_accelerators.c
TESTS += $(em_suites)
tests_suites_SOURCES += $(em_suites)
