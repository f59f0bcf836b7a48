# SPDX-License-Identifier: GPL-3.0-or-later
src_libemend_core_la_SOURCES += \
	src/normal/complete.c \
	src/normal/condition.c \
	src/normal/dependence.c \
	src/normal/fit.c src/normal/fit.h \
	src/normal/inside.h \
	src/normal/json.c \
	src/normal/lapack.h \
	src/normal/model.c \
	src/normal/options.c \
	src/normal/prior.c src/normal/prior.h \
	src/normal/problem.c \
	src/normal/ridge.c \
	src/normal/units.c src/normal/units.h
