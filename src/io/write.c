/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>

#include "base/events.h"
#include "base/memory.h"
#include "base/team.h"
#include "io/writer.h"

/* Rows on their way, a block at a time: while one block is written the next one is read. */
typedef struct pouring {
  emend_writer *writer;
  const emend_rows *rows;
  emend_error *error;
  size_t width, block_rows; /* cells of a row; rows of a block */
  emend_cell *cells;        /* two blocks */
  size_t first;             /* the row with which the block begins that is written */
  emend_status status;      /* of writing it */
} pouring;

enum { WRITE, READ, TASKS };

static emend_cell *block_at(const pouring *p, size_t first) {
  return p->cells + first / p->block_rows % 2 * p->block_rows * p->width;
}

static size_t end_of_block(const pouring *p, size_t first) {
  size_t left = p->rows->n_rows - first;
  return first + (left < p->block_rows ? left : p->block_rows);
}

static void read_block(const pouring *p, size_t first) {
  emend_cell *cells = block_at(p, first);
  for (size_t row = first, end = end_of_block(p, first); row < end; row++, cells += p->width)
    p->rows->read(p->rows->state, row, cells);
}

static void write_block(pouring *p) {
  const emend_cell *cells = block_at(p, p->first);
  for (size_t row = p->first, end = end_of_block(p, p->first); row < end && !p->status; row++, cells += p->width)
    p->status = p->writer->row(p->writer, cells, p->error);
}

static void pour_block(void *state, size_t task) {
  pouring *p = state;
  size_t next = end_of_block(p, p->first);
  if (task == WRITE)
    write_block(p);
  else if (next < p->rows->n_rows)
    read_block(p, next);
}

static emend_status pour(pouring *p, emend_team *team, emend_events *events, emend_error *error) {
  size_t n = p->rows->n_rows;
  emend_status status = EMEND_OK;
  if (n > 0)
    read_block(p, 0);
  for (; p->first < n && !status; p->first = end_of_block(p, p->first)) {
    status = emend_progress(events, "write", (double)p->first / (double)n, "", error);
    if (!status)
      emend_team_run(team, TASKS, pour_block, p);
    status = status ? status : p->status;
  }
  return status;
}

/* One thread reads and one writes, if there are two and more than one block. */
static emend_status begin(pouring *p, emend_team **team) {
  enum { BLOCK_CELLS = 8192, MOST_ROWS = 1024 };
  const emend_rows *rows = p->rows;
  p->width = emend_dataset_variables(rows->dataset) + rows->n_added;
  p->block_rows = p->width < BLOCK_CELLS / MOST_ROWS ? MOST_ROWS : p->width < BLOCK_CELLS ? BLOCK_CELLS / p->width : 1;
  p->cells = emend_allocate(2 * p->block_rows, (p->width ? p->width : 1) * sizeof *p->cells);
  if (!p->cells)
    return emend_fail_memory(p->error);
  unsigned threads = rows->threads ? rows->threads : emend_cores();
  return rows->n_rows > p->block_rows ? emend_team_new(threads < TASKS ? threads : TASKS, team, p->error) : EMEND_OK;
}

emend_status emend_writer_pour(emend_writer *writer, const emend_rows *rows, emend_events *events, emend_error *error) {
  pouring p = {.writer = writer, .rows = rows, .error = error};
  emend_team *team = NULL;
  emend_status status = begin(&p, &team);
  if (!status)
    status = pour(&p, team, events, error);
  emend_team_free(team);
  free(p.cells);
  if (!status)
    status = writer->close(writer, error);
  return status ? status : emend_progress(events, "write", 1, "", error);
}
