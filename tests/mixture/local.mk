# SPDX-License-Identifier: GPL-3.0-or-later
mixture_suites = \
	tests/mixture/test_step.c \
	tests/mixture/test_fit.c \
	tests/mixture/test_limits.c \
	tests/mixture/test_document.c
TESTS += $(mixture_suites)
tests_suites_SOURCES += $(mixture_suites) \
	tests/mixture/slow.c tests/mixture/slow.h tests/mixture/faithful.h
