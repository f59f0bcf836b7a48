# SPDX-License-Identifier: GPL-3.0-or-later
# The program: src/report and src/cli, on top of the shared library's public headers only.
bin_PROGRAMS += src/emend
src_emend_SOURCES = src/cli/main.c
src_emend_LDADD = src/libprogram.la src/libemend.la $(JANSSON_LIBS)
src_libprogram_la_SOURCES += \
	src/cli/choosing.c src/cli/choosing.h \
	src/cli/cluster_job.c src/cli/cluster_job.h \
	src/cli/cmd_cluster.c \
	src/cli/cmd_convert.c \
	src/cli/cmd_diff.c \
	src/cli/cmd_help.c \
	src/cli/cmd_impute.c \
	src/cli/cmd_info.c \
	src/cli/cmd_predict.c \
	src/cli/cmd_version.c \
	src/cli/command.c src/cli/command.h \
	src/cli/impute_options.c src/cli/impute_options.h \
	src/cli/job.c src/cli/job.h \
	src/cli/mixing.c src/cli/mixing.h \
	src/cli/model_file.c src/cli/model_file.h \
	src/cli/option.c src/cli/option.h \
	src/cli/option_echo.c \
	src/cli/option_help.c \
	src/cli/promise.c src/cli/promise.h \
	src/cli/reading.c src/cli/reading.h \
	src/cli/recipe_options.c src/cli/recipe_options.h \
	src/cli/recipe_write.c \
	src/cli/session.c src/cli/session.h \
	src/cli/signals.c src/cli/signals.h \
	src/cli/suggest.c src/cli/suggest.h \
	src/cli/terminal.c src/cli/terminal.h
