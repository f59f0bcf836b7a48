# SPDX-License-Identifier: GPL-3.0-or-later
impute_suites = \
	tests/impute/test_impute.c \
	tests/impute/test_clustering.c \
	tests/impute/test_methods.c \
	tests/impute/test_nearest.c \
	tests/impute/test_settle.c \
	tests/impute/test_share.c \
	tests/impute/test_carried.c \
	tests/impute/test_told.c \
	tests/impute/test_links.c \
	tests/impute/test_follow.c \
	tests/impute/test_recompute.c
TESTS += $(impute_suites)
tests_suites_SOURCES += $(impute_suites) \
	tests/impute/run.h
