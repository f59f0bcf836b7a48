# SPDX-License-Identifier: GPL-3.0-or-later
EXTRA_DIST += samples/README.md samples/gss2014_usermissing.sav samples/penguins.csv samples/penguins.dta
# Example programs: built and run by the tests.
EXTRA_DIST += samples/cluster.c
check_PROGRAMS += samples/cluster
samples_cluster_SOURCES = samples/cluster.c
samples_cluster_LDADD = src/libemend.la
