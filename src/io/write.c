/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>

#include "base/events.h"
#include "base/memory.h"
#include "io/writer.h"

emend_status emend_writer_pour(emend_writer *writer, const emend_rows *rows, emend_events *events, emend_error *error) {
  enum { REPORT_EVERY = 1024 };
  emend_cell *cells = emend_allocate(emend_dataset_variables(rows->dataset) + rows->n_added, sizeof *cells);
  if (!cells)
    return emend_fail_memory(error);
  emend_status status = EMEND_OK;
  for (size_t row = 0; row < rows->n_rows && !status; row++) {
    if (row % REPORT_EVERY == 0)
      status = emend_progress(events, "write", (double)row / (double)rows->n_rows, "", error);
    if (status)
      break;
    rows->read(rows->state, row, cells);
    status = writer->row(writer, cells, error);
  }
  emend_status closing = status ? status : writer->close(writer, error);
  free(cells);
  return closing ? closing : emend_progress(events, "write", 1, "", error);
}
