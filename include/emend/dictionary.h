/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef EMEND_DICTIONARY_H
#define EMEND_DICTIONARY_H

#include "emend/dataset.h"

EMEND_BEGIN

/*
 * The rest of what a file's dictionary holds, beside names, labels, formats and cells (dataset.h). What a format does not know, or a file
 * does not say, is "", 0, -1 or the first value of an enumeration. Strings are UTF-8 and owned by the dataset; indices count from 0 and
 * must be in range.
 */

/* The file. */

typedef enum emend_byte_order { EMEND_BYTE_ORDER_UNKNOWN, EMEND_LITTLE_ENDIAN, EMEND_BIG_ENDIAN } emend_byte_order;
typedef enum emend_compression {
  EMEND_COMPRESSION_UNKNOWN, /* or without meaning: text, Stata */
  EMEND_COMPRESSION_NONE,
  EMEND_COMPRESSION_ROWS,  /* SPSS's bytecode, SAS's run lengths */
  EMEND_COMPRESSION_BLOCKS /* zlib blocks of .zsav, SAS's binary compression */
} emend_compression;

typedef enum emend_file_text {
  EMEND_FILE_PRODUCT,   /* what wrote it: "@(#) SPSS DATA FILE PSPP 1.6.2" */
  EMEND_FILE_ENCODING,  /* of its texts, as the file names it, or "windows-1252" where that is assumed; "" if it does not say */
  EMEND_FILE_CREATED,   /* 2024-01-31T17:05:00, local time of the writer; seconds where the format has them */
  EMEND_FILE_MODIFIED,  /* SAS */
  EMEND_FILE_TABLE_NAME /* SAS: name of the data set inside the file */
} emend_file_text;
EMEND_API const char *emend_dataset_file_text(const emend_dataset *dataset, emend_file_text which);
/* Stata: 105 to 119; SPSS: 2 or 3; SAS: 5 or 8 (transport), 9 (sas7bdat). */
EMEND_API int emend_dataset_release(const emend_dataset *dataset);
EMEND_API emend_byte_order emend_dataset_byte_order(const emend_dataset *dataset);
EMEND_API emend_compression emend_dataset_compression(const emend_dataset *dataset);
/* Delimited text: the character between fields, the decimal mark, and whether the first line names the variables; '\0' for other formats. */
EMEND_API char emend_dataset_delimiter(const emend_dataset *dataset);
EMEND_API char emend_dataset_decimal(const emend_dataset *dataset);
EMEND_API int emend_dataset_has_header(const emend_dataset *dataset);
/* Stata: the variables that the rows are sorted by, most significant first. */
EMEND_API size_t emend_dataset_sort_keys(const emend_dataset *dataset);
EMEND_API size_t emend_dataset_sort_key(const emend_dataset *dataset, size_t index);

/* Variables. */

/* How the values lie in the file. */
typedef enum emend_storage {
  EMEND_STORAGE_F64,
  EMEND_STORAGE_F32,
  EMEND_STORAGE_I32,
  EMEND_STORAGE_I16,
  EMEND_STORAGE_I8,
  EMEND_STORAGE_TEXT,     /* fixed width */
  EMEND_STORAGE_LONG_TEXT /* Stata's strL, CSV text */
} emend_storage;

typedef enum emend_alignment { EMEND_ALIGNMENT_UNKNOWN, EMEND_LEFT, EMEND_RIGHT, EMEND_CENTRE } emend_alignment;

/* SPSS: what the variable is to be used for, as its owner declared. */
typedef enum emend_usage {
  EMEND_USAGE_UNKNOWN,
  EMEND_USAGE_INPUT,
  EMEND_USAGE_TARGET,
  EMEND_USAGE_BOTH,
  EMEND_USAGE_NONE,
  EMEND_USAGE_PARTITION,
  EMEND_USAGE_SPLIT
} emend_usage;

EMEND_API emend_storage emend_variable_storage(const emend_dataset *dataset, size_t variable);
EMEND_API size_t emend_variable_width(const emend_dataset *dataset, size_t variable); /* bytes of a text; 0: unknown, or a number */
/* SPSS: the format for writing; "" where it is the print format (emend_variable_format). */
EMEND_API const char *emend_variable_write_format(const emend_dataset *dataset, size_t variable);
EMEND_API const char *emend_variable_short_name(const emend_dataset *dataset, size_t variable); /* SPSS: of 8 bytes, where it differs */
EMEND_API size_t emend_variable_display_width(const emend_dataset *dataset, size_t variable);   /* columns in a data editor */
EMEND_API emend_alignment emend_variable_alignment(const emend_dataset *dataset, size_t variable);
EMEND_API emend_usage emend_variable_usage(const emend_dataset *dataset, size_t variable);

/* Declared missing values: lo == hi is one value; -HUGE_VAL and HUGE_VAL are LOWEST and HIGHEST; `text` is NULL but for text variables. */
typedef struct emend_declared_missing {
  double lo, hi;
  const char *text;
} emend_declared_missing;
EMEND_API size_t emend_variable_declared(const emend_dataset *dataset, size_t variable);
EMEND_API emend_declared_missing emend_variable_declared_missing(const emend_dataset *dataset, size_t variable, size_t index);

/* Cells by the reason why each is missing. One pass through the column. */
typedef struct emend_cell_counts {
  size_t observed, system, user, tagged, empty, structural;
} emend_cell_counts;
EMEND_API emend_cell_counts emend_variable_cell_counts(const emend_dataset *dataset, size_t variable);

/* A value of a date or time variable as ISO 8601 (2007-11-11, 2007-11-11T08:30:15.5, 08:30:00): the length of `text`, or 0 if the variable
 * holds no dates, or the value is none. */
enum { EMEND_DATE_TEXT = 40 };
EMEND_API size_t emend_variable_date_text(const emend_dataset *dataset, size_t variable, double value, char text[EMEND_DATE_TEXT]);

/* Sets of value labels. Several variables may share one; one may belong to no variable. SPSS has no names for them: they are numbered. */

typedef struct emend_value_label {
  emend_reason reason; /* EMEND_OBSERVED, or the letter of an extended missing value */
  double value;        /* NaN for letters and texts */
  const char *key;     /* the value of a text variable, without trailing blanks; NULL for numbers and letters */
  const char *label;
} emend_value_label;
EMEND_API size_t emend_dataset_label_sets(const emend_dataset *dataset);
EMEND_API const char *emend_label_set_name(const emend_dataset *dataset, size_t set);
EMEND_API size_t emend_label_set_size(const emend_dataset *dataset, size_t set);
EMEND_API emend_value_label emend_label_set_label(const emend_dataset *dataset, size_t set, size_t index);
EMEND_API ptrdiff_t emend_variable_label_set(const emend_dataset *dataset, size_t variable); /* -1: none */

/* Notes, attributes, characteristics: named texts of the whole file (variable -1) or of one variable, in file order. */

typedef enum emend_property_kind {
  EMEND_NOTE,          /* a line of SPSS's documents, or a note of Stata's; no name */
  EMEND_ATTRIBUTE,     /* SPSS, custom attributes */
  EMEND_CHARACTERISTIC /* Stata; notes are not among them */
} emend_property_kind;

/* An emend_property is found by walking: first, next, ... NULL. */
typedef struct emend_property emend_property;
EMEND_API const emend_property *emend_dataset_first_property(const emend_dataset *dataset, ptrdiff_t variable);
EMEND_API const emend_property *emend_dataset_next_property(const emend_dataset *dataset, const emend_property *property);
EMEND_API emend_property_kind emend_property_get_kind(const emend_property *property);
EMEND_API const char *emend_property_name(const emend_dataset *dataset, const emend_property *property);
EMEND_API const char *emend_property_value(const emend_dataset *dataset, const emend_property *property);
/* Of a note in Stata: its number; of one of several values of an SPSS attribute: its place, from 1; else 0. */
EMEND_API unsigned emend_property_number(const emend_property *property);

/* Sets of variables. */

typedef enum emend_set_kind {
  EMEND_SET_PLAIN,     /* SPSS's variable sets, which dialogs show */
  EMEND_SET_CATEGORIES, /* multiple responses: each variable holds one of the answers */
  EMEND_SET_DICHOTOMIES /* multiple responses: each variable tells whether it was named, by `counted` */
} emend_set_kind;

typedef struct emend_variable_set_facts {
  const char *name, *label;
  emend_set_kind kind;
  const char *counted;        /* EMEND_SET_DICHOTOMIES: the value that counts, as text */
  int categories_from_labels; /* the answers are named by the labels of counted values, not by the variables' labels */
  int label_from_variable;    /* the set's label is that of its first variable */
  size_t n_variables;
} emend_variable_set_facts;
EMEND_API size_t emend_dataset_variable_sets(const emend_dataset *dataset);
EMEND_API emend_variable_set_facts emend_variable_set_get(const emend_dataset *dataset, size_t set);
EMEND_API size_t emend_variable_set_variable(const emend_dataset *dataset, size_t set, size_t index); /* index of the variable */

EMEND_END

#endif
