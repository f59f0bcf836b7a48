/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "encode/unanswered.h"

#include <string.h>

/* By these words survey files say that somebody was asked and gave no answer. All are written as emend_fold leaves them: without accents, in small letters;
 * what has no blanks between words (Chinese, Japanese) in one. */
static const char *const phrases[] = {
    /* English */
    "don t know", "dont know", "dontknow", "do not know", "doesn t know", "does not know", "didn t know", "dk", "d k", "don t know not sure", "can t say", "cannot say",
    "can t choose", "cannot choose", "cant choose", "refused", "refusal", "refuse", "refuses", "refused to answer", "refuse to answer", "refused to say", "ref", "rf",
    "prefer not to say", "prefer not to answer", "prefers not to answer", "rather not say", "declined", "declined to answer", "decline to answer", "no answer",
    "not answered", "unanswered", "did not answer", "didn t answer", "no response", "nonresponse", "non response", "item nonresponse", "not stated",
    "not ascertained", "not ascertainable", "missing", "missing value", "missing data", "missing information", "missing answer", "missing response", "no data", "no information",
    "not reported", "unreported", "not recorded", "not available", "uncodeable", "uncodable", "unable to answer", "left blank", "unknown", "not known", "na",
    "skipped on web", "skipped by respondent", "respondent skipped", "not given", "not provided", "unusable", "illegible", "invalid answer", "invalid response", "implausible value", "implausible value removed",
    /* German */
    "weiss nicht", "weiss ich nicht", "weiss es nicht", "weiss nicht genau", "w n", "wn", "keine angabe", "keine angaben", "k a", "ka", "keine antwort", "keine auskunft", "verweigert",
    "antwort verweigert", "angabe verweigert", "angabe verweigert weiss nicht", "verweigerung", "auskunft verweigert", "nicht beantwortet", "unbeantwortet", "fehlend",
    "fehlender wert", "fehlende angabe", "fehlt", "unbekannt", "nicht bekannt", "mochte nicht antworten", "mochte ich nicht sagen", "nicht feststellbar", "datenfehler", "unplausibler wert", "nicht bestimmbar",
    /* French */
    "ne sait pas", "ne sais pas", "je ne sais pas", "nsp", "n s p", "ne se prononce pas", "ne se prononcent pas", "sans reponse", "sans avis", "pas de reponse", "non reponse", "non repondu", "aucune reponse",
    "n a pas repondu", "refus", "refuse de repondre", "refus de repondre", "a refuse de repondre", "ne veut pas repondre", "ne souhaite pas repondre", "ne veut pas dire", "non renseigne",
    "non renseignee", "non precise", "non declare", "non communique", "inconnu", "inconnue", "manquant", "manquante", "valeur manquante", "donnee manquante", "n d", "nr", "n r",
    /* Spanish */
    "no sabe", "no se", "no lo sabe", "no lo se", "no sabe no contesta", "no sabe no responde", "ns nc", "nsnc", "ns nr", "ns", "nc", "n s", "n c", "n s n c", "no contesta", "no contesto", "no responde",
    "no respondio", "no quiere contestar", "no quiere responder", "sin respuesta", "rechaza", "rechazo", "rehusa", "rehuso", "rehusa contestar", "rehusa responder", "se niega a contestar", "se niega a responder",
    "sin informacion", "sin dato", "sin datos", "sin especificar", "no especificado", "no especifica", "no declarado", "no declara", "no informa", "no disponible", "desconocido", "desconoce", "perdido", "valor perdido", "dato perdido",
    /* Portuguese */
    "nao sabe", "nao sei", "nao responde", "nao respondeu", "nao resposta", "nao quis responder", "sem resposta", "recusa", "recusou", "recusou se", "recusou se a responder", "recusa responder", "recusou responder", "nao declarado", "nao declarou",
    "nao informado", "nao informou", "ignorado", "sem informacao", "sem declaracao", "sem dados", "desconhecido", "ns nr", "prefere nao responder", "omisso", "valor ausente",
    /* Italian */
    "non sa", "non so", "non lo so", "non sa non risponde", "non risponde", "non ha risposto", "nessuna risposta", "mancata risposta", "senza risposta", "rifiuta", "rifiuto", "rifiutato", "rifiuta di rispondere", "rifiuto di rispondere", "non indicato",
    "non indicata", "non dichiarato", "non specificato", "non vuole rispondere", "preferisce non rispondere", "preferisco non rispondere", "preferisco non rispondere", "mancante", "valore mancante", "dato mancante", "non disponibile", "sconosciuto", "non noto",
    /* Dutch */
    "weet niet", "weet ik niet", "weet het niet", "weet ik niet meer", "weigert", "geweigerd", "weigering", "weigert antwoord", "weigert te antwoorden", "geen antwoord", "geen opgave", "geen mening geen antwoord", "wil niet zeggen", "wil ik niet zeggen", "wil niet antwoorden", "zeg ik liever niet",
    "niet beantwoord", "niet ingevuld", "onbekend", "ontbreekt", "ontbrekend", "ontbrekende waarde",
    /* Polish */
    "nie wiem", "nie wie", "trudno powiedziec", "nie wiem trudno powiedziec", "odmowa", "odmowa odpowiedzi", "odmawia odpowiedzi", "brak odpowiedzi", "brak danych", "brak informacji", "nie udzielono odpowiedzi", "nie podano", "nieznane", "nieustalone",
    /* Russian */
    "не знаю", "не знает", "затрудняюсь", "затрудняюсь ответить", "затрудняется ответить", "затруднились ответить", "затруднился ответить", "з о", "отказ", "отказ от ответа", "отказ отвечать", "отказывается отвечать", "отказался отвечать", "отказался ответить", "отказались отвечать",
    "нет ответа", "без ответа", "не ответил", "не ответили", "не дал ответа", "нет данных", "нет информации", "не указано", "не указан", "неизвестно", "пропуск", "пропущено",
    /* Ukrainian */
    "важко сказати", "важко відповісти", "відмова", "відмова від відповіді", "немає відповіді", "без відповіді", "немає даних", "невідомо", "не знає",
    /* Turkish */
    "bilmiyor", "bilmiyorum", "bilmiyor fikri yok", "fikri yok", "fikrim yok", "cevap yok", "yanit yok", "cevap vermedi", "yanit vermedi", "cevapsiz", "yanitsiz", "cevaplamadi", "yanitlamadi", "reddetti", "cevap vermeyi reddetti", "cevap vermek istemiyor", "cevap vermek istemedi", "belirtilmemis", "belirtmedi", "bilinmiyor", "kayip",
    /* Arabic */
    "لا اعرف", "لا اعلم", "لا يعرف", "لا ادري", "رفض", "رفض الاجابة", "رفض ان يجيب", "يرفض الاجابة", "ارفض الاجابة", "لا اجابة", "لا توجد اجابة", "بدون اجابة", "لم يجب", "لا جواب", "بدون جواب", "غير معروف", "غير مبين", "غير محدد", "لا توجد بيانات", "قيمة مفقودة", "مفقود",
    /* Chinese */
    "不知道", "不清楚", "不确定不知道", "不瞭解", "拒绝回答", "拒絕回答", "拒绝", "拒絕", "拒答", "无回答", "無回答", "未回答", "没有回答", "沒有回答", "不回答", "无法回答", "無法回答", "说不清", "說不清", "很难说", "很難說", "难说", "難說", "不详", "不詳", "未知", "缺失", "缺失值", "缺答", "遗漏值", "遺漏值", "漏答",
    /* Japanese */
    "わからない", "分からない", "わかりません", "分かりません", "知らない", "無回答", "回答なし", "回答無し", "回答拒否", "拒否", "答えたくない", "不明", "未回答", "欠損", "欠損値", "欠測",
    /* Korean */
    "모름", "모르겠다", "모르겠음", "모르겠습니다", "잘모름", "잘 모름", "잘 모르겠다", "무응답", "응답거절", "응답 거절", "응답거부", "응답 거부", "답변거부", "답변 거부", "거절", "거부", "미응답", "응답없음", "응답 없음", "결측", "결측치", "결측값", "미상",
    /* Swedish */
    "vet ej", "vet inte", "vill ej svara", "vill inte svara", "ej svar", "inget svar", "uppgift saknas", "saknas", "vagrar", "vagrar svara", "vagrade svara", "ej besvarad", "ej besvarat", "ej angivet", "okant", "bortfall", "internt bortfall",
    /* Danish and Norwegian */
    "ved ikke", "vet ikke", "vil ikke svare", "onsker ikke at svare", "onsker ikke a svare", "vil ikke oplyse", "nekter", "nekter a svare", "naegter", "naegter at svare", "intet svar", "ikke svar", "ikke svart", "ikke svaret", "ubesvaret", "ubesvart", "uoplyst", "ikke oplyst", "ikke oppgitt", "ikke besvart",
    "ikke besvaret", "ukendt", "ukjent", "mangler", "mangler svar", "manglende svar", "vet ikke vil ikke svare", "ved ikke vil ikke svare", "afvist", "avvist",
    /* Finnish */
    "en tieda", "ei tieda", "en osaa sanoa", "ei osaa sanoa", "eos", "en halua vastata", "ei halua vastata", "en halua sanoa", "ei halua sanoa", "ei vastausta", "ei vastannut", "kieltaytyi", "kieltaytyy", "kieltaytyi vastaamasta", "kieltaytyy vastaamasta", "puuttuva", "puuttuva tieto", "puuttuu", "tieto puuttuu", "ei tietoa", "tuntematon",
    /* Czech and Slovak */
    "nevi", "nevim", "neviem", "nevie", "neodpovedel", "neodpovedela", "neodpovedel a", "bez odpovedi", "odmitl", "odmitl odpovedet", "odmitnuti", "odmietol", "odmietol odpovedat", "neuvedeno", "neuvedl", "neuvedene", "chybi", "chybejici", "nezname", "nezjisteno",
    /* Hungarian */
    "nem tudja", "nem tudom", "nt", "nem valaszol", "nem valaszolt", "valaszmegtagadas", "valaszhiany", "nincs valasz", "nincs adat", "megtagadta", "megtagadta a valaszt", "nt nv", "nv", "ismeretlen", "hianyzo",
    /* Greek */
    "δεν γνωριζω", "δεν γνωριζει", "δεν ξερω", "δεν ξερει", "δεν απαντω", "δεν απαντα", "δεν απαντησε", "αρνηση", "αρνειται", "αρνηθηκε", "αρνηθηκε να απαντησει", "δγ δα", "δ γ δ α", "χωρισ απαντηση", "αγνωστο", "ελλειπουσα τιμη",
    /* Romanian */
    "nu stiu", "nu stie", "nu raspunde", "nu raspund", "nu a raspuns", "non raspuns", "nonraspuns", "refuz", "refuza", "refuza sa raspunda", "fara raspuns", "nu doreste sa raspunda", "lipsa", "lipsa date", "necunoscut",
    /* Croatian, Serbian, Bosnian; Slovenian; Bulgarian */
    "ne znam", "ne zna", "odbija", "odbija odgovor", "odbija odgovoriti", "odbio odgovoriti", "bez odgovora", "nema odgovora", "nepoznato", "ne vem", "ne ve", "zavrnil", "zavrnil odgovor", "brez odgovora", "ni odgovora",
    "не знам", "отказва", "отказва да отговори", "отказва отговор", "без отговор", "няма отговор", "не е отговорил",
    /* Estonian, Latvian, Lithuanian */
    "ei tea", "ei oska oelda", "keeldus", "keeldus vastamast", "vastamata", "vastus puudub", "nezinu", "nezina", "gruti pateikt", "atteicas", "atteicas atbildet", "nav atbildes",
    "nezino", "nezinau", "sunku pasakyti", "atsisake", "atsisake atsakyti", "neatsake", "nera atsakymo",
    /* Hebrew */
    "לא יודע", "לא יודעת", "סירב", "סירב לענות", "מסרב", "מסרב לענות", "אין תשובה", "ללא תשובה", "לא ענה",
    /* Indonesian, Vietnamese */
    "tidak tahu", "tidak menjawab", "tidak ada jawaban", "menolak", "menolak menjawab", "tidak diketahui", "khong biet", "khong ro", "khong tra loi", "tu choi", "tu choi tra loi"};

/* Words that add nothing to them. */
static const char *const fillers[] = {"or", "and", "oder", "und", "bzw", "ou", "et", "y", "o", "e", "of", "en", "i", "lub", "albo", "или", "и", "або", "och", "eller", "og", "tai", "ja", "nebo", "a", "vagy", "sau", "si", "veya", "ve", "η", "و", "او",
                                      "spontaneous", "spontaneously", "spontan", "spontane", "espontaneo", "spontaneo", "volunteered", "vol", "the", "question", "to", "this", "item", "code", "not sure", "unsure", "not read", "do not read", "do not read out", "nicht vorlesen",
                                      "no leer", "ne pas lire", "no opinion", "no opinion on this", "s p", "net"};

#define COUNT(list) (sizeof(list) / sizeof *(list))

const char *const *emend_no_answer_phrases(size_t *n) {
  *n = COUNT(phrases);
  return phrases;
}

/* Scripts without blanks between words: a phrase may end anywhere. */
static bool is_dense(const char *phrase) { return (unsigned char)phrase[0] >= 0xE3; }

/* The length of the longest phrase that stands at the beginning of a word; 0: none. */
static size_t longest(const char *at, const char *const *list, size_t n) {
  size_t best = 0;
  for (size_t i = 0; i < n; i++) {
    size_t length = strlen(list[i]);
    if (length > best && strncmp(at, list[i], length) == 0 && (at[length] == ' ' || is_dense(list[i])))
      best = length;
  }
  return best;
}

/* Lists of phrases, and words that may stand around them. */
typedef struct phrase_lists {
  const char *const *lists[4];
  size_t n[4], n_lists;
} phrase_lists;

static size_t longest_of(const char *at, const phrase_lists *l) {
  size_t best = 0;
  for (size_t i = 0; i < l->n_lists; i++) {
    size_t length = longest(at, l->lists[i], l->n[i]);
    best = length > best ? length : best;
  }
  return best;
}

/* True if a label holds phrases of the lists, fillers and numbers, and at least one of the former. */
static bool is_made_of(const char *folded, const phrase_lists *l, const phrase_lists *around) {
  bool any = false;
  for (const char *at = folded + 1; *at;) {
    size_t phrase = longest_of(at, l), filler = longest_of(at, around), digits = strspn(at, "0123456789");
    if (phrase)
      any = true;
    else if (!filler && !(digits && at[digits] == ' '))
      return false;
    at += phrase > filler ? phrase : filler ? filler : digits;
    at += *at == ' ';
  }
  return any;
}

bool emend_folded_says_no_answer(const char *folded) {
  const phrase_lists answers = {{phrases}, {COUNT(phrases)}, 1}, around = {{fillers}, {COUNT(fillers)}, 1};
  return is_made_of(folded, &answers, &around);
}

/* When and of whom something was not asked. */
static const char *const occasions[] = {
    "in this wave", "in wave", "this wave", "wave", "in this survey", "in this year", "this year", "in this country", "in country", "in this version", "of this respondent", "in this form", "form", "split", "filter", "filtered", "by design", "design", "questionnaire", "survey",
    "in dieser welle", "welle", "in diesem jahr", "in diesem land", "in dieser version", "worden", "wurde", "hier", "frage", "dans cette vague", "vague", "cette annee", "dans ce pays", "question", "en esta ola", "en esta oleada", "ola", "este ano", "en este pais", "pregunta",
    "nesta onda", "neste ano", "neste pais", "pergunta", "in questa ondata", "in questa wave", "in questo paese", "domanda", "in deze golf", "golf", "dit jaar", "in dit land", "vraag"};

bool emend_folded_says_only_not_applicable(const char *folded, bool *clear) {
  phrase_lists all = {.n_lists = 3}, around = {{fillers, occasions}, {COUNT(fillers), COUNT(occasions)}, 2};
  all.lists[0] = emend_unasked_phrases(&all.n[0]), all.lists[1] = emend_not_applicable_phrases(&all.n[1]), all.lists[2] = emend_not_applicable_fragments(&all.n[2]);
  phrase_lists unasked = {{all.lists[0]}, {all.n[0]}, 1};
  *clear = is_made_of(folded, &unasked, &around);
  return *clear || is_made_of(folded, &all, &around);
}
