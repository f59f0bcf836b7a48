# SPDX-License-Identifier: GPL-3.0-or-later
src_libemend_core_la_SOURCES += \
	src/base/bits.h \
	src/base/blas.c src/base/blas.h \
	src/base/clock.c src/base/clock.h \
	src/base/cores.c \
	src/base/decimal.c src/base/decimal.h \
	src/base/error.c src/base/error.h \
	src/base/events.c src/base/events.h \
	src/base/exp_log.h \
	src/base/fold.c src/base/fold.h \
	src/base/lanes.h \
	src/base/level.c src/base/level.h \
	src/base/memory.c src/base/memory.h \
	src/base/number.c src/base/number.h \
	src/base/ordered_sum.c src/base/ordered_sum.h \
	src/base/powers_of_ten.c \
	src/base/random.c src/base/random.h \
	src/base/sort.c src/base/sort.h \
	src/base/spread.h \
	src/base/team.c src/base/team.h \
	src/base/text.c src/base/text.h \
	src/base/utf8.c src/base/utf8.h \
	src/base/version.c
