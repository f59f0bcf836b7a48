# SPDX-License-Identifier: GPL-3.0-or-later
# The program: src/report and src/cli, on top of the shared library's public headers only.
bin_PROGRAMS += src/emend
src_emend_SOURCES = src/cli/main.c
src_emend_LDADD = src/libemend.la $(JANSSON_LIBS)
