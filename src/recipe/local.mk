# SPDX-License-Identifier: GPL-3.0-or-later
src_libprogram_la_SOURCES += \
	src/recipe/read.c src/recipe/recipe.h \
	src/recipe/write.c
src_libprogram_la_LIBADD = $(INIH_LIBS)
