/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/fold.h"
#include "encode/code.h"
#include "encode/kit.h"
#include "encode/phrases.h"
#include "encode/unanswered.h"
#include "io/file.h"

static const char *fold(const char *label) {
  static char text[512];
  emend_buffer folded = {0};
  ck_assert_int_eq(emend_fold(label, strlen(label), &folded, NULL), EMEND_OK);
  snprintf(text, sizeof text, "%s", folded.bytes);
  emend_buffer_free(&folded);
  return text;
}

/* A phrase that is not written as labels are compared would never be found. */
START_TEST(phrases_are_folded) {
  size_t n = 0;
  for (emend_phrase p = {0}; emend_phrase_next(&p, EMEND_IS_STEP - 1); n++) {
    char wanted[512];
    snprintf(wanted, sizeof wanted, " %s ", p.text);
    ck_assert_str_eq(fold(p.text), wanted);
    ck_assert_msg(emend_phrase_at(wanted + 1, EMEND_IS_STEP - 1) == strlen(p.text), "%s", p.text);
  }
  ck_assert_uint_gt(n, 1000);
  const unsigned second = EMEND_MAY_BE_LISTED | EMEND_NEGATES | EMEND_SAYS_WHICH | EMEND_IS_STATUS | EMEND_SAYS_UNSURE | EMEND_SAYS_WHO | EMEND_SAYS_HOW_MUCH | EMEND_LEAVES_SCALE;
  for (emend_phrase p = {0}; emend_phrase_next(&p, second);) {
    char wanted[512];
    snprintf(wanted, sizeof wanted, " %s ", p.text);
    ck_assert_str_eq(fold(p.text), wanted);
  }
}
END_TEST

/* No meaning is without phrases; a name is compared word by word, so that a blank in a phrase would hide it. */
START_TEST(phrases_have_meanings) {
  for (unsigned meaning = EMEND_SAYS_NO_ANSWER; meaning <= EMEND_SAYS_BODY; meaning <<= 1) {
    size_t n = 0;
    for (emend_phrase p = {0}; emend_phrase_next(&p, meaning); n++) {
      ck_assert_msg(emend_phrase_is(p.text, strlen(p.text), meaning), "%s", p.text);
      bool may_be_several = meaning < EMEND_IS_STEP || meaning & (EMEND_SAYS_WEIGHTING | EMEND_SAYS_SURVEY_WEIGHT);
      ck_assert_msg(may_be_several || !strchr(p.text, ' '), "%s", p.text);
    }
    ck_assert_msg(n > 0, "%#x", meaning);
  }
  ck_assert(emend_phrase_is("Gewichtung", 10, EMEND_NAMES_WEIGHT));
  ck_assert(!emend_phrase_is("Gewichtung", 10, ~(unsigned)(EMEND_NAMES_WEIGHT | EMEND_SAYS_WEIGHTING | EMEND_SAYS_SURVEY_WEIGHT)));
}
END_TEST

/* Every phrase is found wherever it stands, by its own meanings only; looking through all of them one by one is the checker. */
START_TEST(phrases_are_found) {
  const unsigned sets[] = {~(unsigned)EMEND_SECOND_SET, ~0U};
  for (size_t set = 0; set < 2; set++)
    for (emend_phrase p = {0}; emend_phrase_next(&p, sets[set]);) {
      char text[512];
      size_t length = strlen(p.text), longest = 0;
      ck_assert_msg(emend_phrase_is(p.text, length, p.meaning), "%s", p.text);
      ck_assert_msg(length == 1 || emend_phrase_begins(p.text, length, p.meaning), "%s", p.text);
      snprintf(text, sizeof text, "%s and more", p.text);
      for (emend_phrase q = {0}; emend_phrase_next(&q, p.meaning);) {
        size_t n = strlen(q.text);
        bool ends = text[n] == ' ' || (unsigned char)*q.text >= 0xE3;
        longest = n > longest && strncmp(text, q.text, n) == 0 && ends ? n : longest;
      }
      ck_assert_msg(emend_phrase_at(text, p.meaning) == longest, "%s", p.text);
    }
  ck_assert(emend_phrase_begins("WEIGHTINGS", 10, EMEND_SAYS_WEIGHTING));
  ck_assert(!emend_phrase_begins("WEIGHTING", 8, EMEND_SAYS_WEIGHTING));
  ck_assert(!emend_phrase_begins("", 0, ~0U) && !emend_phrase_is("", 0, ~0U) && !emend_phrase_at("", ~0U));
  const unsigned inside = EMEND_SAYS_WEIGHTING | EMEND_SAYS_SURVEY_WEIGHT | EMEND_SAYS_NOT_APPLICABLE_INSIDE | EMEND_BEGINS_STEP;
  for (emend_phrase p = {0}; emend_phrase_next(&p, inside);)
    ck_assert_uint_ge(strlen(p.text), 2);
  for (emend_phrase p = {0}; emend_phrase_next(&p, EMEND_SAYS_WEIGHT_OF);)
    ck_assert_uint_ge(strlen(p.text), 2);
}
END_TEST

START_TEST(labels_that_say_no_answer) {
  static const char *const yes[] = {
      "Don't know", "DON'T KNOW", "Don\u2019t know", "dontknow", "98 Don't know", "-1: don\u2019t  know.", "Don't know / refused", "Refused or no answer", "(Refused)", "DK", "DK/NA",
      "No answer", "Prefer not to say", "Missing", "-9 missing", "Not stated", "Don't know (spontaneous)", "Can't choose", "Unknown",
      "Weiß nicht", "WEISS NICHT", "weiß nicht / keine Angabe", "keine Angabe", "k.A.", "Verweigert", "Antwort verweigert", "nicht beantwortet", "Unbekannt",
      "Ne sait pas", "NSP", "Sans réponse", "Refus", "Refuse de répondre", "Ne se prononce pas", "Non renseigné", "Non déclaré",
      "No sabe", "No sé", "NS/NC", "N.S./N.C.", "No sabe / No contesta", "No contesta", "Sin respuesta", "Rehúsa contestar",
      "Não sabe", "NÃO RESPONDEU", "Não sabe / não responde", "Recusou-se a responder", "Ignorado", "Sem resposta",
      "Non so", "Non sa / non risponde", "Rifiuta di rispondere", "Non indicato", "Nessuna risposta",
      "Weet niet", "Weet ik niet", "Weigert", "Geen antwoord", "Wil niet zeggen", "Onbekend",
      "Nie wiem", "Trudno powiedzieć", "Nie wiem/trudno powiedzieć", "ODMOWA ODPOWIEDZI", "Brak odpowiedzi", "Brak danych",
      "Не знаю", "Затрудняюсь ответить", "ЗАТРУДНЯЮСЬ ОТВЕТИТЬ", "Отказ от ответа", "Нет ответа", "Отказ", "Неизвестно",
      "Bilmiyor", "Fikri yok", "Cevap yok", "CEVAP VERMEDİ", "Yanıt yok", "Bilmiyor / Fikri yok",
      "لا أعرف", "لا اعرف", "رفض الإجابة", "لا إجابة", "غير معروف", "لا يَعْرِف",
      "不知道", "拒绝回答", "拒絕回答", "不知道/拒答", "无回答", "說不清", "98.不知道", "缺失值",
      "わからない", "無回答", "わからない・無回答", "不明", "回答拒否",
      "모름", "무응답", "모름/무응답", "응답 거절", "잘 모르겠다",
      "Ne znam", "Odbija odgovor", "Ne vem", "Без отговор", "Отказва да отговори", "Ei oska öelda", "Grūti pateikt", "Nežino", "Atsisakė atsakyti", "לא יודע", "סירב לענות",
      "Vet ej", "Vet inte", "Uppgift saknas", "Vill ej svara", "Vägrade svara",
      "Ved ikke", "Vil ikke svare", "Ønsker ikke at svare", "Uoplyst", "Nægter",
      "Vet ikke", "Ønsker ikke å svare", "Ikke svart", "Nekter å svare", "Ikke oppgitt",
      "En tiedä", "Ei osaa sanoa", "EOS", "Ei vastausta", "Kieltäytyi vastaamasta", "Tieto puuttuu",
      "Neví", "Odmítl odpovědět", "Neuvedeno", "Nevie", "Nem tudja", "Válaszmegtagadás", "ΔΕΝ ΓΝΩΡΙΖΩ", "Δεν ξέρω", "ΔΓ/ΔΑ", "Nu știu", "Refuză să răspundă", "Tidak tahu", "Không biết", "Từ chối trả lời"};
  static const char *const no[] = {
      "", "Yes", "No", "Never", "Refused to vote", "Knows someone who refused", "Missing teeth", "Don't know him well", "I don't know my neighbours", "Other", "None", "North", "98", "Undecided",
      "Nicht zufrieden", "Weiß", "keine", "Keine Kinder", "Nie", "Niemals", "Sans emploi", "Sans diplôme", "Jamais", "No", "No trabaja", "Sin estudios", "Nada", "Não", "Nunca", "Non",
      "Mai", "Niet", "Geen kinderen", "Nie", "Brak dzieci", "Нет", "Не работает", "Без образования", "Yok", "Hayır", "لا", "无", "没有", "なし", "いいえ", "없음", "아니오", "Ej", "Nej", "Ikke", "Ei", "Ingen",
      "Not sure", "No opinion", "or", "Not applicable", "Unemployed"};
  for (size_t i = 0; i < sizeof yes / sizeof *yes; i++)
    ck_assert_msg(emend_folded_says_no_answer(fold(yes[i])), "%s", yes[i]);
  for (size_t i = 0; i < sizeof no / sizeof *no; i++)
    ck_assert_msg(!emend_folded_says_no_answer(fold(no[i])), "%s", no[i]);
}
END_TEST

START_TEST(labels_that_are_unsure) {
  static const char *const unsure[] = {"Not sure", "No opinion", "Have no opinion", "8 Unsure (spontaneous)", "Error", "Out of range", "Omitted", "Blank", "Break-off", "Flagged cases", "Keine Meinung", "Sans opinion", "Keine Teilnahme"};
  static const char *const none[] = {"Don't recall", "Can't remember", "Don't know who this is", "Missing: other", "Other missing", "System missing", "Interviewer error", "Other, not codeable", "omitted or invalid",
                                     "implausible or missing", "Presented but not answered", "Insufficient information", "kann ich nicht beurteilen", "No lo recuerda", "WNS/KA"};
  static const char *const neither[] = {"None of these", "Blank ballot", "Never had a job", "Sure", "A strong opinion", "Human error", "or", "7"};
  static const char *const who[] = {"Under 16", "No partner", "Has no children", "Never married", "Form B", "Deceased", "9 Not in paid work", "Never had a job", "Version 2", "Only women", "Not employed", "Not 55+", "Kein Partner", "Geen partner"};
  static const char *const nobody[] = {"No reply", "No code", "Not classified", "No entry", "Not specified", "Not coded", "No info", "Not usable", "No useable data", "Never answered",
                                       "Form not returned", "No time", "Not in the mood", "Under dispute", "Only partial", "9 No reply (9)", "No", "Not"};
  for (size_t i = 0; i < sizeof nobody / sizeof *nobody; i++)
    ck_assert_msg(!emend_folded_may_say_who(fold(nobody[i])), "%s", nobody[i]);
  for (size_t i = 0; i < sizeof unsure / sizeof *unsure; i++)
    ck_assert_msg(emend_folded_says_unsure(fold(unsure[i])) && !emend_folded_says_no_answer(fold(unsure[i])), "%s", unsure[i]);
  for (size_t i = 0; i < sizeof none / sizeof *none; i++)
    ck_assert_msg(emend_folded_says_no_answer(fold(none[i])), "%s", none[i]);
  for (size_t i = 0; i < sizeof neither / sizeof *neither; i++)
    ck_assert_msg(!emend_folded_says_unsure(fold(neither[i])) && !emend_folded_says_no_answer(fold(neither[i])), "%s", neither[i]);
  for (size_t i = 0; i < sizeof who / sizeof *who; i++)
    ck_assert_msg(emend_folded_may_say_who(fold(who[i])) && !emend_folded_speaks_of_answers(fold(who[i])), "%s", who[i]);
  ck_assert(emend_folded_speaks_of_answers(fold("Age not known")) && emend_folded_speaks_of_answers(fold("No answer")) && !emend_folded_may_say_who(fold("Other")));
}
END_TEST

START_TEST(labels_that_say_only_not_applicable) {
  static const char *const yes[] = {"Not applicable", "97 NOT APPLICABLE", "Trifft nicht zu", "Sans objet", "No aplica", "Não se aplica", "Non applicabile", "Niet van toepassing", "N.v.t.", "Nie dotyczy",
                                    "Не применимо", "Uygulanamaz", "Ej tillämpligt", "Gælder ikke", "Ikke aktuelt", "Ei koske", "Netýká se", "Nem alkalmazható", "Δεν ισχύει", "Nu se aplică", "Trifft auf mich nicht zu", "不适用", "97 不適用", "非該当", "해당없음", "해당 없음", "لا ينطبق"};
  static const char *const unasked[] = {
      "Not asked", "Not asked in this wave", "Not asked in wave 3", "Question not asked (split)", "Missing by design", "Not in sample", "Not administered", "Filtered out", "Not applicable", "Valid skip",
      "Nicht befragt", "nicht gefragt", "Nicht gefragt (Split)", "Frage nicht gestellt", "logisch ausgefallen", "Nicht erhoben", "[-5] in Fragebogenversion nicht enthalten", "Nicht in Stichprobe",
      "Question non posée", "Non posée dans cette vague", "Non interrogé", "Hors échantillon", "Manquant par construction", "No preguntado", "No preguntada en esta ola", "Fuera de la muestra", "Perdido por diseño",
      "Não perguntado", "Pergunta não colocada", "Fora da amostra", "Domanda non posta", "Non chiesto in questa ondata", "Fuori campione", "Niet gevraagd", "Vraag niet gesteld", "Niet in steekproef", "Не задавался"};
  static const char *const no[] = {"Not asked to leave", "Filter cigarettes", "Trifft überhaupt nicht zu", "Asked", "In this wave", "Question", "Nicht gefragt, aber gegangen", "Not very applicable", "Skipped breakfast", "Takes a nap", "Filtered water", "Trifft eher nicht zu", "No aplica la ley"};
  bool clear;
  for (size_t i = 0; i < sizeof yes / sizeof *yes; i++)
    ck_assert_msg(emend_folded_says_only_not_applicable(fold(yes[i]), &clear), "%s", yes[i]);
  for (size_t i = 0; i < sizeof unasked / sizeof *unasked; i++) {
    ck_assert_msg(emend_folded_says_only_not_applicable(fold(unasked[i]), &clear) && clear, "%s", unasked[i]);
    ck_assert_msg(emend_folded_says_not_applicable(fold(unasked[i])), "%s", unasked[i]); /* as a declared code */
  }
  for (size_t i = 0; i < sizeof no / sizeof *no; i++)
    ck_assert_msg(!emend_folded_says_only_not_applicable(fold(no[i]), &clear), "%s", no[i]);
  ck_assert(emend_label_names_filter("Filter: nicht erwerbstätig", fold("Filter: nicht erwerbstätig")));
  ck_assert(emend_label_names_filter("[-2] FILTRE : sans emploi", fold("[-2] FILTRE : sans emploi")));
  ck_assert(!emend_label_names_filter("Filter cigarettes", fold("Filter cigarettes")));
  ck_assert(!emend_label_names_filter("Water: filter", fold("Water: filter")));
}
END_TEST

/* Which cells of a column are no answers afterwards: "-9 9". */
static const char *set_aside(emend_dataset *dataset, const char *answers) {
  static char text[256];
  struct emend_file file = {.dataset = dataset};
  ck_assert_int_eq(emend_set_aside_codes(&file, answers, NULL, NULL), EMEND_OK);
  text[0] = '\0';
  for (size_t i = 0; i < emend_dataset_doubts(dataset); i++) {
    char one[64];
    const emend_doubt *doubt = emend_dataset_doubt(dataset, i);
    size_t cells = 0;
    for (size_t row = 0; row < emend_dataset_rows(dataset); row++)
      cells += emend_cell_reason(dataset, row, doubt->variable) == EMEND_USER_MISSING && emend_cell_value(dataset, row, doubt->variable) == doubt->value;
    snprintf(one, sizeof one, "%s%s:%gx%zu", i ? " " : "", emend_variable_name(dataset, doubt->variable), doubt->value, cells);
    strcat(text, one);
  }
  return text;
}

/* q has 30 answers 1 to 5, and the codes given. */
static emend_dataset *scale(const double *codes, size_t n) {
  emend_dataset *dataset = kit_new("sav");
  kit_number(dataset, "q");
  for (size_t i = 0; i < 30; i++)
    kit_row(dataset, (double[]){1 + (double)(i % 5)});
  for (size_t i = 0; i < n; i++)
    kit_row(dataset, &codes[i]);
  return dataset;
}

static const struct number_case {
  double codes[4];
  size_t n;
  const char *aside;
} number_cases[] = {
    {{-9, -9, -7}, 3, "q:-7x1 q:-9x2"}, {{99, 99}, 2, "q:99x2"}, {{9, 9, 9}, 3, "q:9x3"}, {{-99}, 1, "q:-99x1"},
    {{6, 6}, 2, ""}, {{7, 7}, 2, ""},   {{-1, -1}, 2, "q:-1x2"},     {{50, 50}, 2, ""},       {{-7, -8, -9, -3}, 4, ""}, /* -3 is no such code: q may be below zero */
};

START_TEST(numbers_that_stand_apart) {
  const struct number_case *c = &number_cases[_i];
  emend_dataset *dataset = scale(c->codes, c->n);
  ck_assert_str_eq(set_aside(dataset, NULL), c->aside);
  emend_dataset_free(dataset);
}
END_TEST

/* Answers drawn in turn from `answers`, and codes, each `times`. */
static const struct kin_case {
  double low, high, codes[5];
  size_t n, times;
  const char *aside;
} kin_cases[] = {
    {20, 60, {996, 997, 998}, 3, 3, "q:996x3 q:997x3 q:998x3"},
    {20, 60, {997}, 1, 5, "q:997x5"},
    {0, 10, {96, 97, 98, 99}, 4, 2, "q:96x2 q:97x2 q:98x2 q:99x2"},
    {1, 12, {66}, 1, 4, "q:66x4"},
    {0, 59, {99}, 1, 5, "q:99x5"},
    {0, 59, {99}, 1, 2, ""},           /* few, and not farther than the others reach */
    {0, 59, {98, 99}, 2, 3, "q:98x3 q:99x3"},
    {1, 5, {-1, -2}, 2, 4, "q:-1x4 q:-2x4"},
    {1, 4, {-1, -2, -3, -4, -5}, 5, 3, "q:-1x3 q:-2x3 q:-3x3 q:-4x3 q:-5x3"},
    {1, 3, {-1, -2, -3}, 3, 4, ""},    /* a scale without a middle */
    {2, 6, {-1, -2, -4, -5, -6}, 5, 8, ""},
    {0, 100, {-1}, 1, 5, "q:-1x5"},
    {0, 10, {-1}, 1, 5, "q:-1x5"},
    {0, 3, {-1, -2, -3}, 3, 5, ""},    /* better and worse */
    {0, 1, {-1}, 1, 9, ""},
    {500, 900, {-99991, -99992}, 2, 2, ""}, {500, 900, {-99994, -99995}, 2, 2, "q:-99994x2 q:-99995x2"},
    {1, 6, {9994, 9996}, 2, 1, "q:9994x1 q:9996x1"},
    {0, 59, {95, 96}, 2, 3, ""},       /* no run of nines: as far as the others reach, or none */
    {0, 59, {98, 99}, 2, 70, ""},      /* more than half as many as the others */
    {-3, 20, {66, 66}, 2, 20, "q:66x40"},
};

START_TEST(kin_stands_apart) {
  const struct kin_case *c = &kin_cases[_i];
  emend_dataset *dataset = kit_new("sav");
  kit_number(dataset, "q");
  for (size_t i = 0; i < 240; i++)
    kit_row(dataset, (double[]){c->low + (double)(i % (size_t)(c->high - c->low + 1))});
  for (size_t i = 0; i < c->n * c->times; i++)
    kit_row(dataset, &c->codes[i % c->n]);
  ck_assert_str_eq(set_aside(dataset, NULL), c->aside);
  emend_dataset_free(dataset);
}
END_TEST

/* Cells "value*times". */
static const struct cells_case {
  const char *cells, *aside;
} cells_cases[] = {
    {"0*46 33*38 66*50 99*45", ""}, {"0*40 33*30 66*20 99*10", ""}, {"22*10 44*10 66*10 88*10", ""},   /* thirds: no farther than the others */
    {"10*9 20*9 30*9 40*9 50*9 77*9", ""},                                                              /* no run of nines */
    {"90*5 92*6 95*7 96*8 97*8 98*8 99*8", ""},                                                         /* too many */
    {"18*9 25*9 31*9 38*9 44*9 52*9 59*9 88*2 95*2 96*2", ""}, {"18*9 25*9 31*9 38*9 59*9 98*2 99*3", "q:98x2 q:99x3"},
    {"-2*35 -1*35 1*40 2*38 3*30", ""}, {"-2*60 -1*46 1*14 2*14 3*14 4*14 5*14", ""},                   /* scales without a middle */
    {"-2*10 -1*10 1*40 2*38 3*30", ""}, {"-1*30 1*60 2*60", "q:-1x30"},                                  /* few, of one code */
    {"-1*20 0*20 1*20 2*20 3*20 4*20 5*20 6*20", ""}, {"-1*63 0*60 1*50 2*40 3*30 4*20 5*10 6*9 7*8", ""}, /* answers from -1 on */
    {"-3*9 -2*9 -1*9 0*9 1*9 2*9 3*9 4*9 5*9 6*9 7*9 8*9 9*9 10*9 12*9 15*9 18*9 20*9", ""}, {"-2*9 0*30 5*30 12*30", "q:-2x9"},
};

START_TEST(answers_beside_answers) {
  const struct cells_case *c = &cells_cases[_i];
  emend_dataset *dataset = kit_new("sav");
  kit_number(dataset, "q");
  double value;
  int times, read;
  for (const char *at = c->cells; sscanf(at, "%lf*%d%n", &value, &times, &read) == 2; at += read)
    while (times-- > 0)
      kit_row(dataset, &value);
  const char *aside = set_aside(dataset, NULL);
  ck_assert_msg(strcmp(aside, c->aside) == 0, "%s: %s", c->cells, aside);
  emend_dataset_free(dataset);
}
END_TEST

/* Temperatures of a mild winter: what gets rarer towards zero goes on below it. */
START_TEST(tails_are_answers) {
  static const int cells[] = {1, 3, 8, 20, 38, 60, 75, 80, 75, 60, 38, 20, 12, 8, 5, 4, 3, 2, 2, 2};
  emend_dataset *dataset = kit_new("sav");
  kit_number(dataset, "q");
  for (int i = 0; i < 20; i++)
    for (int k = 0; k < cells[i]; k++)
      kit_row(dataset, (double[]){i - 2});
  ck_assert_str_eq(set_aside(dataset, NULL), "");
  emend_dataset_free(dataset);
}
END_TEST

/* What becomes of a label at the code given, on a scale of agreement from 1 to 5. */
static bool is_aside(const char *label, double code) {
  emend_dataset *dataset = scale(&code, 1);
  static const char *const steps[] = {"Strongly disagree", "Disagree", "Neutral", "Agree", "Strongly agree"};
  for (int i = 0; i < 5; i++)
    if (i + 1 != (int)code)
      kit_label(dataset, 0, i + 1, steps[i]);
  kit_label(dataset, 0, code, label);
  set_aside(dataset, NULL);
  bool aside = emend_dataset_doubts(dataset) > 0;
  emend_dataset_free(dataset);
  return aside;
}

START_TEST(labels_beside_a_scale) {
  static const char *const anywhere[] = {"N/A", "NA", "DK", "NAP", "Inap", "NIU", "RF", "INAP. (coded 2 in Q5)", "Not applicable (no children)", "Logically not applicable", "Not relevant", "Ineligible", "Skipped",
                                         "Not sure", "No opinion", "Error", "Omitted", "Not in wave", "Not shown", "Not selected for module", "Multiple answers", "Does not apply to me"};
  static const char *const nowhere[] = {"None of these", "It depends", "Never had a job", "Blank ballot"};
  static const char *const off[] = {"No partner", "Has no children"};
  for (size_t i = 0; i < sizeof anywhere / sizeof *anywhere; i++)
    ck_assert_msg(is_aside(anywhere[i], 6) && is_aside(anywhere[i], 8) && is_aside(anywhere[i], -5) && is_aside(anywhere[i], 95), "%s", anywhere[i]);
  for (size_t i = 0; i < sizeof nowhere / sizeof *nowhere; i++)
    ck_assert_msg(!is_aside(nowhere[i], 6) && !is_aside(nowhere[i], 8), "%s", nowhere[i]);
  for (size_t i = 0; i < sizeof off / sizeof *off; i++)
    ck_assert_msg(!is_aside(off[i], 6) && is_aside(off[i], 8) && is_aside(off[i], -5), "%s", off[i]);
  ck_assert(!is_aside("Not sure", 3) && !is_aside("No opinion", 3) && !is_aside("Omitted", 2) && !is_aside("NC", 3)); /* in the midst */
  ck_assert(!is_aside("Does not apply", 6));
}
END_TEST

/* Behind answers that are listed and no scale, "invalid" and the like are one more, unless a gap lies between. */
START_TEST(labels_behind_a_list) {
  static const struct {
    const char *answers[2], *last;
  } cases[] = {{{"Labour", "Tory"}, "Invalid"}, {{"Weather", "Pilot"}, "Error"}, {{"Red", "Blue"}, "Blank"}, {{"Fully", "Partly"}, "No recall"}, {{"Alive", "Moved"}, "Not eligible"}, {{"CDU", "SPD"}, "Ungültig"}};
  static const double gaps[] = {3, 8, 4, -1, 95};
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
    for (size_t k = 0; k < sizeof gaps / sizeof *gaps; k++) {
      emend_dataset *dataset = kit_new("sav");
      kit_number(dataset, "q");
      for (int row = 0; row < 90; row++)
        kit_row(dataset, (double[]){row % 3 < 2 ? 1 + row % 3 : gaps[k]});
      kit_label(dataset, 0, 1, cases[i].answers[0]), kit_label(dataset, 0, 2, cases[i].answers[1]), kit_label(dataset, 0, gaps[k], cases[i].last);
      const char *aside = set_aside(dataset, NULL);
      ck_assert_msg((*aside != 0) == (k > 0), "%s at %g: %s", cases[i].last, gaps[k], aside);
      emend_dataset_free(dataset);
    }
}
END_TEST

/* Where hardly any number has a label, those far away are codes whatever theirs says; but "97 or more" is a number. */
START_TEST(labels_apart) {
  static const double codes[] = {997, 997, 998, 998};
  emend_dataset *dataset = scale(codes, 4);
  kit_label(dataset, 0, 1, "cold"), kit_label(dataset, 0, 5, "warm"), kit_label(dataset, 0, 997, "up to god"), kit_label(dataset, 0, 998, "998 or more");
  ck_assert_str_eq(set_aside(dataset, NULL), "q:997x2");
  emend_dataset_free(dataset);
  dataset = scale(codes, 4);
  kit_label(dataset, 0, 997, "Too many to count"), kit_label(dataset, 0, 998, "All of them");
  ck_assert_str_eq(set_aside(dataset, NULL), "");
  emend_dataset_free(dataset);
  dataset = scale(codes, 4);
  for (int i = 1; i <= 5; i++)
    kit_label(dataset, 0, i, "a party");
  kit_label(dataset, 0, 997, "another"), kit_label(dataset, 0, 998, "none of them");
  ck_assert_str_eq(set_aside(dataset, NULL), "");
  emend_dataset_free(dataset);
}
END_TEST

START_TEST(labels_decide) {
  static const double codes[] = {6, 6, 7};
  emend_dataset *dataset = scale(codes, 3);
  kit_label(dataset, 0, 1, "Trifft zu"), kit_label(dataset, 0, 5, "Trifft nicht zu"); /* a step of the scale */
  kit_label(dataset, 0, 4, "eher nicht"), kit_label(dataset, 0, 6, "Weiß nicht"), kit_label(dataset, 0, 7, "keine Angabe");
  ck_assert_str_eq(set_aside(dataset, NULL), "q:6x2 q:7x1");
  emend_plan *plan = kit_plan(dataset, NULL);
  ck_assert_uint_eq(emend_plan_missing(plan, 0).fill, 0);
  ck_assert_uint_eq(emend_plan_missing(plan, 0).keep, 3);
  ck_assert_str_eq(emend_plan_code(plan, 0, 0).why, "not declared, but its label says no answer");
  emend_plan_free(plan);
  emend_plan_options *options = emend_plan_options_new();
  ck_assert_int_eq(emend_plan_options_set_impute_codes(options, "q=7", NULL), EMEND_OK);
  plan = kit_plan(dataset, options);
  ck_assert_uint_eq(emend_plan_missing(plan, 0).fill, 1);
  emend_plan_free(plan);
  emend_plan_options_free(options);
  emend_dataset_free(dataset);
}
END_TEST

/* The codes of "not applicable", "refused" and "don't know" stand beside each other: none of them makes steps of the others. */
START_TEST(codes_side_by_side) {
  static const struct {
    double codes[3];
    const char *labels[3], *before; /* before: the label of 5 */
    const char *aside;
  } cases[] = {
      {{97, 98, 99}, {"not applicable", "refused", "don't know"}, "high", "q:97x1 q:98x1 q:99x1"},
      {{97, 98, 99}, {"trifft nicht zu", "verweigert", "weiß nicht"}, "hoch", "q:97x1 q:98x1 q:99x1"},
      {{96, 97, 98}, {"does not apply", "something else", "refused"}, "high", "q:96x1 q:98x1 q:97x1"},
      {{7, 8, 9}, {"does not apply", "refused", "don't know"}, "high", "q:7x1 q:8x1 q:9x1"}, /* 6 has no label */
      {{6, 7, 8}, {"not applicable", "refused", "don't know"}, "high", "q:6x1 q:7x1 q:8x1"},
      {{6, 7, 8}, {"does not apply", "refused", "don't know"}, "applies most", "q:7x1 q:8x1"},
      {{6, 7, 8}, {"not applicable", "refused", "don't know"}, "hardly applicable", "q:7x1 q:8x1"},
      {{97, 98, 99}, {"IAP", "DK", "NA"}, "high", "q:97x1 q:98x1 q:99x1"},
      {{97, 98, 99}, {"非該当", "無回答", "わからない"}, "高い", "q:97x1 q:98x1 q:99x1"},
      {{97, 98, 99}, {"不适用", "拒绝回答", "不知道"}, "高", "q:97x1 q:98x1 q:99x1"},
      {{7, 8, 9}, {"해당없음", "거절", "모름"}, "높다", "q:7x1 q:8x1 q:9x1"},
      {{97, 98, 99}, {"Filtered out", "sans objet", "Filter: nicht erwerbstätig"}, "high", "q:97x1 q:98x1 q:99x1"},
      {{97, 98, 99}, {"no procede", "no contesta", "no sabe"}, "alto", "q:97x1 q:98x1 q:99x1"},
      {{997, 998, 999}, {"nie dotyczy", "odmowa", "nie wiem"}, "wysoki", "q:997x1 q:998x1 q:999x1"},
      {{66, 77, 88}, {"niet van toepassing", "weigert", "weet niet"}, "hoog", "q:66x1 q:77x1 q:88x1"},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    emend_dataset *dataset = scale(cases[i].codes, 3);
    kit_label(dataset, 0, 1, "low"), kit_label(dataset, 0, 5, cases[i].before);
    for (size_t k = 0; k < 3; k++)
      kit_label(dataset, 0, cases[i].codes[k], cases[i].labels[k]);
    const char *found = set_aside(dataset, NULL);
    ck_assert_msg(strcmp(found, cases[i].aside) == 0, "%zu: %s", i, found);
    emend_dataset_free(dataset);
  }
}
END_TEST

static size_t texts_aside(const char *const *texts, size_t n) {
  emend_dataset *dataset = kit_new("csv");
  kit_add(dataset, "q", EMEND_TEXT, EMEND_STORAGE_LONG_TEXT);
  for (size_t i = 0; i < 10 * n; i++) {
    ck_assert_int_eq(emend_dataset_add_row(dataset, NULL), EMEND_OK);
    ck_assert_int_eq(emend_dataset_put_text(dataset, 0, texts[i % n], strlen(texts[i % n]), NULL), EMEND_OK);
  }
  set_aside(dataset, NULL);
  size_t n_aside = emend_dataset_doubts(dataset);
  emend_dataset_free(dataset);
  return n_aside;
}

START_TEST(texts_that_are_steps) {
  static const char *const german[] = {"trifft zu", "trifft eher zu", "trifft nicht zu", "keine Angabe"}, *const asked[] = {"yes", "no", "not asked in this wave", "Filter: no job"};
  ck_assert_uint_eq(texts_aside(german, 4), 1);
  ck_assert_uint_eq(texts_aside(asked, 4), 2);
}
END_TEST

/* A label that tells what a number is makes it an answer; so does the user; so does a file in which nothing else would be left. */
START_TEST(answers_stay) {
  static const double codes[] = {99, 99};
  emend_dataset *dataset = scale(codes, 2);
  kit_label(dataset, 0, 99, "More than 50");
  ck_assert_str_eq(set_aside(dataset, NULL), "");
  emend_dataset_free(dataset);
  dataset = scale(codes, 2);
  ck_assert_str_eq(set_aside(dataset, "q"), "");
  emend_dataset_free(dataset);
  dataset = kit_new("sav");
  kit_number(dataset, "request");
  kit_label(dataset, 0, 1, "Accepted"), kit_label(dataset, 0, 2, "Refused");
  for (size_t i = 0; i < 30; i++)
    kit_row(dataset, (double[]){1 + (double)(i % 2)});
  ck_assert_str_eq(set_aside(dataset, NULL), "");
  emend_dataset_free(dataset);
  dataset = kit_new("sav"); /* North Carolina is no "no contesta" */
  kit_number(dataset, "state");
  kit_label(dataset, 0, 1, "VA"), kit_label(dataset, 0, 2, "NC"), kit_label(dataset, 0, 3, "NV");
  for (size_t i = 0; i < 30; i++)
    kit_row(dataset, (double[]){1 + (double)(i % 3)});
  ck_assert_str_eq(set_aside(dataset, NULL), "");
  emend_dataset_free(dataset);
}
END_TEST

/* What is set aside is never imputed, even between what is. */
START_TEST(set_aside_is_not_allowed) {
  emend_dataset *dataset = kit_new("sav");
  kit_number(dataset, "x");
  for (size_t i = 0; i < 30; i++)
    kit_row(dataset, (double[]){(double)i / 8});
  kit_row(dataset, (double[]){-99}), kit_row(dataset, (double[]){-99}), kit_row(dataset, (double[]){NAN});
  ck_assert_str_eq(set_aside(dataset, NULL), "x:-99x2");
  emend_plan *plan = kit_plan(dataset, NULL);
  ck_assert_uint_eq(emend_plan_missing(plan, 0).fill, 1);
  ck_assert_uint_eq(emend_plan_codes(plan, 0), 1);
  emend_plan_free(plan);
  emend_dataset_free(dataset);
}
END_TEST

SUITE {
  Suite *suite = suite_create("unanswered");
  TCase *t = tcase_create("labels");
  tcase_add_test(t, phrases_are_folded);
  tcase_add_test(t, phrases_have_meanings);
  tcase_add_test(t, phrases_are_found);
  tcase_add_test(t, labels_that_say_no_answer);
  tcase_add_test(t, labels_that_are_unsure);
  tcase_add_test(t, labels_that_say_only_not_applicable);
  suite_add_tcase(suite, t);
  t = tcase_create("codes");
  tcase_add_loop_test(t, numbers_that_stand_apart, 0, sizeof number_cases / sizeof *number_cases);
  tcase_add_loop_test(t, kin_stands_apart, 0, sizeof kin_cases / sizeof *kin_cases);
  tcase_add_loop_test(t, answers_beside_answers, 0, sizeof cells_cases / sizeof *cells_cases);
  tcase_add_test(t, tails_are_answers);
  tcase_add_test(t, labels_beside_a_scale);
  tcase_add_test(t, labels_behind_a_list);
  tcase_add_test(t, labels_apart);
  tcase_add_test(t, labels_decide);
  tcase_add_test(t, codes_side_by_side);
  tcase_add_test(t, texts_that_are_steps);
  tcase_add_test(t, answers_stay);
  tcase_add_test(t, set_aside_is_not_allowed);
  suite_add_tcase(suite, t);
  return suite;
}
