# SPDX-License-Identifier: GPL-3.0-or-later
# Built by name only: make bench (all of them), or make bench/read
BENCHES = bench/estimate bench/evaluate bench/generate_clusters bench/generate_table bench/generate_wide bench/measure bench/mixture bench/read bench/roofline bench/step bench/tokenise
EXTRA_PROGRAMS = $(BENCHES)
CLEANFILES += $(BENCHES)
.PHONY: bench bench-run
bench: $(BENCHES)
# Takes long and wants packages that nothing else needs: README.md. BENCH_OPTIONS go to driver.py.
bench-run: $(BENCHES) src/emend
	python3 -B $(srcdir)/bench/driver.py --build . --out $(srcdir)/bench $(BENCH_OPTIONS)
# How near imputed cells come to what was hidden, against peers: README.md. ACCURACY_OPTIONS go to accuracy.py.
.PHONY: bench-accuracy
bench-accuracy: src/emend
	python3 -B $(srcdir)/bench/accuracy/accuracy.py --emend src/emend --work bench/accuracy --out $(srcdir)/bench/accuracy $(ACCURACY_OPTIONS)
EXTRA_DIST += \
	bench/accuracy/accuracy.py \
	bench/accuracy/contest.py \
	bench/accuracy/dots.py \
	bench/accuracy/peers/amelia.R \
	bench/accuracy/peers/common.R \
	bench/accuracy/peers/irmi.R \
	bench/accuracy/peers/iterative.py \
	bench/accuracy/peers/knn.R \
	bench/accuracy/peers/mice.R \
	bench/accuracy/reasons.md \
	bench/accuracy/results.py \
	bench/accuracy/sav.py \
	bench/accuracy/score.py \
	bench/accuracy/tables.py \
	bench/accuracy/test_score.py \
	bench/README.md \
	bench/clusters.py \
	bench/driver.py \
	bench/peers/amelia.R \
	bench/peers/cluster_imputed.R \
	bench/peers/cluster_imputed.py \
	bench/peers/gaussian_mixture.py \
	bench/peers/iterative_imputer.py \
	bench/peers/mclust.R \
	bench/peers/mice.R \
	bench/peers/norm.R \
	bench/plot.py \
	bench/report.py \
	bench/stages.py \
	bench/surveys.py \
	bench/table_text.py

BENCH_TABLES = bench/tables.c bench/tables.h
BENCH_FIT = bench/fit.c bench/fit.h $(BENCH_TABLES)
BENCH_ANSWER = bench/answer.c bench/answer.h
BENCH_SAV = bench/sav_file.c bench/sav_file.h

bench_estimate_SOURCES = bench/estimate.c $(BENCH_FIT) $(BENCH_ANSWER)
bench_estimate_LDADD = src/libemend-core.la
bench_evaluate_SOURCES = bench/evaluate.c $(BENCH_TABLES) $(BENCH_ANSWER)
bench_evaluate_LDADD = src/libemend-core.la
bench_generate_clusters_SOURCES = bench/generate_clusters.c
bench_generate_clusters_LDADD = src/libemend-core.la
bench_generate_table_SOURCES = bench/generate_table.c $(BENCH_TABLES) $(BENCH_SAV)
bench_generate_table_LDADD = src/libemend-core.la
bench_generate_wide_SOURCES = bench/generate_wide.c $(BENCH_SAV)
bench_generate_wide_LDADD = -lm
bench_measure_SOURCES = bench/measure.c
bench_measure_LDADD = src/libemend-core.la
bench_mixture_SOURCES = bench/mixture.c $(BENCH_TABLES)
bench_mixture_LDADD = src/libemend-core.la
bench_read_SOURCES = bench/read.c
bench_read_LDADD = src/libemend-core.la
bench_roofline_SOURCES = bench/roofline.c $(BENCH_FIT)
bench_roofline_LDADD = src/libemend-core.la
bench_step_SOURCES = bench/step.c $(BENCH_FIT)
bench_step_LDADD = src/libemend-core.la
bench_tokenise_SOURCES = bench/tokenise.c
bench_tokenise_LDADD = src/libemend-core.la
