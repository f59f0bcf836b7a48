/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef IO_SAV_DICTIONARY_H
#define IO_SAV_DICTIONARY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "io/source.h"

/*
 * The dictionary of an SPSS system file (.sav, .zsav) as its records say it, with every length, count and offset checked against the
 * file. A case is n_elements elements of 8 bytes: a number takes one, a string of width w takes w / 8 rounded up, a string wider than
 * 255 bytes several segments of at most 255.
 */
typedef struct emend_sav_variable {
  char short_name[9]; /* as in the file, without trailing blanks */
  char *name;         /* the long name if there is one, in the file's encoding */
  uint32_t width;     /* bytes of a string, all segments; 0: a number */
  uint32_t n_segments;
  uint32_t element, n_elements; /* place in the case */
  uint64_t record;              /* offset of its (first) variable record */
  uint32_t print, write;        /* formats: type << 16 | width << 8 | decimals */
} emend_sav_variable;

/* An extension record (type 7): its payload is [offset, offset + size * count). */
typedef struct emend_sav_extension {
  int32_t subtype;
  uint32_t size, count;
  uint64_t offset;
} emend_sav_extension;

/* A zlib block of a .zsav, behind the one before it. */
typedef struct emend_sav_block {
  uint32_t expanded_bytes, compressed_bytes;
} emend_sav_block;

typedef enum emend_sav_compression { EMEND_SAV_PLAIN = 0, EMEND_SAV_BYTECODE = 1, EMEND_SAV_ZLIB = 2 } emend_sav_compression;

typedef struct emend_sav_dictionary {
  bool swap; /* the file's byte order is not this machine's */
  bool big_endian;
  char product[61], date[10], time[9]; /* of the header: "31 Jan 24", "17:05:00" */
  emend_sav_compression compression;
  double bias;
  double system_missing, highest, lowest;
  int64_t n_rows; /* as declared; -1: the file does not say */
  int32_t weight; /* index of the weight variable, or -1 */
  int32_t code_page;
  char encoding[64]; /* of record 7/20; "" if it has none */
  emend_sav_variable *variables;
  size_t n_variables;
  emend_sav_extension *extensions;
  size_t n_extensions;
  uint64_t documents;        /* offset of the first document line, of 80 bytes */
  uint32_t n_document_lines;
  uint32_t n_elements;
  uint64_t data_offset;
  uint64_t row_bytes;      /* uncompressed: 8 * n_elements */
  /* .zsav: the blocks begin behind a header of SAV_BLOCKS_HEADER bytes at data_offset and end where their index begins. */
  emend_sav_block *blocks;
  size_t n_blocks;
  uint32_t block_bytes; /* that a block may hold; the last may hold less */
  uint64_t index_offset, index_bytes;
  uint64_t expanded_bytes; /* length of the bytecode inside the blocks */
} emend_sav_dictionary;

enum { SAV_BLOCKS_HEADER = 24, SAV_INDEX_HEADER = 24, SAV_INDEX_ENTRY = 24 };

/* Walks the dictionary (and a .zsav's block index). The caller frees *dictionary; on failure it is NULL. */
emend_status emend_sav_dictionary_read(const emend_source *source, emend_sav_dictionary **dictionary, emend_error *error);
void emend_sav_dictionary_free(emend_sav_dictionary *dictionary);

/*
 * The number of rows that the data section holds: of uncompressed data from its length, of bytecode by expanding it (reads all of it),
 * of a .zsav as declared (-1 if it is not). EMEND_MALFORMED if that is not the number declared, or if the last row is cut short.
 */
emend_status emend_sav_dictionary_count_rows(const emend_sav_dictionary *dictionary, const emend_source *source, int64_t *n_rows,
                                             emend_error *error);

#endif
