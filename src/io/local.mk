# SPDX-License-Identifier: GPL-3.0-or-later
src_libemend_core_la_SOURCES += src/io/format.h src/io/options.h src/io/source.h src/io/writer.h
