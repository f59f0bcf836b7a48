# SPDX-License-Identifier: GPL-3.0-or-later
data_suites = \
	tests/data/test_dataset.c
TESTS += $(data_suites)
tests_suites_SOURCES += $(data_suites)
