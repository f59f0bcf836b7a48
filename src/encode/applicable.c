/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "encode/code.h"
#include "encode/unanswered.h"

/* Words by which survey files say that a question did not concern the person. All are written as emend_fold leaves them: without accents,
 * in small letters. */

/* Occur as whole words anywhere in a label. */
static const char *const phrases[] = {
    /* English, and the abbreviations of the international programmes */
    "not applicable", "inapplicable", "non applicable", "does not apply", "do not apply", "did not apply", "doesn t apply", "don t apply",
    "skip", "skipped", "iap", "inap", "inapp", "nap", "niu", "not in universe", "out of universe", "routed out", "filtered", "not relevant", "not eligible", "ineligible",
    "not administered", "valid skip", "legitimate skip", "logical skip", "question not asked", "was not asked", "wasn t asked",
    /* German */
    "trifft nicht zu", "nicht zutreffend", "nicht anwendbar", "nicht betroffen", "entfallt", "tnz", "t n z", "gefiltert", "filterbedingt", "filterfuhrung", "frage nicht gestellt", "nicht gefragt",
    /* French */
    "sans objet", "pas applicable", "ne s applique pas", "non concerne", "non concernee", "pas concerne", "pas concernee", "ne concerne pas", "n est pas concerne", "non pertinent", "non pertinente", "hors champ", "question non posee",
    /* Spanish */
    "no aplica", "no aplicable", "no se aplica", "no procede", "no corresponde", "no pertinente", "no preguntado", "no se pregunto",
    /* Portuguese */
    "nao aplicavel", "nao se aplica", "nao aplica", "nao pertinente", "nao perguntado", "nao corresponde",
    /* Italian */
    "non applicabile", "non si applica", "non pertinente", "non previsto", "domanda non posta", "non interessato",
    /* Dutch */
    "niet van toepassing", "nvt", "n v t", "niet relevant", "niet gevraagd",
    /* Polish */
    "nie dotyczy", "nie ma zastosowania", "nie zadano pytania", "nie pytano",
    /* Russian */
    "не применимо", "неприменимо", "не применяется", "не относится", "не касается", "не подходит", "не задавался", "не задавали", "вопрос не задавался", "нп",
    /* Swedish, Danish, Norwegian */
    "ej tillamplig", "ej tillampligt", "inte tillamplig", "inte tillampligt", "ej aktuellt", "inte aktuellt", "ej relevant", "inte relevant",
    "ej tillampbar", "ej tillampbart", "inte tillampbart", "galler ej", "galler inte", "ej fragad", "ikke relevant", "ikke aktuelt", "ikke aktuel", "ikke anvendelig", "ikke anvendelse", "gjelder ikke", "gaelder ikke", "ikke aktuell", "ikke spurt", "ikke spurgt",
    /* Czech */
    "netyka se", "neni relevantni", "nelze aplikovat", "neaplikovatelne", "nepouzitelne",
    /* Turkish */
    "uygulanamaz", "uygulanmaz", "gecerli degil", "ilgili degil", "sorulmadi",
    /* Finnish */
    "ei koske", "ei sovellu", "ei sovelleta", "ei kysytty", "ei relevantti", "ei oleellinen",
    /* Hungarian */
    "nem alkalmazhato", "nem vonatkozik", "nem ervenyes", "nem relevans", "nem kerdeztuk",
    /* Greek */
    "δεν εφαρμοζεται", "δεν ισχυει", "δεν αφορα", "μη εφαρμοσιμο", "δεν ερωτηθηκε",
    /* Romanian */
    "nu se aplica", "nu este cazul", "neaplicabil", "nu este aplicabil",
    /* Ukrainian */
    "не застосовується", "не застосовно", "не стосується", "не запитувалось",
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

bool emend_folded_says_not_applicable(const char *folded) {
  if (has_any_words(folded, exceptions, COUNT(exceptions)))
    return false;
  for (size_t i = 0; i < COUNT(fragments); i++)
    if (strstr(folded, fragments[i]))
      return true;
  for (size_t i = 0; i < COUNT(labels); i++)
    if (is_label(folded, labels[i]))
      return true;
  return has_any_words(folded, phrases, COUNT(phrases));
}
