/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/fold.h"
#include "encode/kit.h"
#include "encode/plan.h"
#include "encode/scale_words.h"
#include "encode/steps.h"

/* A text variable of which ten rows have each of some answers, which bars separate. */
static emend_dataset *answers(const char *texts) {
  emend_dataset *dataset = kit_new("csv");
  kit_add(dataset, "q", EMEND_TEXT, EMEND_STORAGE_LONG_TEXT);
  for (const char *at = texts; *at; at += strcspn(at, "|"), at += *at == '|')
    for (int i = 0; i < 10; i++) {
      kit_row(dataset, NULL);
      ck_assert_int_eq(emend_dataset_put_text(dataset, 0, at, strcspn(at, "|"), NULL), EMEND_OK);
    }
  return dataset;
}

/* The order that a plan finds, with bars; "" if it finds none. Until the next call. */
static const char *order_of(const char *texts, const char *wish) {
  static char found[4096];
  emend_dataset *dataset = answers(texts);
  emend_plan_options *options = emend_plan_options_new();
  if (wish)
    ck_assert_int_eq(emend_plan_options_add_order(options, NULL, wish, NULL, NULL), EMEND_OK);
  emend_plan *plan = kit_plan(dataset, options);
  found[0] = '\0';
  for (size_t k = 0; k < emend_plan_steps(plan, 0); k++)
    sprintf(found + strlen(found), "%s%s", k ? "|" : "", emend_plan_step(plan, 0, k));
  ck_assert((emend_plan_type(plan, 0) == EMEND_TYPE_ORDINAL) == (*found != '\0'));
  emend_plan_free(plan);
  emend_plan_options_free(options);
  emend_dataset_free(dataset);
  return found;
}

/* Each in its order, the lowest first. */
static const char *const scales[] = {
    "18-24|25-34|35-44|65+",
    "Under 18|18 to 24|25 to 34|75 or older",
    "<18|18–24|25–34|>34",
    "0-9|10-19|100-109|110-119", /* not by their bytes */
    "00-04|05-09|10-14",
    "10-20|20-30|30-40",
    "$0-$9,999|$10,000-$19,999|$20,000 or more",
    "unter 10.000 €|10.000 – 19.999 €|20.000 € und mehr",
    "Less than 1 hour|1–2 hours|3-5 hours|More than 5 hours",
    "None|Less than 1 hour|1-2 hours",
    "less than a month|1-6 months|7-12 months|1-2 years|more than 2 years",
    "None|1-2 times|3 or more",
    "Never|once|2-3 times|more than 3 times",
    "1|2|3|4|5 or more",
    "<$25k|$25k-$50k|$50-75k|$75k+",
    "bis 17 Jahre|18 bis 24 Jahre|25 bis 34 Jahre|ab 35 Jahre",
    "unter 5|5 bis unter 10|10 bis unter 20|20 und mehr",
    "moins de 18 ans|18 à 24 ans|25 à 34 ans|65 ans et plus",
    "moins d'un an|1 à 2 ans|plus de 2 ans",
    "menos de 18 años|18 a 24 años|25 a 34 años|más de 34 años",
    "entre 18 y 24 años|entre 25 y 34 años|35 años o más",
    "meno di 18 anni|da 18 a 24 anni|25-34 anni|oltre 34 anni",
    "até 17 anos|18 a 24 anos|25 a 34 anos|35 anos ou mais",
    "minder dan 18 jaar|18 tot 24 jaar|25 jaar of ouder",
    "1 to 9 employees|10 to 49 employees|50 or more employees",
    "1-2 times a week|3-4 times a week|5 or more times a week",
    "0%|1-25%|26-50%|51-100%",
    "Low|Medium|High",
    "low|HIGH|Very high",
    "Strongly disagree|Disagree|Neither agree nor disagree|Agree|Strongly agree",
    "Strongly disagree|Somewhat disagree|Neutral|Somewhat agree|Strongly agree",
    "Disagree strongly|Disagree slightly|Agree slightly|Agree strongly",
    "Extremely dissatisfied|Somewhat dissatisfied|Neither satisfied nor dissatisfied|Somewhat satisfied|Extremely satisfied",
    "Not at all important|Not so important|Somewhat important|Very important|Extremely important",
    "Not at all|A little|A moderate amount|A lot|A great deal",
    "Not at all|Slightly|Moderately|Very|Extremely",
    "Never|Rarely|Sometimes|Often|Always",
    "Never|Sometimes|About half the time|Most of the time|Always",
    "Never|Less than once a month|Once a month|Once a week|Daily",
    "Not at all|Several days|More than half the days|Nearly every day",
    "Poor|Fair|Good|Very good|Excellent",
    "Very unlikely|Unlikely|Neutral|Likely|Very likely",
    "Much worse|Somewhat worse|About the same|Somewhat better|Much better",
    "Definitely not|Probably not|Might or might not|Probably yes|Definitely yes",
    "Mild|Moderate|Severe",
    "stimme überhaupt nicht zu|stimme eher nicht zu|teils/teils|stimme eher zu|stimme voll und ganz zu",
    "trifft gar nicht zu|trifft eher nicht zu|trifft eher zu|trifft voll zu",
    "sehr unzufrieden|eher unzufrieden|weder noch|eher zufrieden|sehr zufrieden",
    "nie|selten|manchmal|oft|immer",
    "Sehr schlecht|Schlecht|Mittelmäßig|Gut|Sehr gut",
    "niedrig|mittel|hoch",
    "Pas du tout d'accord|Plutôt pas d'accord|Plutôt d'accord|Tout à fait d'accord",
    "Jamais|Rarement|Parfois|Souvent|Toujours",
    "Pas du tout satisfait|Peu satisfait|Satisfait|Très satisfait",
    "Très mauvais|Mauvais|Moyen|Bon|Très bon",
    "Totalmente en desacuerdo|En desacuerdo|Ni de acuerdo ni en desacuerdo|De acuerdo|Totalmente de acuerdo",
    "Nunca|Casi nunca|A veces|Casi siempre|Siempre",
    "Nada|Poco|Algo|Bastante|Mucho",
    "Bajo|Medio|Alto",
    "Per niente d'accordo|Poco d'accordo|Abbastanza d'accordo|Molto d'accordo",
    "Mai|Raramente|A volte|Spesso|Sempre",
    "Discordo totalmente|Discordo|Não concordo nem discordo|Concordo|Concordo totalmente",
    "Nunca|Raramente|Às vezes|Frequentemente|Sempre",
    "Helemaal mee oneens|Mee oneens|Neutraal|Mee eens|Helemaal mee eens",
    "Nooit|Zelden|Soms|Vaak|Altijd",
    "Zeer ontevreden|Ontevreden|Tevreden|Zeer tevreden",
    "1 - Strongly disagree|2|3|4|5 - Strongly agree",
    "1. Never|2. Sometimes|3. Always",
    "1 - Left|2|3|4|5 - Right",
    "0 - Not at all likely|1|2|10 - Extremely likely",
    "1 Always|2 Sometimes|3 Never",
    "1 - Never|2|3|4",
    "No employees|1 to 9 employees|10 or more employees",
    "No hours|1-5 hours|6 or more hours",
    "None|R$ 1.000 - R$ 1.999|R$ 2.000 ou mais",
    "1 or 2|3 or 4|5 or more",
    "1 oder 2|3 oder 4|5 oder mehr",
    "bis unter 500 €|500 bis unter 1000 €|1000 € und mehr",
    "no children|1 child|2 children",
    "Very unlikely|Unlikely|Not sure|Likely|Very likely",
    "Far below expectations|Below expectations|Met expectations|Exceeded expectations|Far exceeded expectations",
    "Far below|Below|Met|Exceeded|Far exceeded",
    "1 star|2 stars|3 stars|4 stars|5 stars",
    "1 Stern|2 Sterne|3 Sterne|4 Sterne",
    "Underweight|Normal|Overweight|Obese",
    "Untergewicht|Normalgewicht|Übergewicht|Adipositas",
    ("Less than high school degree|High school graduate (high school diploma or equivalent including GED)|Some college but no degree|"
     "Associate degree in college (2-year)|Bachelor's degree in college (4-year)|Master's degree|Doctoral degree|Professional degree (JD, MD)"),
    "Less than high school|High school graduate|Some college|2 year degree|4 year degree|Professional degree|Doctorate",
    "Kein Abschluss|Hauptschulabschluss|Mittlere Reife|Fachhochschulreife|Abitur",
    "Sin estudios|Primaria|Secundaria|Bachillerato|Universidad|Posgrado",
    "Ensino fundamental|Ensino médio|Ensino superior|Pós-graduação",
    "nie|seltener als einmal im Monat|1-3 mal im Monat|einmal pro Woche|mehrmals pro Woche|täglich",
    "never|less than once a month|1-3 times a month|once a week|several times a week|daily",
    "No trust at all|Little trust|Some trust|Much trust|Complete trust",
    "1 = Very dissatisfied|2 = Dissatisfied|3 = Neutral|10 = Very satisfied",
};

START_TEST(scales_are_found) {
  static char backwards[4096];
  const char *texts = scales[_i], *found = order_of(texts, NULL);
  size_t at = 0;
  for (const char *end = texts + strlen(texts), *p = end; p > texts; end = p - (p > texts)) { /* some families begin with the highest */
    for (p = end; p > texts && p[-1] != '|';)
      p--;
    at += (size_t)sprintf(backwards + at, "%s%.*s", at ? "|" : "", (int)(end - p), p);
    if (p == texts)
      break;
  }
  ck_assert_msg(strcmp(found, texts) == 0 || strcmp(found, backwards) == 0, "%s: \"%s\"", texts, found);
}
END_TEST

/* What has no order for certain stays a category. */
static const char *const others[] = {
    "Male|Female|Other",
    "Low|High", /* of two the order does not matter */
    "Labour|Conservative|Liberal Democrat",
    "1 - Labour|2 - Conservative|3 - Green",
    "1. North|2. South|3. East",
    "18-24-35|18-24-36|18-24-37",
    "2019-03|2019-04|2020-01",
    "2018-19|2019-20|2020-21",
    "555-1234|555-9876|556-1000",
    "030-1234|031-4567|032-9999",
    "A-B|B-C|C-D",
    "1010|1020|1030",
    "1234-567|1100-345|2000-111",
    "02139-4307|10001-2000|90210-1111",
    "1-2|0-1|3-0",
    "0-1|1-1|2-1",
    "18-24|20-29|25-34", /* they overlap */
    "0-10|5-15|20+",
    "18-24|18 to 24|25-34|35+", /* two spellings of one band that do not look alike */
    "1-5|5|6-9",
    "65|65+|70-74|80-85",
    "10-20W|5-10W|30-40W",
    "10W-40|5W-30|0W-20",
    "Q1|Q2|Q3+",
    "A1-2|A3-4|A5+",
    "10 apples|20 pears|30+ plums",
    "1-2 days|1-2 weeks|3",
    "once a week|2-3 times a month|once a year or more",
    "1/2|3/4|5/6",
    "10:00-12:00|12:00-14:00|14:00-16:00",
    "Agree|Disagree|Maybe later",
    "Never|Sometimes|Often|It depends",
    "Often|Frequently|Never|Always", /* of one step */
    "Agree|Strongly agree|Completely disagree|Dissatisfied",
    "Good|Bad|Ugly",
    "Red|Green|Blue",
    "Married|Divorced|Never married",
    "Full time|Part time|Not at all",
    "Yes|No|Maybe",
    "nie|always|jamais",
    "001|002-003|004+",
    "High school|College|Graduate",
    "Small business|Medium business|Government",
    "<5|5+|+5",
    "1 - Never|2 - Always|3 - Sometimes", /* numbers against words */
    "1. Never|1. Sometimes|2. Always",
    "-5|5-6|7+",
    "1 - Left|2|3 - Green|4|5 - Right",
    "1 Berlin|2|3", /* anything may stand behind a number */
    "1|2|3|4|5|6 - Other",
    "1 - Never|2|3|4|5 - Other, please specify",
    "1 - nie|2|3|4 - Sonstiges",
    "No opinion|1-2 times|3 or more", /* no number */
    "No longer with us|1 to 5 years|more than 5 years",
    "None of these|1-2|3 or more",
    "Keine der genannten|1-2|3 und mehr",
    "Nunca he trabajado|1 a 5 años|más de 5 años",
    "no tiene|1 a 2|3 o más",
    "No opinion|No comment|1-2|3+",
    "Ward 1|Ward 2|Ward 3-5", /* numbers that are names */
    "Room 1|Room 2|Room 3-4",
    "Class 1-2|Class 3-4|Class 5+",
    "1 or 3|4 or 6|7 or more",
    "1 child|2 dogs|no cats",
    "1 star|2 stars|3 moons",
    "Professional degree|Vocational training|High school graduate", /* where training belongs is not known */
    "Hauptschulabschluss|Abitur|noch in der Schule",
    "Underweight|Normal|Missing scale",
    "Yes|Not sure|No",
    "\uFF11\uFF18|\u00B2|19+", /* digits that are not ASCII */
};

START_TEST(others_are_not) {
  const char *found = order_of(others[_i], NULL);
  ck_assert_msg(!*found, "%s: \"%s\"", others[_i], found);
}
END_TEST

/* Capitals and accents make no other step: the more frequent spelling stands for both. */
START_TEST(spellings_share_a_step) {
  ck_assert_str_eq(order_of("agree|Agree|Agree|Strongly agree|Disagree", NULL), "Disagree|Agree|Strongly agree");
  ck_assert_str_eq(order_of("18-24|18 - 24|18-24|25-34|35+", NULL), "18-24|25-34|35+");
}
END_TEST

START_TEST(orders_are_named) {
  ck_assert_str_eq(order_of("Red|Green|Blue", "q=Green, red,`Blue`"), "Green|Red|Blue");
  ck_assert_str_eq(order_of("No, never|Yes|a`b", "q=`No, never`,Yes,`a``b`"), "No, never|Yes|a`b");
  ck_assert_str_eq(order_of("Yes|No", "q=No,Yes"), "No|Yes");
  ck_assert_str_eq(order_of("Red|Green|Blue", "q=Green,Amber,Red,Blue"), "Green|Red|Blue"); /* a step that nobody chose */
  ck_assert_str_eq(order_of("Low|Medium|High", "q=Medium,Low,High"), "Medium|Low|High");
  ck_assert_str_eq(order_of("Red|Green|Blue", "*=Low,High"), ""); /* swept up, and does not fit */
  ck_assert_str_eq(order_of("Low|low|LOW|low|Medium|High", "q=Low,Medium,High"), "low|Medium|High"); /* other spellings */
  ck_assert_str_eq(order_of("Low|low|High", "q=low,Low,High"), "low|Low|High");
}
END_TEST

static const char *error_of(const char *texts, const char *order, const char *ordinal) {
  emend_dataset *dataset = answers(texts);
  emend_plan_options *options = emend_plan_options_new();
  if (order)
    ck_assert_int_eq(emend_plan_options_add_order(options, "q", order, "r.ini:3: order", NULL), EMEND_OK);
  if (ordinal)
    ck_assert_int_eq(emend_plan_options_set_type(options, EMEND_TYPE_ORDINAL, ordinal, NULL), EMEND_OK);
  const char *message = kit_plan_error(dataset, options);
  emend_plan_options_free(options);
  emend_dataset_free(dataset);
  return message;
}

START_TEST(wrong_orders) {
  ck_assert_str_eq(error_of("Red|Green|Blue", "Red,Gren,Blue", NULL),
                   "q: r.ini:3: order: nobody answered \"Gren\"; did you mean \"Green\"?");
  ck_assert_str_eq(error_of("Red|Green|Blue", "Red,Blue", NULL), "q: r.ini:3: order: the answer \"Green\" has no place in the order");
  ck_assert_str_eq(error_of("Low|High", "Low,High,Low", NULL), "q: r.ini:3: order: \"Low\" is named twice");
  ck_assert_str_eq(error_of("Low|High", "Low,low,High", NULL), "q: r.ini:3: order: \"low\" is named twice");
  ck_assert_str_eq(error_of("Low|low|LOW|High", "Low,low,High", NULL), "q: r.ini:3: order: the answer \"LOW\" has no place in the order");
  ck_assert_str_eq(error_of("Red|Green|Blue", NULL, "q"),
                   "q: --ordinal: the order of its texts is not known; try --order 'q=LOWEST,...,HIGHEST'");
}
END_TEST

/* Every word is written as it will be looked for, and stands in one step of its family. */
START_TEST(families_are_folded) {
  emend_buffer folded = {0};
  for (size_t f = 0; scale_words_family(f); f++) {
    const char *family = scale_words_family(f);
    ck_assert_msg(!strstr(family, "//") && !strstr(family, " <  ") && strstr(family, " < "), "%s", family);
    for (const char *p = family; *p;) {
      size_t n = strcspn(p, "/<");
      size_t length = n - (p[n] == '<');
      ck_assert_int_eq(emend_fold(p, length, &folded, NULL), EMEND_OK);
      ck_assert_msg(folded.length == length + 2 && memcmp(folded.bytes + 1, p, length) == 0, "\"%.*s\" of %s", (int)length, p, family);
      double keys[2];
      const char *twice[] = {folded.bytes, folded.bytes};
      ck_assert_msg(scale_words_sort(twice, 1, keys), "\"%.*s\"", (int)length, p);
      p += n;
      p += *p == '/' ? 1 : *p == '<' ? 2 : 0;
    }
  }
  emend_buffer_free(&folded);
}
END_TEST

SUITE {
  Suite *suite = suite_create("steps");
  TCase *all = tcase_create("all");
  tcase_set_timeout(all, 120); /* under the sanitizers every word of every language takes some time */
  tcase_add_loop_test(all, scales_are_found, 0, sizeof scales / sizeof *scales);
  tcase_add_loop_test(all, others_are_not, 0, sizeof others / sizeof *others);
  tcase_add_test(all, spellings_share_a_step);
  tcase_add_test(all, orders_are_named);
  tcase_add_test(all, wrong_orders);
  tcase_add_test(all, families_are_folded);
  suite_add_tcase(suite, all);
  return suite;
}
