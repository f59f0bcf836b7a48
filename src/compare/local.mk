# SPDX-License-Identifier: GPL-3.0-or-later
src_libemend_core_la_SOURCES += \
	src/compare/cells.c \
	src/compare/compare.c src/compare/compare.h \
	src/compare/dictionary.c \
	src/compare/entries.c src/compare/entries.h \
	src/compare/match.c
