/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <string.h>

#include "encode/kit.h"
#include "encode/plan.h"

enum { ROWS = 200 };

/* A service's columns, a question and what else is in the file; the third variable comes as one of several. */
static emend_dataset *survey(const char *first, const char *second, const char *third, double (*value)(size_t)) {
  emend_dataset *dataset = kit_new("csv");
  kit_number(dataset, first), kit_number(dataset, second), kit_number(dataset, third), kit_number(dataset, "q1");
  for (size_t i = 0; i < ROWS; i++) {
    bool done = i % 4 != 1;
    double progress = done ? 100 : 10 + (double)(i % 80), answer = done ? 1 + (double)(i % 5) : NAN;
    kit_row(dataset, (double[]){progress, done, value(i), answer});
  }
  return dataset;
}

static double seconds(size_t i) { return i % 50 ? 60 + (double)(i * 37 % 900) : NAN; }
static double rarely(size_t i) { return i % 3 ? 60 + (double)(i * 37 % 900) : NAN; }
static double negative(size_t i) { return (double)(i % 40) - 20; }

static const struct {
  const char *names[3];
  double (*third)(size_t);
  bool set_aside[3];
} surveys[] = {
    {{"progress", "finished", "duration"}, seconds, {true, true, true}},
    {{"Progress", "Finished", "Duration (in seconds)"}, seconds, {true, true, true}},
    {{"progress", "done", "interviewtime"}, seconds, {true, false, true}},
    {{"lastpage", "submitted", "Q7Time"}, seconds, {true, true, false}},
    {{"progress", "finished", "Q1_Page Submit"}, seconds, {true, true, true}},
    {{"progress", "finished", "duration"}, rarely, {true, true, false}},   /* how long somebody was out of work */
    {{"progress", "finished", "duration"}, negative, {true, true, false}},
    {{"progress", "married", "duration"}, seconds, {false, false, false}}, /* nothing here is a service's for sure */
    {{"score", "finished", "duration"}, seconds, {false, false, false}},
    {{"score", "finished", "travel_time"}, seconds, {false, false, false}},
    {{"score", "travel_time", "redcap_repeat_instance"}, seconds, {false, false, true}},
};

START_TEST(what_services_add) {
  emend_dataset *dataset = survey(surveys[_i].names[0], surveys[_i].names[1], surveys[_i].names[2], surveys[_i].third);
  emend_plan *plan = kit_plan(dataset, NULL);
  for (size_t v = 0; v < 3; v++) {
    ck_assert_msg((emend_plan_role(plan, v) == EMEND_ROLE_EXCLUDED) == surveys[_i].set_aside[v], "%s", surveys[_i].names[v]);
    ck_assert(!surveys[_i].set_aside[v] || (strstr(emend_plan_why(plan, v), "about the interview") && emend_plan_missing(plan, v).fill == 0));
  }
  ck_assert_int_eq(emend_plan_role(plan, 3), EMEND_ROLE_FILL);
  emend_plan_free(plan);
  emend_dataset_free(dataset);
}
END_TEST

static double nothing(size_t i) { return i < ROWS ? NAN : 0; }

/* What is empty is a service's only beside a sure sign of one, and there is nothing to take in. */
static const struct {
  const char *names[3];
  bool set_aside;
} blanks[] = {
    {{"lastpage", "other", "token"}, true},
    {{"progress", "finished", "Duration"}, true},
    {{"score", "other", "status"}, false},
    {{"score", "other", "device"}, false},
    {{"score", "other", "firstname"}, false},
    {{"score", "other", "redcap_repeat_instance"}, true},
    {{"lastpage", "other", "Q4[other]"}, true},
    {{"_submission_time", "other", "_validation_status"}, true},
    {{"score", "other", "Q4_other"}, false},
};

START_TEST(what_is_blank) {
  emend_dataset *dataset = survey(blanks[_i].names[0], blanks[_i].names[1], blanks[_i].names[2], nothing);
  emend_plan *plan = kit_plan(dataset, NULL);
  const char *why = emend_plan_why(plan, 2);
  ck_assert_msg((strstr(why, "about the interview") != NULL) == blanks[_i].set_aside, "%s", blanks[_i].names[2]);
  ck_assert_ptr_null(strstr(why, "--vars"));
  ck_assert_uint_eq(emend_plan_missing(plan, 2).unanswered, blanks[_i].set_aside ? 0 : ROWS);
  emend_plan_free(plan);
  emend_dataset_free(dataset);
}
END_TEST

START_TEST(a_name_takes_them_in) {
  emend_dataset *dataset = survey("progress", "finished", "duration", seconds);
  emend_plan_options *options = emend_plan_options_new();
  emend_plan_options_set_type(options, EMEND_TYPE_CONTINUOUS, "duration", NULL);
  emend_plan_options_set_type(options, EMEND_TYPE_BINARY, "finished", NULL);
  emend_plan *plan = kit_plan(dataset, options);
  ck_assert_int_eq(emend_plan_role(plan, 0), EMEND_ROLE_EXCLUDED);
  ck_assert_int_eq(emend_plan_role(plan, 1), EMEND_ROLE_FILL);
  ck_assert_int_eq(emend_plan_role(plan, 2), EMEND_ROLE_FILL);
  emend_plan_free(plan);
  emend_plan_options_free(options);
  emend_dataset_free(dataset);
}
END_TEST

SUITE {
  Suite *suite = suite_create("paradata");
  TCase *all = tcase_create("all");
  tcase_add_loop_test(all, what_services_add, 0, sizeof surveys / sizeof *surveys);
  tcase_add_loop_test(all, what_is_blank, 0, sizeof blanks / sizeof *blanks);
  tcase_add_test(all, a_name_takes_them_in);
  suite_add_tcase(suite, all);
  return suite;
}
