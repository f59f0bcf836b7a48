# SPDX-License-Identifier: GPL-3.0-or-later
# Built by name only: make bench (all of them), or make bench/read
BENCHES = bench/estimate bench/generate_table bench/generate_wide bench/measure bench/read bench/tokenise
EXTRA_PROGRAMS = $(BENCHES)
CLEANFILES += $(BENCHES)
.PHONY: bench
bench: $(BENCHES)
EXTRA_DIST += bench/README.md

bench_estimate_SOURCES = bench/estimate.c bench/tables.c bench/tables.h
bench_estimate_LDADD = src/libemend-core.la
bench_generate_table_SOURCES = bench/generate_table.c bench/tables.c bench/tables.h
bench_generate_table_LDADD = src/libemend-core.la
bench_generate_wide_SOURCES = bench/generate_wide.c
bench_generate_wide_LDADD = -lm
bench_measure_SOURCES = bench/measure.c
bench_measure_LDADD = src/libemend-core.la
bench_read_SOURCES = bench/read.c
bench_read_LDADD = src/libemend-core.la
bench_tokenise_SOURCES = bench/tokenise.c
bench_tokenise_LDADD = src/libemend-core.la
