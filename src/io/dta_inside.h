/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef IO_DTA_INSIDE_H
#define IO_DTA_INSIDE_H

#include "io/dta_dictionary.h"
#include "io/walk.h"

/* What dta_dictionary.c (the order of sections) and dta_section.c (their content) share. Sizes that differ between releases: */
typedef struct dta_layout {
  bool tagged;         /* 117 and later: sections between tags, and a map of their places */
  uint32_t type_bytes; /* of a variable's type */
  uint32_t name_bytes; /* of a name, its NUL included */
  uint32_t format_bytes, label_bytes;
  uint32_t sort_bytes;        /* of an entry of the sort list */
  uint32_t file_label_bytes;  /* untagged: of the label in the header */
  uint32_t field_count_bytes; /* untagged: of the length of an expansion field */
} dta_layout;

dta_layout dta_layout_of(unsigned release);

/* Each stands at its section's content and goes to the end of it. */
void dta_types_read(walk *w, emend_dta_dictionary *d, const dta_layout *layout);
void dta_names_read(walk *w, emend_dta_dictionary *d, const dta_layout *layout);
void dta_characteristics_read(walk *w, const emend_dta_dictionary *d, const dta_layout *layout);
void dta_strls_read(walk *w, const emend_dta_dictionary *d);
void dta_value_labels_read(walk *w, const emend_dta_dictionary *d, const dta_layout *layout);

#endif
