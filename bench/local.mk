# SPDX-License-Identifier: GPL-3.0-or-later
# Built by name only: make bench/generate_wide
EXTRA_PROGRAMS = bench/generate_wide
bench_generate_wide_SOURCES = bench/generate_wide.c
bench_generate_wide_LDADD = -lm
CLEANFILES += bench/generate_wide

EXTRA_PROGRAMS += bench/read
bench_read_SOURCES = bench/read.c
bench_read_LDADD = src/libemend-core.la
CLEANFILES += bench/read

EXTRA_PROGRAMS += bench/estimate
bench_estimate_SOURCES = bench/estimate.c
bench_estimate_LDADD = src/libemend-core.la
CLEANFILES += bench/estimate
