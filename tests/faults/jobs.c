/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "faults/jobs.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "cli/command.h"
#include "faults/faults.h"
#include "support/support.h"

/* Writers note the time: the same for every run. Libraries must see it. */
__attribute__((visibility("default"))) time_t time(time_t *result) {
  const time_t always = 1700000000;
  if (result)
    *result = always;
  return always;
}

static const char survey[] =
    "id,name,size,weight,answer,day\n"
    "1,\"Ann, the first\",1.5,10.25,1,2024-01-05\n2,Bob,,11.5,2,2024-02-06\n3,Zo\xC3\xAB,2.25,,3,2024-03-07\n4,Dan,2.5,12.75,,\n"
    "5,Eve,3.125,14,1,2024-05-09\n6,,3.5,NA,2,2024-06-10\n7,Gus,,16.5,3,2024-07-11\n8,Hal,4.25,17,1,2024-08-12\n"
    "9,Ida,4.5,18.25,NA,2024-09-13\n10,Jim,5,,2,2024-10-14\n11,Kay,5.5,20.5,3,2024-11-15\n12,Leo,6.25,21,1,2024-12-16\n";

static const char changed[] = "id,name,size,answer,extra\n1,\"Ann, the first\",1.5,1,7\n2,Rob,2,2,7\n3,Zo\xC3\xAB,2.75,NA,7\n";

static void convert(const emend_file *file, const char *name) {
  emend_error *error = emend_error_new();
  emend_write_plan *plan = NULL;
  emend_output *output;
  emend_outputs *outputs = emend_outputs_new();
  emend_status status = emend_write_plan_new(file, NULL, name, NULL, &plan, error);
  if (!status)
    status = emend_outputs_open(outputs, support_scratch(name), 0, &output, error);
  if (!status)
    status = emend_write(plan, NULL, output, NULL, error);
  if (!status)
    status = emend_outputs_publish(outputs, error);
  ck_assert_msg(status == EMEND_OK, "%s: %s", name, emend_error_text(error));
  emend_outputs_free(outputs);
  emend_write_plan_free(plan);
  emend_error_free(error);
}

void jobs_make_files(void) {
  emend_file *file;
  support_write(support_scratch("survey.csv"), survey, sizeof survey - 1);
  ck_assert_int_eq(emend_file_read(support_scratch("survey.csv"), NULL, NULL, &file, NULL), EMEND_OK);
  support_write(support_scratch("changed.csv"), changed, sizeof changed - 1);
  for (const char *const *name = (const char *const[]){"survey.sav", "survey.zsav", "survey.dta", "survey.xpt", NULL}; *name; name++)
    convert(file, *name);
  emend_file_close(file);
  size_t length;
  unsigned char *sample = support_read(support_source("samples/gss2014_usermissing.sav"), &length);
  support_write(support_scratch("labels.sav"), sample, length);
  free(sample);
  ck_assert_int_eq(emend_file_read(support_scratch("labels.sav"), NULL, NULL, &file, NULL), EMEND_OK);
  convert(file, "labels.dta");
  emend_file_close(file);
}

/* A standard stream leads to a file of the scratch folder; returns where it led before. */
static int redirect(int stream, const char *name) {
  int before = fcntl(stream, F_DUPFD_CLOEXEC, 10), file = open(support_scratch(name), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  ck_assert(before >= 0 && file >= 0);
  dup2(file, stream);
  close(file);
  return before;
}

static void restore(int stream, int before) {
  dup2(before, stream);
  close(before);
}

/* Cuts the words at blanks. */
static int split(char *line, char **words, int most) {
  static char paths[32][512];
  int n = 0;
  for (char *word; (word = strsep(&line, " "));) {
    ck_assert_int_lt(n, most);
    words[n] = word;
    char *at = strchr(word, '@');
    if (at) {
      snprintf(paths[n], sizeof paths[n], "%.*s%s", (int)(at - word), word, support_scratch(at + 1));
      words[n] = paths[n];
    }
    n++;
  }
  return n;
}

int jobs_run(const char *text) {
  char line[1024], *words[32];
  snprintf(line, sizeof line, "%s", text);
  int n = split(line, words, 31);
  words[n] = NULL;
  const command *c = command_find(words[0]);
  ck_assert_ptr_nonnull(c);
  fflush(stdout), fflush(stderr);
  int out = redirect(STDOUT_FILENO, "stdout"), err = redirect(STDERR_FILENO, "stderr");
  faults_start();
  int status = c->run(c, n - 1, words + 1);
  faults_stop();
  fflush(stdout), fflush(stderr);
  restore(STDOUT_FILENO, out);
  restore(STDERR_FILENO, err);
  return status;
}

static void hide_seconds(char *text, size_t *length) {
  char *at = strstr(text, "\"seconds\""), *end = at ? strchr(at, '}') : NULL;
  if (!end)
    return;
  memmove(at, end, strlen(end) + 1);
  *length -= (size_t)(end - at);
}

char *jobs_content(const char *name, size_t *length) {
  const char *path = support_scratch(name);
  if (access(path, F_OK) != 0)
    return NULL;
  size_t bytes;
  char *text = (char *)support_read(path, &bytes);
  hide_seconds(text, &bytes);
  if (length)
    *length = bytes;
  return text;
}

size_t jobs_entries(void) {
  size_t count = 0;
  DIR *folder = opendir(support_scratch("."));
  ck_assert_ptr_nonnull(folder);
  for (struct dirent *entry; (entry = readdir(folder));)
    count += strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0;
  closedir(folder);
  return count;
}
