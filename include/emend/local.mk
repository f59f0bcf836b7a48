# SPDX-License-Identifier: GPL-3.0-or-later
emendincludedir = $(includedir)/emend
emendinclude_HEADERS = \
	include/emend/cluster.h \
	include/emend/compare.h \
	include/emend/dataset.h \
	include/emend/dictionary.h \
	include/emend/emend.h \
	include/emend/events.h \
	include/emend/export.h \
	include/emend/file.h \
	include/emend/impute.h \
	include/emend/mixture.h \
	include/emend/normal.h \
	include/emend/output.h \
	include/emend/plan.h \
	include/emend/status.h \
	include/emend/words.h \
	include/emend/write.h
