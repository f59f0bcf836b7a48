/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef IO_SAV_PAYLOAD_H
#define IO_SAV_PAYLOAD_H

#include "io/describe.h"
#include "io/name_index.h"
#include "io/walk.h"

/* What sav_describe.c and sav_payload.c (extension records that are text) share. */
typedef struct sav_describing {
  const emend_sav_dictionary *dictionary;
  emend_dataset *dataset;
  emend_decoder decoder;
  emend_name_index names, short_names; /* ignoring case, in the file's encoding */
  uint32_t *members;                   /* n_variables: room for those of a set */
  emend_error *error;
  walk *w;
} sav_describing;

/* The payload's bytes not yet read. */
typedef struct sav_payload {
  const char *at, *end;
} sav_payload;

/* Sets *understood to false where the record's grammar is broken; what came before stays. */
typedef emend_status (*sav_payload_function)(sav_describing *g, sav_payload *p, bool *understood);

emend_status sav_payload_read(sav_describing *g, const emend_sav_extension *e, sav_payload_function function);
emend_status sav_describe_product(sav_describing *g, sav_payload *p, bool *understood);
emend_status sav_describe_variable_sets(sav_describing *g, sav_payload *p, bool *understood);
emend_status sav_describe_response_sets(sav_describing *g, sav_payload *p, bool *understood);
emend_status sav_describe_file_attributes(sav_describing *g, sav_payload *p, bool *understood);
emend_status sav_describe_variable_attributes(sav_describing *g, sav_payload *p, bool *understood);

/* Decoded, without blanks at the end, into the arena. */
emend_status sav_text(sav_describing *g, const char *bytes, size_t length, emend_offset *offset);
/* A warning of the dataset: nothing of this record is shown. */
emend_status sav_not_understood(sav_describing *g, const emend_sav_extension *e);

#endif
