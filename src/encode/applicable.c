/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "encode/code.h"
#include "encode/unanswered.h"

/* Words by which survey files say that a question did not concern the person. All are written as emend_fold leaves them: without accents,
 * in small letters. */

/* That nobody put the question: such a label is no step of a scale. */
static const char *const unasked[] = {
    /* English */
    "not asked", "question not asked", "was not asked", "wasn t asked", "not asked of", "missing by design", "missing by study design", "planned missing", "planned missingness", "structurally missing", "structural missing",
    "logically missing", "not in sample", "not in subsample", "not in sub sample", "not in split", "not in this split", "not in module", "not administered", "not fielded", "not included in this version of the questionnaire",
    "not included in this version", "not included in questionnaire", "not in questionnaire", "question not included", "not part of survey program", "question this year not part of survey program",
    "question not in this wave", "not in this wave", "not surveyed", "not interviewed", "not presented", "not in universe", "out of universe", "routed out", "filtered out", "valid skip", "legitimate skip", "legitimately skipped", "logical skip", "system skip",
    "not applicable", "inapplicable", "non applicable", "not applicable filtered", "screened out",
    /* German */
    "nicht befragt", "nicht gefragt", "nicht gestellt", "frage nicht gestellt", "frage wurde nicht gestellt", "nicht erfragt", "wurde nicht gefragt", "wurde nicht befragt", "logisch ausgefallen", "logisch entfallen", "designbedingt fehlend", "designbedingt",
    "fehlend durch design", "durch design fehlend", "nicht im split", "nicht in diesem split", "nicht in stichprobe", "nicht in der stichprobe", "nicht in auswahl", "nicht in auswahlgesamtheit", "nicht vorgelegt", "nicht erhoben", "wurde nicht erhoben", "in diesem jahr nicht erhoben",
    "in fragebogenversion nicht enthalten", "nicht in fragebogen enthalten", "nicht im fragebogen", "frage in diesem jahr nicht teil des frageprogramms", "nicht teil des frageprogramms", "filterbedingt", "filterbedingt fehlend", "durch filter ausgeschlossen",
    "nicht anwendbar", "filterfuhrung", "wegen filterfuhrung nicht gefragt",
    /* French */
    "question non posee", "non pose", "non posee", "pas pose", "pas posee", "pas ete posee", "question filtree", "non demande", "non demandee", "non interroge", "non interrogee", "pas interroge", "pas interrogee", "hors champ", "hors filtre", "hors echantillon", "hors de l echantillon", "pas dans l echantillon",
    "manquant par plan", "manquant par construction", "manquante par construction", "manquant par conception", "non administre", "non administree", "sans objet",
    /* Spanish */
    "no preguntado", "no preguntada", "pregunta no realizada", "pregunta no formulada", "no se pregunto", "no se le pregunto", "no se le hizo la pregunta", "no administrado", "no administrada", "fuera de la muestra", "no incluido en la muestra", "no incluida en la muestra", "no esta en la muestra",
    "perdido por diseno", "perdidos por diseno", "faltante por diseno", "ausente por diseno", "no procede",
    /* Portuguese */
    "nao perguntado", "nao perguntada", "nao foi perguntado", "nao foi perguntada", "pergunta nao colocada", "pergunta nao feita", "nao administrado", "nao administrada", "fora da amostra", "nao incluido na amostra", "omisso por desenho", "ausente por desenho", "em falta por desenho",
    /* Italian */
    "domanda non posta", "domanda non rivolta", "non chiesto", "non chiesta", "non e stato chiesto", "non somministrato", "non somministrata", "non intervistato", "non intervistata", "domanda filtrata", "fuori campione", "non nel campione", "non incluso nel campione", "mancante per disegno", "mancanti per disegno",
    /* Dutch */
    "niet gevraagd", "niet gesteld", "vraag niet gesteld", "niet bevraagd", "niet ondervraagd", "niet voorgelegd", "niet afgenomen", "niet in steekproef", "niet in de steekproef", "ontbreekt door design", "missend door design", "ontbrekend door ontwerp",
    /* Others */
    "nie zadano pytania", "nie pytano", "не задавался", "не задавали", "вопрос не задавался", "не применимо", "неприменимо", "ej fragad", "ikke spurt", "ikke spurgt", "sorulmadi", "ei kysytty", "nem kerdeztuk", "δεν ερωτηθηκε", "не запитувалось",
};

/* Occur as whole words anywhere in a label. */
static const char *const phrases[] = {
    /* English, and the abbreviations of the international programmes */
    "does not apply", "do not apply", "did not apply", "doesn t apply", "don t apply",
    "skip", "skipped", "iap", "inap", "inapp", "nap", "niu", "filtered", "skip pattern", "question skipped", "not required to answer", "not relevant", "not eligible", "ineligible",
    
    /* German */
    "trifft nicht zu", "trifft auf mich nicht zu", "trifft fur mich nicht zu", "trifft bei mir nicht zu", "trifft auf uns nicht zu", "trifft auf sie nicht zu", "trifft hier nicht zu", "nichtzutreffend", "betrifft mich nicht", "nicht zutreffend", "nicht betroffen", "entfallt", "tnz", "t n z", "gefiltert", "ausgefiltert", "weggefiltert",
    /* French */
    "pas applicable", "ne s applique pas", "non concerne", "non concernee", "pas concerne", "pas concernee", "ne concerne pas", "n est pas concerne", "non pertinent", "non pertinente", "filtre", "filtree", "ne me concerne pas",
    /* Spanish */
    "no aplica", "no aplicable", "no se aplica", "no corresponde", "no pertinente", "no me aplica", "filtrado", "filtrada", "no elegible",
    /* Portuguese */
    "nao aplicavel", "nao se aplica", "nao aplica", "nao pertinente", "nao elegivel", "nao corresponde",
    /* Italian */
    "non applicabile", "non si applica", "non pertinente", "non previsto", "non interessato", "non interessata", "filtrato", "non eleggibile",
    /* Dutch */
    "niet van toepassing", "nvt", "n v t", "niet relevant", "gefilterd", "weggefilterd",
    /* Polish */
    "nie dotyczy", "nie ma zastosowania",
    /* Russian */
    "не применяется", "не относится", "не касается", "не подходит", "нп",
    /* Swedish, Danish, Norwegian */
    "ej tillamplig", "ej tillampligt", "inte tillamplig", "inte tillampligt", "ej aktuellt", "inte aktuellt", "ej relevant", "inte relevant",
    "ej tillampbar", "ej tillampbart", "inte tillampbart", "galler ej", "galler inte", "ikke relevant", "ikke aktuelt", "ikke aktuel", "ikke anvendelig", "ikke anvendelse", "gjelder ikke", "gaelder ikke", "ikke aktuell",
    /* Czech */
    "netyka se", "neni relevantni", "nelze aplikovat", "neaplikovatelne", "nepouzitelne",
    /* Turkish */
    "uygulanamaz", "uygulanmaz", "gecerli degil", "ilgili degil",
    /* Finnish */
    "ei koske", "ei sovellu", "ei sovelleta", "ei relevantti", "ei oleellinen",
    /* Hungarian */
    "nem alkalmazhato", "nem vonatkozik", "nem ervenyes", "nem relevans",
    /* Greek */
    "δεν εφαρμοζεται", "δεν ισχυει", "δεν αφορα", "μη εφαρμοσιμο",
    /* Romanian */
    "nu se aplica", "nu este cazul", "neaplicabil", "nu este aplicabil",
    /* Ukrainian */
    "не застосовується", "не застосовно", "не стосується",
    /* Slovak */
    "netyka sa", "nevztahuje sa", "nehodi sa", "nevztahuje se", "nehodi se",
    /* Croatian, Serbian, Bosnian; Slovenian; Bulgarian */
    "nije primjenjivo", "nije primenljivo", "neprimjenjivo", "neprimenljivo", "ne odnosi se", "nije relevantno", "ni relevantno", "se ne nanasa", "ni primerno",
    "неприложимо", "не е приложимо", "не се отнася",
    /* Estonian, Latvian, Lithuanian */
    "ei kohaldu", "ei ole kohaldatav", "ei ole asjakohane", "neattiecas", "nav piemerojams", "netaikoma", "neaktualu",
    /* Hebrew */
    "לא רלוונטי", "לא רלבנטי", "לא ישים",
    /* Indonesian, Vietnamese */
    "tidak berlaku", "tidak relevan", "khong ap dung", "khong thich hop",
};

/* Of scripts that write words without blanks between them, or with particles attached: anywhere. */
static const char *const fragments[] = {
    /* Chinese */
    "不适用", "不適用",
    /* Japanese */
    "非該当", "該当しない", "該当せず", "該当なし", "該当無し", "非適用", "適用外",
    /* Korean */
    "해당없음", "해당 없음", "해당사항없음", "해당사항 없음", "비해당", "해당 안됨", "해당안됨", "해당되지 않음",
    /* Arabic */
    "لا ينطبق", "لا تنطبق", "غير قابل للتطبيق", "غير منطبق",
};

/* Too short to mean anything among other words: the whole label. */
static const char *const labels[] = {"n p" /* Spanish: no procede */, "n a p"};

/* The words above occur in it, but somebody was asked and did not answer. */
static const char *const exceptions[] = {"skipped on web", "skipped by respondent", "respondent skipped", "not skipped"};

#define COUNT(list) (sizeof(list) / sizeof *(list))

/* `folded` has a blank before and behind every word. */
static bool has_words(const char *folded, const char *words) {
  size_t length = strlen(words);
  for (const char *at = folded; (at = strstr(at, words)); at++)
    if (at[-1] == ' ' && at[length] == ' ')
      return true;
  return false;
}

static bool has_any_words(const char *folded, const char *const *list, size_t n) {
  for (size_t i = 0; i < n; i++)
    if (has_words(folded, list[i]))
      return true;
  return false;
}

static bool is_label(const char *folded, const char *label) {
  size_t length = strlen(label);
  return strlen(folded) == length + 2 && memcmp(folded + 1, label, length) == 0;
}

const char *const *emend_not_applicable_phrases(size_t *n) {
  *n = COUNT(phrases);
  return phrases;
}
const char *const *emend_unasked_phrases(size_t *n) {
  *n = COUNT(unasked);
  return unasked;
}
const char *const *emend_not_applicable_fragments(size_t *n) {
  *n = COUNT(fragments);
  return fragments;
}

/* "Filter: not employed". */
static bool begins_with_filter(const char *folded) {
  static const char *const words[] = {"filter", "filtre", "filtro"};
  const char *at = folded + 1;
  for (size_t digits; (digits = strspn(at, "0123456789")) > 0 && at[digits] == ' ';)
    at += digits + 1;
  for (size_t i = 0; i < COUNT(words); i++)
    if (strncmp(at, words[i], strlen(words[i])) == 0 && at[strlen(words[i])] == ' ')
      return true;
  return false;
}

bool emend_label_names_filter(const char *label, const char *folded) {
  static const char wide_colon[] = "\uFF1A";
  return begins_with_filter(folded) && (strchr(label, ':') || strstr(label, wide_colon));
}

bool emend_folded_says_not_applicable(const char *folded) {
  if (has_any_words(folded, exceptions, COUNT(exceptions)))
    return false;
  for (size_t i = 0; i < COUNT(fragments); i++)
    if (strstr(folded, fragments[i]))
      return true;
  for (size_t i = 0; i < COUNT(labels); i++)
    if (is_label(folded, labels[i]))
      return true;
  return has_any_words(folded, phrases, COUNT(phrases)) || has_any_words(folded, unasked, COUNT(unasked)) || begins_with_filter(folded);
}
