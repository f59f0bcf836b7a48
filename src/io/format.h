/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef IO_FORMAT_H
#define IO_FORMAT_H

#include "data/dataset.h"
#include "io/losses.h"
#include "io/options.h"
#include "io/source.h"
#include "io/writer.h"

/*
 * The one table of file formats. `read` fills an empty dataset (in the child process, when reading is isolated): it must leave errors
 * with variable, row or byte, but no file name (the caller adds it). `open_patch` makes a writer that copies the source with
 * only the imputed cells replaced; NULL where that is not possible; it may still refuse a particular file. Opened with a NULL output,
 * which swallows everything, it only tells whether it would. `open_rebuild` lays a file of this format out anew and carries over from the
 * source, of the same format, what its dataset does not hold; `open_writer` writes any dataset. These two take rows of any
 * shape (`read` is not called before the first row is asked for), and add to `losses` (NULL: nobody wants to know) what the
 * written file will not say. EMEND_UNSUPPORTED hands over to the next way.
 */
typedef struct emend_format {
  const char *name;        /* "sav" */
  const char *description; /* "SPSS system file" */
  const char *extensions;  /* "sav", separated by blanks, without dots */
  bool (*recognises)(const unsigned char *head, size_t length); /* by content; NULL: by extension only */
  emend_status (*read)(const emend_source *source, const emend_read_options *options, emend_dataset *dataset, emend_error *error);
  emend_status (*open_patch)(const emend_source *source, const emend_dataset *dataset, emend_output *output, emend_writer **writer,
                             emend_error *error);
  emend_status (*open_rebuild)(const emend_source *source, const emend_rows *shape, emend_losses *losses, emend_output *output,
                               emend_writer **writer, emend_error *error);
  emend_status (*open_writer)(const emend_rows *shape, emend_losses *losses, emend_output *output, emend_writer **writer,
                              emend_error *error);
} emend_format;

const emend_format *emend_formats(size_t *count);
const emend_format *emend_format_by_name(const char *name);      /* NULL if there is none */
const emend_format *emend_format_by_extension(const char *path); /* NULL if there is none */
/* What follows the last dot in the last part of a path; NULL if there is none. */
const char *emend_extension(const char *path);
/* From content first, then extension; EMEND_UNSUPPORTED, with the list of formats, if neither tells. */
emend_status emend_format_recognise(const emend_source *source, const char *wanted, const emend_format **format, emend_error *error);

/* The readers and patchers, one file each. */
emend_status emend_csv_read(const emend_source *, const emend_read_options *, emend_dataset *, emend_error *);
emend_status emend_csv_open_patch(const emend_source *, const emend_dataset *, emend_output *, emend_writer **, emend_error *);
emend_status emend_sav_open_patch(const emend_source *, const emend_dataset *, emend_output *, emend_writer **, emend_error *);
emend_status emend_dta_open_patch(const emend_source *, const emend_dataset *, emend_output *, emend_writer **, emend_error *);
emend_status emend_xpt_open_patch(const emend_source *, const emend_dataset *, emend_output *, emend_writer **, emend_error *);
/* Releases 113 to 119, in the source's own release and byte order. What the shape points to must outlive the writer. */
emend_status emend_dta_open_rebuild(const emend_source *, const emend_rows *, emend_losses *, emend_output *, emend_writer **,
                                    emend_error *);
/* In the source's own dialect and encoding: everything but the new fields stays byte for byte. */
emend_status emend_csv_open_rebuild(const emend_source *, const emend_rows *, emend_losses *, emend_output *, emend_writer **,
                                    emend_error *);
/* In the source's own version. */
emend_status emend_xpt_open_rebuild(const emend_source *, const emend_rows *, emend_losses *, emend_output *, emend_writer **,
                                    emend_error *);
/* In the source's own byte order, compression and encoding; .zsav too. */
emend_status emend_sav_open_rebuild(const emend_source *, const emend_rows *, emend_losses *, emend_output *, emend_writer **,
                                    emend_error *);
/* Any dataset as a file of release 118, or 119 where it has too many variables. */
emend_status emend_dta_open_writer(const emend_rows *, emend_losses *, emend_output *, emend_writer **, emend_error *);
/* Any dataset as UTF-8 CSV: header, LF, commas, shortest numbers, empty = missing, dates as ISO 8601. */
emend_status emend_csv_open_writer(const emend_rows *, emend_losses *, emend_output *, emend_writer **, emend_error *);
emend_status emend_csv_open_delimited(const emend_rows *, char delimiter, emend_output *, emend_writer **, emend_error *);
emend_status emend_tsv_open_writer(const emend_rows *, emend_losses *, emend_output *, emend_writer **, emend_error *);

/*
 * Pre-scans: our own bounds-checked walk of the dictionary, run before ReadStat sees the file. They refuse what is malformed with the
 * byte concerned, and check that the file can hold the rows that it declares. *n_rows is -1 if the file does not say.
 */
emend_status emend_sav_scan(const emend_source *source, int64_t *n_rows, emend_error *error); /* .sav and .zsav */
emend_status emend_dta_scan(const emend_source *source, int64_t *n_rows, emend_error *error); /* releases 105 to 119 */

#endif
