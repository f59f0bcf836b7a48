# SPDX-License-Identifier: GPL-3.0-or-later
src_libemend_core_la_SOURCES += \
	src/io/decode.c src/io/decode.h \
	src/io/file.c src/io/file.h \
	src/io/format.c src/io/format.h \
	src/io/isolate.c src/io/isolate.h \
	src/io/kind.c src/io/kind.h \
	src/io/options.c src/io/options.h \
	src/io/output.c src/io/output.h \
	src/io/readstat.c src/io/readstat.h \
	src/io/replace.c src/io/replace.h \
	src/io/source.c src/io/source.h \
	src/io/window.c src/io/window.h \
	src/io/write.c src/io/writer.h
