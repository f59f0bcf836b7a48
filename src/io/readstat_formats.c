/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Every format that ReadStat reads, and what our own walks know better. */
#include <locale.h>
#include <stdlib.h>

#include "io/readstat_reading.h"
#include "io/xpt_dictionary.h"

static const readstat_traits sav_traits = {.family = EMEND_FAMILY_SPSS, .parse = readstat_parse_sav};
static const readstat_traits por_traits = {.family = EMEND_FAMILY_SPSS, .parse = readstat_parse_por, .notes = true};
static const readstat_traits dta_traits = {.family = EMEND_FAMILY_STATA, .parse = readstat_parse_dta};
static const readstat_traits sas_traits = {.family = EMEND_FAMILY_SAS, .parse = readstat_parse_sas7bdat, .utc = true, .compresses = true};
static const readstat_traits xpt_traits = {.family = EMEND_FAMILY_SAS, .parse = readstat_parse_xport};

emend_status emend_sav_read(const emend_source *source, const emend_read_options *options, emend_dataset *dataset, emend_error *error) {
  int64_t rows = -1;
  emend_sav_dictionary *dictionary;
  emend_status status = emend_sav_dictionary_read(source, &dictionary, error);
  if (!status)
    status = emend_sav_dictionary_count_rows(dictionary, source, &rows, error);
  if (!status)
    status = readstat_read_file(&sav_traits, source, options, &(readstat_walked){.n_rows = rows, .sav = dictionary}, dataset, error);
  if (!status)
    status = emend_sav_describe(source, dictionary, emend_dataset_file_text(dataset, EMEND_FILE_ENCODING), dataset, error);
  emend_sav_dictionary_free(dictionary);
  return status;
}

/* ReadStat refuses the value labels of releases before 108, which are kept in another way: it is shown the file without them, and
 * emend_dta_describe reads them. */
static emend_status read_stata(const emend_source *source, const emend_read_options *options, const emend_dta_dictionary *d,
                               emend_dataset *dataset, emend_error *error) {
  emend_source cut = *source;
  if (d->release < 108)
    cut.size = d->value_labels.offset;
  dta_long_texts strls;
  emend_status status = dta_long_texts_open(&strls, source, d, error);
  if (!status)
    status = readstat_read_file(&dta_traits, &cut, options,
                                &(readstat_walked){.n_rows = (int64_t)d->n_rows, .strls = strls.wanted ? &strls : NULL}, dataset, error);
  if (!status && strls.n_binary)
    status = emend_dataset_add_warning(dataset, error, "%zu long strings are binary and were not read (a .dta written from it keeps them)",
                                       strls.n_binary);
  if (!status)
    status = readstat_warn_of_undefined(dataset, &strls.decoder, "long strings", &strls.undecoded, error);
  dta_long_texts_close(&strls);
  return status;
}

emend_status emend_dta_read(const emend_source *source, const emend_read_options *options, emend_dataset *dataset, emend_error *error) {
  emend_dta_dictionary *dictionary;
  emend_status status = emend_dta_dictionary_read(source, &dictionary, error);
  if (!status)
    status = read_stata(source, options, dictionary, dataset, error);
  if (!status)
    status = emend_dta_describe(source, dictionary, emend_dataset_file_text(dataset, EMEND_FILE_ENCODING), dataset, error);
  emend_dta_dictionary_free(dictionary);
  return status;
}

emend_status emend_sas7bdat_read(const emend_source *source, const emend_read_options *options, emend_dataset *dataset,
                                 emend_error *error) {
  emend_status status = readstat_read_file(&sas_traits, source, options, &(readstat_walked){.n_rows = -1}, dataset, error);
  return status ? status : readstat_read_catalog(options, dataset, error);
}

/*
 * The head of a .por file with the character table made unambiguous. The table of 256 entries follows 200 characters of greeting, ends of
 * lines not counted; '0' means "no such character". PSPP repeats digits and signs in it (for superscripts), and ReadStat
 * takes the last: every entry that repeats an earlier one becomes '0'.
 */
static emend_status por_head(const emend_source *source, unsigned char **head, size_t *length, emend_error *error) {
  enum { HEAD = 1024, TABLE = 200, ENTRIES = 256 };
  *length = source->size < HEAD ? (size_t)source->size : HEAD;
  *head = malloc(HEAD);
  if (!*head)
    return emend_fail_memory(error);
  emend_status status = emend_source_read(source, 0, *head, *length, error);
  bool seen[256] = {false};
  size_t at = 0;
  for (size_t i = 0; i < *length && !status && at < TABLE + ENTRIES; i++) {
    unsigned char *entry = &(*head)[i];
    if (*entry == '\r' || *entry == '\n')
      continue;
    if (at++ < TABLE || *entry == '0')
      continue;
    if (seen[*entry])
      *entry = '0';
    else
      seen[*entry] = true;
  }
  if (status) {
    free(*head);
    *head = NULL;
  }
  return status;
}

/* ReadStat converts the characters of .por files with %lc, which depends on the locale: a UTF-8 one for this thread and this call. */
emend_status emend_por_read(const emend_source *source, const emend_read_options *options, emend_dataset *dataset, emend_error *error) {
  unsigned char *head;
  size_t length;
  emend_status status = por_head(source, &head, &length, error);
  if (status)
    return status;
  locale_t utf8 = newlocale(LC_CTYPE_MASK, "C.UTF-8", (locale_t)0), before = (locale_t)0;
  if (utf8)
    before = uselocale(utf8);
  status = readstat_read_file(&por_traits, source, options, &(readstat_walked){.n_rows = -1, .head = head, .head_length = length}, dataset,
                              error);
  if (utf8) {
    uselocale(before);
    freelocale(utf8);
  }
  return status;
}

/* ReadStat takes rows of blanks at the end for filling. In a file of texts only, those that are longer than any filling are rows. */
static emend_status add_blank_rows(const emend_xpt_dictionary *d, emend_dataset *dataset, emend_error *error) {
  emend_status status = EMEND_OK;
  while (!status && !d->any_number && emend_dataset_rows(dataset) < d->least_rows) {
    status = emend_dataset_add_row(dataset, error);
    for (size_t v = 0; v < d->n_variables && !status; v++)
      status = emend_dataset_put_text(dataset, v, "", 0, error);
  }
  return status;
}

emend_status emend_xpt_read(const emend_source *source, const emend_read_options *options, emend_dataset *dataset, emend_error *error) {
  emend_xpt_dictionary *dictionary;
  emend_status status = emend_xpt_dictionary_read(source, &dictionary, error);
  if (!status)
    status = readstat_read_file(&xpt_traits, source, options,
                                &(readstat_walked){.n_rows = -1, .least_rows = (int64_t)dictionary->least_rows}, dataset, error);
  if (!status && emend_dataset_variables(dataset) != dictionary->n_variables)
    status = emend_fail(error, EMEND_MALFORMED, "%zu variables were read, the dictionary has %zu", emend_dataset_variables(dataset),
                        dictionary->n_variables);
  if (!status)
    status = add_blank_rows(dictionary, dataset, error);
  if (!status)
    status = readstat_read_catalog(options, dataset, error);
  emend_xpt_dictionary_free(dictionary);
  return status;
}
