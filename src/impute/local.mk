# SPDX-License-Identifier: GPL-3.0-or-later
src_libemend_core_la_SOURCES += \
	src/impute/adopt.c src/impute/adopt.h \
	src/impute/answers.c \
	src/impute/back_transform.c src/impute/back_transform.h \
	src/impute/beyond.c src/impute/beyond.h \
	src/impute/blank_rows.c src/impute/blank_rows.h \
	src/impute/cluster_rows.c \
	src/impute/clustering.c src/impute/clustering.h \
	src/impute/cut_off.c src/impute/cut_off.h \
	src/impute/curve.c src/impute/curve.h \
	src/impute/decoding.c src/impute/decoding.h \
	src/impute/expect.c src/impute/expect.h \
	src/impute/derived.c src/impute/derived.h \
	src/impute/follow.c src/impute/follow.h src/impute/follower.h \
	src/impute/groups.c src/impute/groups.h \
	src/impute/impute.c src/impute/imputation.h \
	src/impute/links.c src/impute/links.h \
	src/impute/matching.c src/impute/matching.h \
	src/impute/method.c \
	src/impute/match.c src/impute/match.h \
	src/impute/mixture.c \
	src/impute/nearest.c src/impute/nearest.h \
	src/impute/notes.c \
	src/impute/part.c src/impute/part.h \
	src/impute/recompute.c src/impute/recompute.h \
	src/impute/rows.c \
	src/impute/group_decoders.c src/impute/group_decoders.h \
	src/impute/filter.c src/impute/filter.h \
	src/impute/keys.c \
	src/impute/settle.c src/impute/settle.h \
	src/impute/share.c src/impute/share.h \
	src/impute/solve.c src/impute/solve.h \
	src/impute/uneven.c src/impute/uneven.h \
	src/impute/write.c
