# SPDX-License-Identifier: GPL-3.0-or-later
# Whatever our objects ask for may be refused: the linker leads their calls through faults.c. `make check` tries a sample of the places
# where memory can run out, `make faults` every one.
WRAPPING = $(AM_LDFLAGS) \
	-Wl,--wrap=malloc -Wl,--wrap=calloc -Wl,--wrap=realloc -Wl,--wrap=posix_memalign -Wl,--wrap=strdup -Wl,--wrap=strndup \
	-Wl,--wrap=asprintf -Wl,--wrap=vasprintf -Wl,--wrap=open_memstream -Wl,--wrap=fclose -Wl,--wrap=mmap -Wl,--wrap=pthread_create \
	-Wl,--wrap=fork -Wl,--wrap=pipe2 -Wl,--wrap=iconv_open -Wl,--wrap=readstat_parser_init -Wl,--wrap=readstat_writer_init -Wl,--wrap=inflateInit_ \
	-Wl,--wrap=deflateInit_ -Wl,--wrap=json_loadb -Wl,--wrap=write -Wl,--wrap=fsync -Wl,--wrap=linkat -Wl,--wrap=renameat \
	-Wl,--wrap=renameat2
FAULTS_SOURCES = $(SUPPORT_SOURCES) tests/faults/faults.c tests/faults/faults.h tests/faults/jobs.c tests/faults/jobs.h

check_PROGRAMS += tests/faults/test_memory tests/faults/test_disk
TESTS += tests/faults/test_memory tests/faults/test_disk
tests_faults_test_memory_SOURCES = tests/faults/test_memory.c tests/normal/kit.c tests/normal/kit.h $(FAULTS_SOURCES)
tests_faults_test_memory_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
tests_faults_test_memory_LDFLAGS = $(WRAPPING)
tests_faults_test_memory_LDADD = src/libprogram.la src/libemend-core.la $(CHECK_LIBS) $(ZLIB_LIBS)
tests_faults_test_disk_SOURCES = tests/faults/test_disk.c $(FAULTS_SOURCES)
tests_faults_test_disk_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
tests_faults_test_disk_LDFLAGS = $(WRAPPING)
tests_faults_test_disk_LDADD = src/libprogram.la src/libemend-core.la $(CHECK_LIBS) $(ZLIB_LIBS)

.PHONY: faults
faults: tests/faults/test_memory
	EMEND_SOURCE='$(abs_top_srcdir)' EMEND_FAULTS=all tests/faults/test_memory
