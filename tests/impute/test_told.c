/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What other answers of a row tell of a missing cell: totals of their parts, and answers of their filters. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/random.h"
#include "emend/emend.h"
#include "encode/kit.h"
#include "impute/run.h"
#include "impute/imputation.h"

static double uniform_at(size_t row, size_t use) { return emend_random_uniform(21, EMEND_STREAM_TEST, row, use); }

static double final(const run *r, size_t row, size_t v) {
  double value = NAN;
  if (!emend_imputation_cell(r->imputation, row, v, &value) && emend_cell_reason(r->dataset, row, v) == EMEND_OBSERVED)
    value = emend_cell_value(r->dataset, row, v);
  return value;
}

static const char *warning(const run *r, const char *words) {
  for (size_t i = 0; i < emend_events_warning_count(r->events); i++)
    if (strstr(emend_events_warning(r->events, i), words))
      return emend_events_warning(r->events, i);
  return NULL;
}

/* a and b run from 1 to 5; in the first rows the total says of b that it is 87, -2, 2.5, 3 and 15. */
enum { TOTAL, A, B, STRANGE = 5 };
static emend_dataset *scales(void) {
  static const double first[STRANGE][3] = {{90, 3, NAN}, {3, 5, NAN}, {3.5, 1, NAN}, {6, 3, NAN}, {18, 3, NAN}};
  emend_dataset *dataset = kit_new("sav");
  kit_number(dataset, "total"), kit_number(dataset, "a"), kit_number(dataset, "b");
  for (size_t i = 0; i < 80; i++) {
    double a = 1 + floor(5 * uniform_at(i, 0)), b = 1 + floor(5 * uniform_at(i, 1));
    kit_row(dataset, i < STRANGE ? first[i] : (double[]){a + b, a, b});
  }
  return dataset;
}

START_TEST(a_total_tells_what_its_part_may_be) {
  for (int bounds = 0; bounds < 3; bounds++) {
    run r = begin(scales());
    emend_plan_options_add_formula(r.options, NULL, "total = a + b", NULL, NULL);
    if (bounds == 1)
      emend_plan_options_add_bounds(r.options, "b", "0:20", NULL, NULL);
    if (bounds == 2)
      for (double code = 1; code <= 5; code++)
        kit_label(r.dataset, B, code, "agree");
    impute(&r, EMEND_METHOD_EXPECTATION);
    for (size_t row = 0; row < STRANGE; row++) {
      double b = final(&r, row, B);
      ck_assert_msg(b == rint(b) && b >= 1 && (b <= 5 || (bounds == 1 && row == 4)), "row %zu: %g", row, b);
    }
    ck_assert_double_eq(final(&r, 3, B), 3);
    ck_assert_int_eq(final(&r, 4, B) == 15, bounds == 1);
    char want[80];
    snprintf(want, sizeof want, "total is observed in %d rows where parts of it were imputed, and is not a + b", bounds == 1 ? 3 : 4);
    ck_assert(warning(&r, want));
    end(&r);
  }
}
END_TEST

/* Shares keep to the same: 9 of two scales that end at 5 is 4 and 5, and 12 cannot be. */
START_TEST(scales_that_share_a_total) {
  emend_dataset *dataset = kit_new("sav");
  kit_number(dataset, "total"), kit_number(dataset, "a"), kit_number(dataset, "b");
  for (size_t i = 0; i < 80; i++) {
    double a = 1 + floor(5 * uniform_at(i, 0)), b = 1 + floor(5 * uniform_at(i, 1));
    kit_row(dataset, i < 2 ? (double[]){i ? 12 : 9, NAN, NAN} : (double[]){a + b, a, b});
  }
  run r = begin(dataset);
  emend_plan_options_add_formula(r.options, NULL, "total = a + b", NULL, NULL);
  impute(&r, EMEND_METHOD_EXPECTATION);
  ck_assert_double_eq(final(&r, 0, A) + final(&r, 0, B), 9);
  ck_assert(final(&r, 0, A) <= 5 && final(&r, 0, B) <= 5 && final(&r, 1, A) <= 5 && final(&r, 1, B) <= 5);
  ck_assert(warning(&r, "total is observed in 1 row where parts"));
  end(&r);
}
END_TEST

/* Of a, 20 to 24 are codes that nobody has as an answer; what a and b share of a total could give them. */
START_TEST(shares_are_no_missing_codes) {
  enum { FIRST_CODE = 20, LAST_CODE = 24, ROWS = 240 };
  emend_dataset *dataset = kit_new("sav");
  kit_number(dataset, "total"), kit_number(dataset, "a"), kit_number(dataset, "b");
  for (size_t i = 0; i < ROWS; i++) {
    double a = floor(60 * uniform_at(i, 0)), b = floor(90 * uniform_at(i, 1));
    a = a >= FIRST_CODE && a <= LAST_CODE ? LAST_CODE + 1 : a;
    kit_row(dataset, i % 3 == 0 ? (double[]){a + b, NAN, NAN} : (double[]){a + b, a, b});
  }
  kit_declare(dataset, A, FIRST_CODE, LAST_CODE);
  run r = begin(dataset);
  emend_plan_options_add_formula(r.options, NULL, "total = a + b", NULL, NULL);
  impute(&r, EMEND_METHOD_EXPECTATION);
  size_t below = 0, above = 0, shared = 0;
  for (size_t row = 0; row < ROWS; row += 3) {
    double a = final(&r, row, A);
    ck_assert_msg(a < FIRST_CODE || a > LAST_CODE, "row %zu: %g", row, a);
    shared += a + final(&r, row, B) == final(&r, row, TOTAL), below += a < FIRST_CODE, above += a > LAST_CODE;
  }
  ck_assert(shared > 0 && below > 0 && above > 0);
  end(&r);
}
END_TEST

/* work is 1 or 2, and hrs is asked only of 1; what is known of x speaks for 2 in the rows whose work is missing: with an answer, with a
 * code that hrs does not apply, with neither. */
enum { WORK, HRS, X, FILTERED = 30 };
static emend_dataset *filtered_by(bool text, const char *label, bool stray) {
  emend_dataset *dataset = kit_new("sav");
  kit_add(dataset, "work", text ? EMEND_TEXT : EMEND_NUMERIC, text ? EMEND_STORAGE_TEXT : EMEND_STORAGE_F64);
  kit_number(dataset, "hrs"), kit_number(dataset, "x");
  kit_declare(dataset, HRS, 97, 97);
  kit_label(dataset, HRS, 97, label);
  for (size_t i = 0; i < 300; i++) {
    bool works = uniform_at(i, 0) < 0.5, hole = i < FILTERED;
    double hours = 20 + floor(30 * uniform_at(i, 1)), x = (works ? 0 : 1) + 0.3 * uniform_at(i, 2);
    if (hole)
      works = i % 3 == 0, x = works ? 1.15 : 0.15;
    hours = stray && !hole && i % 2 ? 97 : hours;
    double cells[] = {hole ? NAN : works ? 1 : 2, works ? hours : i % 3 == 1 ? 97 : NAN, x};
    kit_row(dataset, text ? cells + 1 : cells);
    if (cells[HRS] == 97)
      emend_dataset_put_number(dataset, HRS, 97, EMEND_USER_MISSING);
    if (text && !hole)
      ck_assert_int_eq(emend_dataset_put_text(dataset, WORK, works ? "yes" : "no", works ? 3 : 2, NULL), EMEND_OK);
  }
  return dataset;
}

static emend_dataset *filtered(bool text) { return filtered_by(text, "Not applicable", false); }

/* "Not working" tells that nobody worked where it stands beside answers that say so; where much of it stands beside others, it tells nothing,
 * and what is known of x decides. What says "not applicable" is believed. */
START_TEST(codes_that_may_say_who_tell_if_answers_agree) {
  for (int way = 0; way < 3; way++) {
    run r = begin(filtered_by(false, way == 2 ? "Not applicable" : "Not working", way > 0));
    emend_plan_options_add_only_if(r.options, "hrs", "work == 1", NULL, NULL);
    impute(&r, EMEND_METHOD_EXPECTATION);
    for (size_t row = 0; row < FILTERED; row++) {
      double work = final(&r, row, WORK);
      ck_assert_msg(row % 3 == 0 ? work == 1 : row % 3 == 2 || work == (way == 1 ? 1 : 2), "way %d, row %zu: %g", way, row, work);
      ck_assert_int_eq(isnan(final(&r, row, HRS)), row % 3 == 1 || work == 2);
    }
    end(&r);
  }
}
END_TEST

START_TEST(answers_tell_their_filter) {
  for (int kind = 0; kind < 3; kind++)
    for (int method = EMEND_METHOD_EXPECTATION; method <= EMEND_METHOD_MODE; method++) {
      run r = begin(filtered(kind == 2));
      emend_plan_options_add_only_if(r.options, "hrs", kind == 2 ? "work == 'yes'" : "work == 1", NULL, NULL);
      emend_plan_options_add_codes(r.options, 0, "hrs", "97", NULL, NULL);
      if (kind == 1)
        ck_assert_int_eq(emend_plan_options_set_type(r.options, EMEND_TYPE_NOMINAL, "work", NULL), EMEND_OK);
      impute(&r, (emend_method)method);
      for (size_t row = 0; row < FILTERED; row++) {
        const char *word = kind == 2 ? emend_imputation_text(r.imputation, row, WORK) : NULL;
        double work = word ? (strcmp(word, "yes") == 0 ? 1 : 2) : final(&r, row, WORK), hours = final(&r, row, HRS);
        ck_assert_msg(row % 3 == 2 ? work == 1 || work == 2 : work == (row % 3 == 0 ? 1 : 2), "kind %d, method %d, row %zu: %g", kind,
                      method, row, work);
        ck_assert_int_eq(isnan(hours), row % 3 == 1 || work == 2);
      }
      ck_assert(!warning(&r, "imputed values say"));
      ck_assert_uint_eq(emend_imputation_broken(r.imputation), 0);
      end(&r);
    }
}
END_TEST

/* A filter lacks answers, and a condition that codes for not applicable show, or blanks do, tells what comes there: nothing that the codes or
 * answers of the row contradict. */
START_TEST(found_conditions_tell_their_filter) {
  enum { JOB = 1, N = 500, LACKING = 40 };
  for (int coded = 0; coded < 3; coded++)
    for (int method = EMEND_METHOD_EXPECTATION; method <= EMEND_METHOD_MODE; method++) {
      run r = begin(kit_new("sav"));
      kit_number(r.dataset, "work"), kit_number(r.dataset, "job"), kit_number(r.dataset, "x");
      kit_declare(r.dataset, JOB, -1, -1), kit_label(r.dataset, JOB, -1, coded == 2 ? "Not working" : "Not applicable");
      for (size_t i = 0; i < N; i++) {
        bool works = uniform_at(i, 0) < 0.6;
        kit_row(r.dataset, (double[]){i < LACKING ? NAN : works ? 1 : 2, works ? 1 + floor(5 * uniform_at(i, 1)) : coded ? -1 : NAN, uniform_at(i, 2)});
        if (!works && coded)
          emend_dataset_put_number(r.dataset, JOB, -1, EMEND_USER_MISSING);
      }
      impute(&r, (emend_method)method);
      for (size_t row = 0; row < LACKING; row++) {
        double work = final(&r, row, WORK);
        ck_assert(work == 1 || work == 2);
        ck_assert_int_eq(work == 1, !isnan(final(&r, row, JOB)));
      }
      end(&r);
    }
}
END_TEST

/* Several questions hang on one filter: of its four values the one is chosen that agrees with them all; none that is not among the answers
 * of the row. */
START_TEST(a_filter_agrees_with_all_answers) {
  enum { EMPLOYMENT, HOURS, STAFF, PENSION };
  emend_dataset *dataset = kit_new("sav");
  kit_number(dataset, "empl"), kit_number(dataset, "hours"), kit_number(dataset, "staff"), kit_number(dataset, "pension");
  for (size_t i = 0; i < 200; i++) {
    double empl = 1 + floor(4 * uniform_at(i, 0));
    empl = i < 12 ? (double[]){2, 4, 1}[i % 3] : empl;
    kit_row(dataset, (double[]){i < 12 ? NAN : empl, empl <= 2 ? 20 + floor(20 * uniform_at(i, 1)) : NAN,
                                empl == 2 ? 1 + floor(9 * uniform_at(i, 2)) : NAN, empl == 4 ? 500 + floor(99 * uniform_at(i, 3)) : NAN});
  }
  run r = begin(dataset);
  emend_plan_options_add_only_if(r.options, "hours", "empl <= 2", NULL, NULL);
  emend_plan_options_add_only_if(r.options, "staff", "empl == 2", NULL, NULL);
  emend_plan_options_add_only_if(r.options, "pension", "empl == 4", NULL, NULL);
  emend_plan_options_set_type(r.options, EMEND_TYPE_NOMINAL, "empl", NULL);
  impute(&r, EMEND_METHOD_EXPECTATION);
  for (size_t row = 0; row < 12; row++) {
    double empl = final(&r, row, EMPLOYMENT);
    ck_assert_msg(row % 3 == 0 ? empl == 2 : row % 3 == 1 ? empl == 4 : empl == 1 || empl == 2, "row %zu: %g", row, empl);
  }
  end(&r);
}
END_TEST

/* A filter of many fractions gets an answer that others gave and that agrees; where none can (two questions of which one is for the old and one
 * for the young), answers and codes that are contradicted are counted. */
START_TEST(filters_of_many_numbers) {
  enum { AGE, VOTE, TOY, X, BOTH = 7, CODED = 10, VOTED = 14 };
  for (int method = EMEND_METHOD_EXPECTATION; method <= EMEND_METHOD_MODE; method++) {
    run r = begin(kit_new("sav"));
    kit_number(r.dataset, "age"), kit_number(r.dataset, "vote"), kit_number(r.dataset, "toy"), kit_number(r.dataset, "x");
    kit_declare(r.dataset, VOTE, 97, 97);
    kit_label(r.dataset, VOTE, 97, "inapplicable");
    for (size_t i = 0; i < 400; i++) {
      double age = 90 * uniform_at(i, 0), vote = age >= 18 ? 1 + floor(3 * uniform_at(i, 1)) : NAN, toy = age < 12 ? 1 + floor(4 * uniform_at(i, 2)) : NAN;
      kit_row(r.dataset, i < BOTH    ? (double[]){NAN, 2, 3, 1}
                         : i < CODED ? (double[]){NAN, 97, NAN, 80}
                         : i < VOTED ? (double[]){NAN, 1, NAN, 3}
                                     : (double[]){age, vote, toy, age});
      if (i >= BOTH && i < CODED)
        emend_dataset_put_number(r.dataset, VOTE, 97, EMEND_USER_MISSING);
    }
    emend_plan_options_add_only_if(r.options, "vote", "age >= 18", NULL, NULL);
    emend_plan_options_add_only_if(r.options, "toy", "age < 12", NULL, NULL);
    impute(&r, (emend_method)method);
    for (size_t row = BOTH; row < VOTED; row++)
      ck_assert_msg(row < CODED ? final(&r, row, AGE) < 18 : final(&r, row, AGE) >= 18, "method %d, row %zu: %g", method, row, final(&r, row, AGE));
    size_t contradicted = 0;
    for (size_t row = 0; row < BOTH; row++)
      contradicted += final(&r, row, AGE) < 18;
    char said[128];
    snprintf(said, sizeof said, "vote has %zu answer%s in rows where imputed values say that it was not asked (only if age >= 18); ", contradicted, contradicted == 1 ? "" : "s");
    ck_assert_int_eq(warning(&r, said) != NULL, contradicted > 0);
    ck_assert(contradicted > 0 || warning(&r, "toy has 7 answers in rows where imputed values say that it was not asked (only if age < 12); they stay"));
    end(&r);
  }
}
END_TEST

/* Conditions are settled before totals tell their parts: b is answered, so that work is 1 and a is asked. */
START_TEST(a_part_that_hangs_on_a_filter) {
  enum { W, PART, OTHER, SUM };
  for (int method = EMEND_METHOD_EXPECTATION; method <= EMEND_METHOD_MODE; method++) {
    emend_dataset *dataset = kit_new("sav");
    kit_number(dataset, "work"), kit_number(dataset, "a"), kit_number(dataset, "b"), kit_number(dataset, "total");
    for (size_t i = 0; i < 200; i++) {
      bool works = i % 4 != 1;
      double a = 30 + floor(70 * uniform_at(i, 0)), b = 30 + floor(70 * uniform_at(i, 1));
      kit_row(dataset, i == 0 ? (double[]){NAN, NAN, 97, 155} : works ? (double[]){1, a, b, a + b} : (double[]){2, NAN, NAN, NAN});
    }
    run r = begin(dataset);
    emend_plan_options_add_only_if(r.options, "a b", "work == 1", NULL, NULL);
    emend_plan_options_add_formula(r.options, NULL, "total = a + b", NULL, NULL);
    impute(&r, (emend_method)method);
    ck_assert_double_eq(final(&r, 0, W), 1);
    ck_assert_double_eq(final(&r, 0, PART), 58);
    ck_assert(isnan(final(&r, 1, PART)) && isnan(final(&r, 1, SUM)));
    ck_assert(!warning(&r, "total is observed"));
    end(&r);
  }
}
END_TEST

/* total = wage + bonus + partner, of whom every third has none: a code says so, or a condition. In the first 40 of these rows bonus is
 * missing. From `first_without` on there is no total, and perhaps nobody knows who is married. */
enum { INCOME, WAGE, BONUS, PARTNER, MARRIED, ROWS = 300 };
static emend_dataset *incomes(bool code, bool adds_up, size_t first_without, bool unsure) {
  emend_dataset *dataset = kit_new("sav");
  kit_number(dataset, "total"), kit_number(dataset, "wage"), kit_number(dataset, "bonus"), kit_number(dataset, "partner"),
      kit_number(dataset, "married");
  kit_declare(dataset, PARTNER, -1, -1);
  kit_label(dataset, PARTNER, -1, "IAP");
  for (size_t i = 0; i < ROWS; i++) {
    bool single = i % 3 == 0;
    double wage = floor(1000 * uniform_at(i, 0)), bonus = floor(100 * uniform_at(i, 1)), partner = floor(900 * uniform_at(i, 2));
    double total = wage + bonus + (single ? (adds_up ? 0 : 50) : partner);
    bool without = i >= first_without;
    kit_row(dataset, (double[]){without ? NAN : total, wage, i < 120 && single ? NAN : bonus, single ? NAN : partner,
                                unsure && without ? NAN
                                : single          ? 2
                                                  : 1});
    if (single && code)
      emend_dataset_put_number(dataset, PARTNER, -1, EMEND_USER_MISSING);
  }
  return dataset;
}

START_TEST(parts_that_do_not_apply) {
  for (int code = 0; code < 2; code++)
    for (int adds_up = 0; adds_up < 2; adds_up++) {
      run r = begin(incomes(code, adds_up, ROWS, false));
      emend_plan_options_add_formula(r.options, NULL, "total = wage + bonus + partner", NULL, NULL);
      if (!code)
        emend_plan_options_add_only_if(r.options, "partner", "married == 1", NULL, NULL);
      impute(&r, EMEND_METHOD_EXPECTATION);
      for (size_t i = 0; i < 120 && adds_up; i += 3)
        ck_assert_double_eq(final(&r, i, BONUS), emend_cell_value(r.dataset, i, INCOME) - emend_cell_value(r.dataset, i, WAGE));
      for (size_t i = 0; i < ROWS; i += 3)
        ck_assert(isnan(final(&r, i, PARTNER)));
      ck_assert_int_eq(
          warning(&r,
                  "total: in 40 rows partner does not apply and counts as 0, as it does in 60 of the 60 rows where all else is answered") !=
              NULL,
          adds_up);
      ck_assert_int_eq(
          warning(&r, "total is observed in 40 rows where parts of it were imputed without it, as another part stays missing") != NULL,
          !adds_up);
      end(&r);
    }
}
END_TEST

/* The same where the total is missing: it is computed without them, or stays, which is said. Where the condition hangs on who is married,
 * the total follows. */
START_TEST(totals_of_parts_that_do_not_apply) {
  for (int code = 0; code < 2; code++)
    for (int adds_up = 0; adds_up < 2; adds_up++)
      for (int unsure = 0; unsure < 2 - code; unsure++) {
        run r = begin(incomes(code, adds_up, 270, unsure));
        emend_plan_options_add_formula(r.options, NULL, "total = wage + bonus + partner", NULL, NULL);
        if (!code)
          emend_plan_options_add_only_if(r.options, "partner", "married == 1", NULL, NULL);
        r.plan = kit_plan(r.dataset, r.options);
        size_t promised = emend_plan_missing(r.plan, INCOME).fill;
        emend_plan_free(r.plan);
        impute(&r, EMEND_METHOD_EXPECTATION);
        size_t computed = 0;
        for (size_t i = 270; i < ROWS; i++) {
          double partner = final(&r, i, PARTNER), total = final(&r, i, INCOME);
          if (isnan(partner) && !adds_up)
            ck_assert(isnan(total));
          else
            ck_assert_double_eq(total, final(&r, i, WAGE) + final(&r, i, BONUS) + (isnan(partner) ? 0 : partner));
          computed += !isnan(total);
        }
        ck_assert_uint_eq(promised, unsure || adds_up ? 30 : 20);
        ck_assert(adds_up ? computed == 30 : unsure || computed == 20);
        ck_assert_int_eq(warning(&r, "total stays missing in 10 rows where partner does not apply: that it counts as 0 there is shown by 0 "
                                     "of 50 rows where all else is answered") != NULL,
                         !adds_up && !unsure);
        end(&r);
      }
}
END_TEST

/* Nothing is the sum of nothing; and a part that stays missing for another reason is named. */
START_TEST(totals_that_stay_missing) {
  enum { S, X, Y, KEPT };
  emend_dataset *dataset = kit_new("sav");
  kit_number(dataset, "s"), kit_number(dataset, "x"), kit_number(dataset, "y"), kit_number(dataset, "kept");
  for (size_t v = X; v <= KEPT; v++) {
    kit_declare(dataset, v, 97, 98);
    kit_label(dataset, v, 97, "Not applicable"), kit_label(dataset, v, 98, "Refused");
  }
  for (size_t i = 0; i < 90; i++) {
    double x = floor(90 * uniform_at(i, 0)), y = floor(90 * uniform_at(i, 1)), kept = floor(90 * uniform_at(i, 2));
    bool no_x = i % 3 == 0 || i % 7 == 0, no_y = i % 3 == 1 || i % 7 == 0;
    kit_row(dataset, (double[]){i < 60 ? (no_x ? 0 : x) + (no_y ? 0 : y) : NAN, x, y, kept});
    if (no_x)
      emend_dataset_put_number(dataset, X, 97, EMEND_USER_MISSING);
    if (no_y)
      emend_dataset_put_number(dataset, Y, i == 61 || i == 64 ? 98 : 97, EMEND_USER_MISSING);
  }
  run r = begin(dataset);
  emend_plan_options_add_formula(r.options, NULL, "s = x + y", NULL, NULL);
  emend_plan_options_add_codes(r.options, 0, "y", "98", NULL, NULL);
  impute(&r, EMEND_METHOD_EXPECTATION);
  for (size_t i = 60; i < 90; i++) {
    double x = final(&r, i, X), y = final(&r, i, Y), s = final(&r, i, S);
    bool stays = i % 7 == 0 || i == 61 || i == 64;
    ck_assert_msg(isnan(s) == stays, "row %zu", i);
    if (!stays)
      ck_assert_double_eq(s, (isnan(x) ? 0 : x) + (isnan(y) ? 0 : y));
  }
  ck_assert(warning(&r, "s stays missing in 2 rows where y does"));
  ck_assert(warning(&r, "s stays missing in 4 rows where none of its parts applies"));
  end(&r);
}
END_TEST

SUITE {
  Suite *suite = suite_create("told");
  TCase *all = tcase_create("all");
  tcase_add_test(all, a_total_tells_what_its_part_may_be);
  tcase_add_test(all, scales_that_share_a_total);
  tcase_add_test(all, shares_are_no_missing_codes);
  tcase_add_test(all, answers_tell_their_filter);
  tcase_add_test(all, codes_that_may_say_who_tell_if_answers_agree);
  tcase_add_test(all, found_conditions_tell_their_filter);
  tcase_add_test(all, a_filter_agrees_with_all_answers);
  tcase_add_test(all, filters_of_many_numbers);
  tcase_add_test(all, a_part_that_hangs_on_a_filter);
  tcase_add_test(all, parts_that_do_not_apply);
  tcase_add_test(all, totals_of_parts_that_do_not_apply);
  tcase_add_test(all, totals_that_stay_missing);
  suite_add_tcase(suite, all);
  return suite;
}
