# SPDX-License-Identifier: GPL-3.0-or-later
src_libemend_core_la_SOURCES += \
	src/data/added.h \
	src/data/append.c \
	src/data/arena.c src/data/arena.h \
	src/data/check.c \
	src/data/dataset.c src/data/dataset.h \
	src/data/dictionary.c \
	src/data/doubts.c \
	src/data/inside.h \
	src/data/rows.c src/data/rows.h \
	src/data/usual_code.c src/data/usual_code.h \
	src/data/words.c
