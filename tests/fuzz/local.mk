# SPDX-License-Identifier: GPL-3.0-or-later
# libFuzzer targets, built and run by name: make fuzz [FUZZ_SECONDS=600], in a folder configured with --enable-sanitizers CC=clang.
# An input that crashes a target stays as tests/fuzz/found/TARGET-*; run the target with it as its argument to see the crash again.
FUZZ_SECONDS = 60
FUZZ_TARGETS = \
	tests/fuzz/fuzz_csv \
	tests/fuzz/fuzz_dta \
	tests/fuzz/fuzz_mixture \
	tests/fuzz/fuzz_normal \
	tests/fuzz/fuzz_rule \
	tests/fuzz/fuzz_sav \
	tests/fuzz/fuzz_xpt
dist_check_SCRIPTS += tests/fuzz/run.sh
EXTRA_DIST += tests/fuzz/corpus
.PHONY: fuzz
if FUZZING
fuzz: $(FUZZ_TARGETS)
	$(SHELL) $(srcdir)/tests/fuzz/run.sh $(srcdir)/tests/fuzz/corpus $(FUZZ_SECONDS) $(FUZZ_TARGETS)
else
fuzz:
	@echo "make fuzz wants a build folder configured with --enable-sanitizers CC=clang" >&2; exit 1
endif

# What takes strangers' bytes, compiled once more with its branches counted; src/libemend-core.la gives the rest.
EXTRA_LIBRARIES = tests/fuzz/libcounted.a
tests_fuzz_libcounted_a_SOURCES = \
	tests/fuzz/target.c tests/fuzz/target.h \
	src/base/decimal.c src/base/number.c src/base/text.c src/base/utf8.c \
	src/io/csv_column.c src/io/csv_date.c src/io/csv_dialect.c src/io/csv_fill.c src/io/csv_names.c src/io/csv_oddity.c src/io/csv_outlier.c \
	src/io/csv_read.c src/io/csv_scanner.c src/io/csv_stream.c src/io/csv_text.c src/io/csv_tokens.c \
	src/io/decode.c src/io/describe.c src/io/name_index.c src/io/walk.c \
	src/io/dta_describe.c src/io/dta_dictionary.c \
	src/io/encoder.c src/io/sav_added.c src/io/sav_cells.c src/io/sav_rows.c src/io/sav_value.c src/io/zsav_read.c \
	src/io/sav_blocks.c src/io/sav_bytecode.c src/io/sav_describe.c src/io/sav_dictionary.c src/io/sav_extension.c \
	src/io/sav_payload.c src/io/sav_scan.c \
	src/io/xpt_dictionary.c \
	src/mixture/json.c src/normal/document.c src/normal/json.c \
	src/rule/evaluate.c src/rule/parse.c src/rule/scan.c
tests_fuzz_libcounted_a_CFLAGS = $(AM_CFLAGS) -fsanitize=fuzzer-no-link
FUZZ_LIBS = tests/fuzz/libcounted.a src/libemend-core.la
FUZZ_LINKING = $(AM_LDFLAGS) -fsanitize=fuzzer

EXTRA_PROGRAMS += $(FUZZ_TARGETS)
CLEANFILES += $(FUZZ_TARGETS) tests/fuzz/libcounted.a
tests_fuzz_fuzz_csv_SOURCES = tests/fuzz/fuzz_csv.c tests/fuzz/target.h
tests_fuzz_fuzz_csv_LDADD = $(FUZZ_LIBS)
tests_fuzz_fuzz_csv_LDFLAGS = $(FUZZ_LINKING)
tests_fuzz_fuzz_dta_SOURCES = tests/fuzz/fuzz_dta.c tests/fuzz/target.h
tests_fuzz_fuzz_dta_LDADD = $(FUZZ_LIBS)
tests_fuzz_fuzz_dta_LDFLAGS = $(FUZZ_LINKING)
tests_fuzz_fuzz_mixture_SOURCES = tests/fuzz/fuzz_mixture.c tests/fuzz/target.h
tests_fuzz_fuzz_mixture_LDADD = $(FUZZ_LIBS)
tests_fuzz_fuzz_mixture_LDFLAGS = $(FUZZ_LINKING)
tests_fuzz_fuzz_normal_SOURCES = tests/fuzz/fuzz_normal.c tests/fuzz/target.h
tests_fuzz_fuzz_normal_LDADD = $(FUZZ_LIBS)
tests_fuzz_fuzz_normal_LDFLAGS = $(FUZZ_LINKING)
tests_fuzz_fuzz_rule_SOURCES = tests/fuzz/fuzz_rule.c tests/fuzz/target.h
tests_fuzz_fuzz_rule_LDADD = $(FUZZ_LIBS)
tests_fuzz_fuzz_rule_LDFLAGS = $(FUZZ_LINKING)
tests_fuzz_fuzz_sav_SOURCES = tests/fuzz/fuzz_sav.c tests/fuzz/target.h
tests_fuzz_fuzz_sav_LDADD = $(FUZZ_LIBS)
tests_fuzz_fuzz_sav_LDFLAGS = $(FUZZ_LINKING)
tests_fuzz_fuzz_xpt_SOURCES = tests/fuzz/fuzz_xpt.c tests/fuzz/target.h
tests_fuzz_fuzz_xpt_LDADD = $(FUZZ_LIBS)
tests_fuzz_fuzz_xpt_LDFLAGS = $(FUZZ_LINKING)
