# SPDX-License-Identifier: GPL-3.0-or-later
src_libemend_core_la_SOURCES += \
	src/io/file.h \
	src/io/format.c src/io/format.h \
	src/io/options.c src/io/options.h \
	src/io/output.c src/io/output.h \
	src/io/replace.c src/io/replace.h \
	src/io/source.c src/io/source.h \
	src/io/writer.h
