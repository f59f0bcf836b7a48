# SPDX-License-Identifier: GPL-3.0-or-later
src_libemend_core_la_SOURCES += \
	src/decode/back.c src/decode/back.h \
	src/decode/calibrate.c src/decode/calibrate.h \
	src/decode/decoder.c src/decode/decoder.h \
	src/decode/logit.c src/decode/logit.h \
	src/decode/newton.c src/decode/newton.h \
	src/decode/probit.c src/decode/probit.h \
	src/decode/truncated.c src/decode/truncated.h
