/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "encode/phrases.h"

#include <string.h>

#include "base/text.h"

/* Phrases are separated by a comma and a blank; what has no blanks between words (Chinese, Japanese) is written in one. A meaning may have several rows. */
static const struct phrase_row {
  emend_meaning meaning;
  const char *phrases;
} rows[] = {
    /* English */
    {EMEND_SAYS_NO_ANSWER, "don t know, dont know, dontknow, do not know, doesn t know, does not know, didn t know, dk, d k"},
    {EMEND_SAYS_NO_ANSWER, "don t know not sure, can t say, cannot say, can t choose, cannot choose, cant choose, refused, refusal"},
    {EMEND_SAYS_NO_ANSWER, "refuse, refuses, refused to answer, refuse to answer, refused to say, ref, rf, prefer not to say"},
    {EMEND_SAYS_NO_ANSWER, "prefer not to answer, prefers not to answer, rather not say, declined, declined to answer, decline to answer"},
    {EMEND_SAYS_NO_ANSWER, "no answer, not answered, unanswered, did not answer, didn t answer, no response, nonresponse, non response"},
    {EMEND_SAYS_NO_ANSWER, "item nonresponse, not stated, not ascertained, not ascertainable, missing, missing value, missing data"},
    {EMEND_SAYS_NO_ANSWER, "missing information, missing answer, missing response, no data, no information, not reported, unreported"},
    {EMEND_SAYS_NO_ANSWER, "not recorded, not available, uncodeable, uncodable, unable to answer, left blank, unknown, not known, na"},
    {EMEND_SAYS_NO_ANSWER, "skipped on web, skipped by respondent, respondent skipped, not given, not provided, unusable, illegible"},
    {EMEND_SAYS_NO_ANSWER, "invalid answer, invalid response, implausible value, implausible value removed"},
    {EMEND_SAYS_NOT_ASKED, "not asked, question not asked, was not asked, wasn t asked, not asked of, missing by design"},
    {EMEND_SAYS_NOT_ASKED, "missing by study design, planned missing, planned missingness, structurally missing, structural missing"},
    {EMEND_SAYS_NOT_ASKED, "logically missing, not in sample, not in subsample, not in sub sample, not in split, not in this split"},
    {EMEND_SAYS_NOT_ASKED, "not in module, not administered, not fielded, not included in this version of the questionnaire"},
    {EMEND_SAYS_NOT_ASKED, "not included in this version, not included in questionnaire, not in questionnaire, question not included"},
    {EMEND_SAYS_NOT_ASKED, "not part of survey program, question this year not part of survey program, question not in this wave"},
    {EMEND_SAYS_NOT_ASKED, "not in this wave, not surveyed, not interviewed, not presented, not in universe, out of universe, routed out"},
    {EMEND_SAYS_NOT_ASKED, "filtered out, valid skip, legitimate skip, legitimately skipped, logical skip, system skip, not applicable"},
    {EMEND_SAYS_NOT_ASKED, "inapplicable, non applicable, not applicable filtered, screened out"},
    {EMEND_SAYS_NOT_APPLICABLE, "does not apply, do not apply, did not apply, doesn t apply, don t apply, skip, skipped, iap, inap, inapp"},
    {EMEND_SAYS_NOT_APPLICABLE, "nap, niu, filtered, skip pattern, question skipped, not required to answer, not relevant, not eligible"},
    {EMEND_SAYS_NOT_APPLICABLE, "ineligible, route off, routed off, off route, not routed"},
    {EMEND_SAYS_NOT_APPLICABLE_ALONE, "n a p"},
    {EMEND_SAYS_WAS_ASKED, "skipped on web, skipped by respondent, respondent skipped, not skipped"},
    {EMEND_SAYS_FILTER, "filter"},
    {EMEND_ADDS_NOTHING, "or, and, spontaneous, spontaneously, volunteered, vol, the, question, to, this, item, code, not sure, unsure"},
    {EMEND_ADDS_NOTHING, "not read, do not read, do not read out, no opinion, no opinion on this, s p, net"},
    {EMEND_SAYS_WHEN, "in this wave, in wave, this wave, wave, in this survey, in this year, this year, in this country, in country"},
    {EMEND_SAYS_WHEN, "in this version, of this respondent, in this form, form, split, filter, filtered, by design, design, questionnaire"},
    {EMEND_SAYS_WHEN, "survey"},
    {EMEND_IS_COMMON, "does, question, wave, this, none"},
    {EMEND_IS_STEP, "very, quite, good, poor, fair, bad, low, high, less, more, most, none, mild, too, lt, few"},
    {EMEND_BEGINS_STEP, "never, rarely, seldom, sometime, occasional, often, frequent, usual, always, agree, disagree, strong, somewhat"},
    {EMEND_BEGINS_STEP, "slight, moderate, extreme, complete, satisf, dissatisf, excellent, lower, lowest, higher, highest, medium"},
    {EMEND_BEGINS_STEP, "middle, intermediate, least, weak, better, worse, worst, daily, weekly, monthly, yearly, severe, liberal"},
    {EMEND_BEGINS_STEP, "conservative, conservatv, consrvtv, consrvative, bachelor, graduate, college, elementary, primary, secondary"},
    {EMEND_BEGINS_STEP, "tertiary, independent, dependent, important, unimportant, likely, unlikely, small, large, little, lots, several"},
    {EMEND_BEGINS_STEP, "under, every"},
    {EMEND_NAMES_IDENTIFIER, "id, ids, identifier, idno, idnum, caseid, caseno, casenum, casenumber, serial, serialno, serialnum"},
    {EMEND_NAMES_IDENTIFIER, "serialnumber, respid, respno, respnum, respondentid, recordid, recordno, recordnum, recid, recno, recnum"},
    {EMEND_NAMES_IDENTIFIER, "rowid, rowno, rownum, uid, uuid, guid, pid, hhid, hid, subjid, subjectid, patid, patientid, personid"},
    {EMEND_NAMES_IDENTIFIER, "personno, studyid, userid, memberid, seqn, seqno, seqnum, persno, pidp, hidp, hhno, hhnum, ssn, panelid"},
    {EMEND_NAMES_IDENTIFIER, "interviewid"},
    {EMEND_NAMES_OWN_IDENTIFIER, "ident, case, resp, respondent, record, rec, key"},
    {EMEND_NAMES_UNIT, "case, serial, resp, respondent, record, rec, key, id, row, seq, sequence, person, patient, subject, household, hh"},
    {EMEND_NAMES_UNIT, "pers"},
    {EMEND_NAMES_NUMBER, "no, num, number, code, id"},
    {EMEND_NAMES_PHONE, "phone, phones, tel, telephone, mobile, cell, cellphone, mobilephone, phonenumber, phoneno, fax"},
    {EMEND_NAMES_POSTCODE, "zip, zipcode, postcode, postalcode, postal"},
    {EMEND_NAMES_POST, "zip, post, postal"},
    {EMEND_NAMES_POST_END, "code"},
    {EMEND_NAMES_DESIGN, "psu, ssu, strata, stratum, vpsu, vstrat, vstratum, sdmvpsu, sdmvstra, psuid, stratumid, clusterid, clustid"},
    {EMEND_NAMES_DESIGN_UNIT, "psu, ssu, strata, stratum, cluster, clust"},
    {EMEND_NAMES_WEIGHT, "pweight, pweights, dweight, anweight, pspwght, pspweight, fweight, finalwt, finalweight, hhweight, perweight"},
    {EMEND_NAMES_WEIGHT, "wtfinal"},
    {EMEND_NAMES_WEIGHT_UNSURE, "weight, weights, wgt, wght, wt"},
    {EMEND_SAYS_WEIGHTING, "weighting, sampling weight, sample weight, survey weight, design weight, analysis weight"},
    {EMEND_SAYS_WEIGHTING, "stratification weight, person weight, household weight, probability weight, expansion"},
    {EMEND_SAYS_PERCENT, "percent, percentage, pct"},
    {EMEND_SAYS_SHARE, "share, proportion, fraction"},
    /* German */
    {EMEND_SAYS_NO_ANSWER, "weiss nicht, weiss ich nicht, weiss es nicht, weiss nicht genau, w n, wn, keine angabe, keine angaben, k a"},
    {EMEND_SAYS_NO_ANSWER, "ka, keine antwort, keine auskunft, verweigert, antwort verweigert, angabe verweigert"},
    {EMEND_SAYS_NO_ANSWER, "angabe verweigert weiss nicht, verweigerung, auskunft verweigert, nicht beantwortet, unbeantwortet, fehlend"},
    {EMEND_SAYS_NO_ANSWER, "fehlender wert, fehlende angabe, fehlt, unbekannt, nicht bekannt, mochte nicht antworten"},
    {EMEND_SAYS_NO_ANSWER, "mochte ich nicht sagen, nicht feststellbar, datenfehler, unplausibler wert, nicht bestimmbar"},
    {EMEND_SAYS_NOT_ASKED, "nicht befragt, nicht gefragt, nicht gestellt, frage nicht gestellt, frage wurde nicht gestellt, nicht erfragt"},
    {EMEND_SAYS_NOT_ASKED, "wurde nicht gefragt, wurde nicht befragt, logisch ausgefallen, logisch entfallen, designbedingt fehlend"},
    {EMEND_SAYS_NOT_ASKED, "designbedingt, fehlend durch design, durch design fehlend, nicht im split, nicht in diesem split"},
    {EMEND_SAYS_NOT_ASKED, "nicht in stichprobe, nicht in der stichprobe, nicht in auswahl, nicht in auswahlgesamtheit, nicht vorgelegt"},
    {EMEND_SAYS_NOT_ASKED, "nicht erhoben, wurde nicht erhoben, in diesem jahr nicht erhoben, in fragebogenversion nicht enthalten"},
    {EMEND_SAYS_NOT_ASKED, "nicht in fragebogen enthalten, nicht im fragebogen, frage in diesem jahr nicht teil des frageprogramms"},
    {EMEND_SAYS_NOT_ASKED, "nicht teil des frageprogramms, filterbedingt, filterbedingt fehlend, durch filter ausgeschlossen"},
    {EMEND_SAYS_NOT_ASKED, "nicht anwendbar, filterfuhrung, wegen filterfuhrung nicht gefragt"},
    {EMEND_SAYS_NOT_APPLICABLE, "trifft nicht zu, trifft auf mich nicht zu, trifft fur mich nicht zu, trifft bei mir nicht zu"},
    {EMEND_SAYS_NOT_APPLICABLE, "trifft auf uns nicht zu, trifft auf sie nicht zu, trifft hier nicht zu, nichtzutreffend"},
    {EMEND_SAYS_NOT_APPLICABLE, "betrifft mich nicht, nicht zutreffend, nicht betroffen, entfallt, tnz, t n z, gefiltert, ausgefiltert"},
    {EMEND_SAYS_NOT_APPLICABLE, "weggefiltert"},
    {EMEND_ADDS_NOTHING, "oder, und, bzw, spontan, nicht vorlesen"},
    {EMEND_SAYS_WHEN, "in dieser welle, welle, in diesem jahr, in diesem land, in dieser version, worden, wurde, hier, frage"},
    {EMEND_IS_COMMON, "nicht, frage"},
    {EMEND_IS_STEP, "nie, oft, sehr, eher, gut, hoch"},
    {EMEND_BEGINS_STEP, "niemals, selten, manchmal, gelegentlich, häufig, meist, immer, stimm, trifft, etwas, wenig, kaum, überhaupt"},
    {EMEND_BEGINS_STEP, "völlig, zufrieden, unzufrieden, schlecht, niedrig, mittel, stark, schwach, täglich, wöchentlich, monatlich"},
    {EMEND_BEGINS_STEP, "jährlich"},
    {EMEND_NAMES_IDENTIFIER, "idnr, casenr, serialnr, respnr, lfdn, lfdnr, pnr, persid, persnr, hhnr, fallnr, fallnummer, personennummer"},
    {EMEND_NAMES_IDENTIFIER, "haushaltsnummer"},
    {EMEND_NAMES_NUMBER, "nr"},
    {EMEND_NAMES_PHONE, "telefon, mobil, handy, rufnummer, telefonnummer, telnr, handynummer"},
    {EMEND_NAMES_POSTCODE, "plz, postleitzahl"},
    {EMEND_NAMES_WEIGHT, "gewichtung, gewichtungsfaktor, hochrechnungsfaktor"},
    {EMEND_NAMES_WEIGHT_UNSURE, "gewicht, gew"},
    {EMEND_SAYS_WEIGHTING, "gewichtung, hochrechnung"},
    {EMEND_SAYS_PERCENT, "prozent"},
    {EMEND_SAYS_SHARE, "anteil"},
    /* French */
    {EMEND_SAYS_NO_ANSWER, "ne sait pas, ne sais pas, je ne sais pas, nsp, n s p, ne se prononce pas, ne se prononcent pas, sans reponse"},
    {EMEND_SAYS_NO_ANSWER, "sans avis, pas de reponse, non reponse, non repondu, aucune reponse, n a pas repondu, refus"},
    {EMEND_SAYS_NO_ANSWER, "refuse de repondre, refus de repondre, a refuse de repondre, ne veut pas repondre, ne souhaite pas repondre"},
    {EMEND_SAYS_NO_ANSWER, "ne veut pas dire, non renseigne, non renseignee, non precise, non declare, non communique, inconnu, inconnue"},
    {EMEND_SAYS_NO_ANSWER, "manquant, manquante, valeur manquante, donnee manquante, n d, nr, n r"},
    {EMEND_SAYS_NOT_ASKED, "question non posee, non pose, non posee, pas pose, pas posee, pas ete posee, question filtree, non demande"},
    {EMEND_SAYS_NOT_ASKED, "non demandee, non interroge, non interrogee, pas interroge, pas interrogee, hors champ, hors filtre"},
    {EMEND_SAYS_NOT_ASKED, "hors echantillon, hors de l echantillon, pas dans l echantillon, manquant par plan, manquant par construction"},
    {EMEND_SAYS_NOT_ASKED, "manquante par construction, manquant par conception, non administre, non administree, sans objet"},
    {EMEND_SAYS_NOT_APPLICABLE, "pas applicable, ne s applique pas, non concerne, non concernee, pas concerne, pas concernee"},
    {EMEND_SAYS_NOT_APPLICABLE, "ne concerne pas, n est pas concerne, non pertinent, non pertinente, filtre, filtree, ne me concerne pas"},
    {EMEND_SAYS_FILTER, "filtre"},
    {EMEND_ADDS_NOTHING, "ou, et, spontane, ne pas lire"},
    {EMEND_SAYS_WHEN, "dans cette vague, vague, cette annee, dans ce pays, question"},
    {EMEND_IS_STEP, "peu, bon"},
    {EMEND_BEGINS_STEP, "jamais, rarement, parfois, souvent, toujours, accord, désaccord, très, plutôt, assez, beaucoup, satisfait"},
    {EMEND_BEGINS_STEP, "insatisfait, mauvais, faible, moyen, élevé"},
    {EMEND_NAMES_POSTCODE, "codepostal"},
    {EMEND_NAMES_POSTCODE_UNSURE, "cp, npa"},
    {EMEND_NAMES_WEIGHT, "ponderation, pondération"},
    {EMEND_NAMES_WEIGHT_UNSURE, "poids"},
    {EMEND_SAYS_WEIGHTING, "ponder, pondér"},
    {EMEND_SAYS_PERCENT, "pourcentage"},
    /* Spanish */
    {EMEND_SAYS_NO_ANSWER, "no sabe, no se, no lo sabe, no lo se, no sabe no contesta, no sabe no responde, ns nc, nsnc, ns nr, ns, nc"},
    {EMEND_SAYS_NO_ANSWER, "n s, n c, n s n c, no contesta, no contesto, no responde, no respondio, no quiere contestar"},
    {EMEND_SAYS_NO_ANSWER, "no quiere responder, sin respuesta, rechaza, rechazo, rehusa, rehuso, rehusa contestar, rehusa responder"},
    {EMEND_SAYS_NO_ANSWER, "se niega a contestar, se niega a responder, sin informacion, sin dato, sin datos, sin especificar"},
    {EMEND_SAYS_NO_ANSWER, "no especificado, no especifica, no declarado, no declara, no informa, no disponible, desconocido, desconoce"},
    {EMEND_SAYS_NO_ANSWER, "perdido, valor perdido, dato perdido"},
    {EMEND_SAYS_NOT_ASKED, "no preguntado, no preguntada, pregunta no realizada, pregunta no formulada, no se pregunto, no se le pregunto"},
    {EMEND_SAYS_NOT_ASKED, "no se le hizo la pregunta, no administrado, no administrada, fuera de la muestra, no incluido en la muestra"},
    {EMEND_SAYS_NOT_ASKED, "no incluida en la muestra, no esta en la muestra, perdido por diseno, perdidos por diseno"},
    {EMEND_SAYS_NOT_ASKED, "faltante por diseno, ausente por diseno, no procede"},
    {EMEND_SAYS_NOT_APPLICABLE, "no aplica, no aplicable, no se aplica, no corresponde, no pertinente, no me aplica, filtrado, filtrada"},
    {EMEND_SAYS_NOT_APPLICABLE, "no elegible"},
    {EMEND_SAYS_NOT_APPLICABLE_ALONE, "n p"},
    {EMEND_SAYS_FILTER, "filtro"},
    {EMEND_ADDS_NOTHING, "y, o, espontaneo, no leer"},
    {EMEND_SAYS_WHEN, "en esta ola, en esta oleada, ola, este ano, en este pais, pregunta"},
    {EMEND_IS_STEP, "muy"},
    {EMEND_BEGINS_STEP, "nunca, raramente, veces, siempre, acuerdo, desacuerdo, bastante, mucho, bueno, malo, bajo, medio, alto"},
    {EMEND_NAMES_PHONE, "telefono"},
    {EMEND_NAMES_POSTCODE, "codigopostal"},
    {EMEND_NAMES_WEIGHT, "ponderacion, ponderación, ponderador, pondera, fexp, factorexpansion"},
    {EMEND_NAMES_WEIGHT_UNSURE, "peso, pond"},
    {EMEND_SAYS_PERCENT, "porcentaje"},
    {EMEND_SAYS_SHARE, "proporcion, proporción"},
    /* Portuguese */
    {EMEND_SAYS_NO_ANSWER, "nao sabe, nao sei, nao responde, nao respondeu, nao resposta, nao quis responder, sem resposta, recusa"},
    {EMEND_SAYS_NO_ANSWER, "recusou, recusou se, recusou se a responder, recusa responder, recusou responder, nao declarado, nao declarou"},
    {EMEND_SAYS_NO_ANSWER, "nao informado, nao informou, ignorado, sem informacao, sem declaracao, sem dados, desconhecido, ns nr"},
    {EMEND_SAYS_NO_ANSWER, "prefere nao responder, omisso, valor ausente"},
    {EMEND_SAYS_NOT_ASKED, "nao perguntado, nao perguntada, nao foi perguntado, nao foi perguntada, pergunta nao colocada"},
    {EMEND_SAYS_NOT_ASKED, "pergunta nao feita, nao administrado, nao administrada, fora da amostra, nao incluido na amostra"},
    {EMEND_SAYS_NOT_ASKED, "omisso por desenho, ausente por desenho, em falta por desenho"},
    {EMEND_SAYS_NOT_APPLICABLE, "nao aplicavel, nao se aplica, nao aplica, nao pertinente, nao elegivel, nao corresponde"},
    {EMEND_SAYS_WHEN, "nesta onda, neste ano, neste pais, pergunta"},
    {EMEND_BEGINS_STEP, "concordo, discordo, muito, pouco"},
    {EMEND_NAMES_PHONE, "telefone"},
    {EMEND_NAMES_WEIGHT, "ponderacao, ponderação"},
    {EMEND_SAYS_PERCENT, "percentagem, porcentagem, percentual"},
    {EMEND_SAYS_SHARE, "proporcao, proporção"},
    /* Italian */
    {EMEND_SAYS_NO_ANSWER, "non sa, non so, non lo so, non sa non risponde, non risponde, non ha risposto, nessuna risposta"},
    {EMEND_SAYS_NO_ANSWER, "mancata risposta, senza risposta, rifiuta, rifiuto, rifiutato, rifiuta di rispondere, rifiuto di rispondere"},
    {EMEND_SAYS_NO_ANSWER, "non indicato, non indicata, non dichiarato, non specificato, non vuole rispondere, preferisce non rispondere"},
    {EMEND_SAYS_NO_ANSWER, "preferisco non rispondere, mancante, valore mancante, dato mancante, non disponibile, sconosciuto, non noto"},
    {EMEND_SAYS_NOT_ASKED, "domanda non posta, domanda non rivolta, non chiesto, non chiesta, non e stato chiesto, non somministrato"},
    {EMEND_SAYS_NOT_ASKED, "non somministrata, non intervistato, non intervistata, domanda filtrata, fuori campione, non nel campione"},
    {EMEND_SAYS_NOT_ASKED, "non incluso nel campione, mancante per disegno, mancanti per disegno"},
    {EMEND_SAYS_NOT_APPLICABLE, "non applicabile, non si applica, non pertinente, non previsto, non interessato, non interessata"},
    {EMEND_SAYS_NOT_APPLICABLE, "filtrato, non eleggibile"},
    {EMEND_ADDS_NOTHING, "e, spontaneo"},
    {EMEND_SAYS_WHEN, "in questa ondata, in questa wave, in questo paese, domanda"},
    {EMEND_IS_STEP, "poco, mai"},
    {EMEND_BEGINS_STEP, "sempre, spesso, accordo, disaccordo, molto, abbastanza"},
    {EMEND_NAMES_POSTCODE_UNSURE, "cap"},
    {EMEND_NAMES_WEIGHT, "ponderazione"},
    {EMEND_SAYS_PERCENT, "percentuale"},
    {EMEND_SAYS_SHARE, "proporzione"},
    /* Dutch */
    {EMEND_SAYS_NO_ANSWER, "weet niet, weet ik niet, weet het niet, weet ik niet meer, weigert, geweigerd, weigering, weigert antwoord"},
    {EMEND_SAYS_NO_ANSWER, "weigert te antwoorden, geen antwoord, geen opgave, geen mening geen antwoord, wil niet zeggen"},
    {EMEND_SAYS_NO_ANSWER, "wil ik niet zeggen, wil niet antwoorden, zeg ik liever niet, niet beantwoord, niet ingevuld, onbekend"},
    {EMEND_SAYS_NO_ANSWER, "ontbreekt, ontbrekend, ontbrekende waarde"},
    {EMEND_SAYS_NOT_ASKED, "niet gevraagd, niet gesteld, vraag niet gesteld, niet bevraagd, niet ondervraagd, niet voorgelegd"},
    {EMEND_SAYS_NOT_ASKED, "niet afgenomen, niet in steekproef, niet in de steekproef, ontbreekt door design, missend door design"},
    {EMEND_SAYS_NOT_ASKED, "ontbrekend door ontwerp"},
    {EMEND_SAYS_NOT_APPLICABLE, "niet van toepassing, nvt, n v t, niet relevant, gefilterd, weggefilterd"},
    {EMEND_ADDS_NOTHING, "of, en"},
    {EMEND_SAYS_WHEN, "in deze golf, golf, dit jaar, in dit land, vraag"},
    {EMEND_IS_COMMON, "niet"},
    {EMEND_IS_STEP, "eens, zeer, veel, goed, laag, hoog"},
    {EMEND_BEGINS_STEP, "nooit, zelden, soms, vaak, altijd, oneens, weinig, slecht"},
    {EMEND_NAMES_PHONE, "telefoon"},
    {EMEND_NAMES_WEIGHT, "ponderatie, weging, weegfactor"},
    {EMEND_SAYS_WEIGHTING, "weegfactor, weging"},
    {EMEND_SAYS_PERCENT, "procent"},
    {EMEND_SAYS_SHARE, "aandeel"},
    /* Polish */
    {EMEND_SAYS_NO_ANSWER, "nie wiem, nie wie, trudno powiedziec, nie wiem trudno powiedziec, odmowa, odmowa odpowiedzi"},
    {EMEND_SAYS_NO_ANSWER, "odmawia odpowiedzi, brak odpowiedzi, brak danych, brak informacji, nie udzielono odpowiedzi, nie podano"},
    {EMEND_SAYS_NO_ANSWER, "nieznane, nieustalone"},
    {EMEND_SAYS_NOT_ASKED, "nie zadano pytania, nie pytano"},
    {EMEND_SAYS_NOT_APPLICABLE, "nie dotyczy, nie ma zastosowania"},
    {EMEND_ADDS_NOTHING, "i, lub, albo"},
    {EMEND_SAYS_PERCENT, "procent"},
    /* Russian */
    {EMEND_SAYS_NO_ANSWER, "не знаю, не знает, затрудняюсь, затрудняюсь ответить, затрудняется ответить, затруднились ответить"},
    {EMEND_SAYS_NO_ANSWER, "затруднился ответить, з о, отказ, отказ от ответа, отказ отвечать, отказывается отвечать, отказался отвечать"},
    {EMEND_SAYS_NO_ANSWER, "отказался ответить, отказались отвечать, нет ответа, без ответа, не ответил, не ответили, не дал ответа"},
    {EMEND_SAYS_NO_ANSWER, "нет данных, нет информации, не указано, не указан, неизвестно, пропуск, пропущено"},
    {EMEND_SAYS_NOT_ASKED, "не задавался, не задавали, вопрос не задавался, не применимо, неприменимо"},
    {EMEND_SAYS_NOT_APPLICABLE, "не применяется, не относится, не касается, не подходит, нп"},
    {EMEND_ADDS_NOTHING, "или, и"},
    {EMEND_SAYS_PERCENT, "процент"},
    {EMEND_SAYS_SHARE, "доля"},
    /* Ukrainian */
    {EMEND_SAYS_NO_ANSWER, "важко сказати, важко відповісти, відмова, відмова від відповіді, немає відповіді, без відповіді, немає даних"},
    {EMEND_SAYS_NO_ANSWER, "невідомо, не знає"},
    {EMEND_SAYS_NOT_ASKED, "не запитувалось"},
    {EMEND_SAYS_NOT_APPLICABLE, "не застосовується, не застосовно, не стосується"},
    {EMEND_ADDS_NOTHING, "або"},
    {EMEND_SAYS_PERCENT, "відсоток"},
    {EMEND_SAYS_SHARE, "частка"},
    /* Turkish */
    {EMEND_SAYS_NO_ANSWER, "bilmiyor, bilmiyorum, bilmiyor fikri yok, fikri yok, fikrim yok, cevap yok, yanit yok, cevap vermedi"},
    {EMEND_SAYS_NO_ANSWER, "yanit vermedi, cevapsiz, yanitsiz, cevaplamadi, yanitlamadi, reddetti, cevap vermeyi reddetti"},
    {EMEND_SAYS_NO_ANSWER, "cevap vermek istemiyor, cevap vermek istemedi, belirtilmemis, belirtmedi, bilinmiyor, kayip"},
    {EMEND_SAYS_NOT_ASKED, "sorulmadi"},
    {EMEND_SAYS_NOT_APPLICABLE, "uygulanamaz, uygulanmaz, gecerli degil, ilgili degil"},
    {EMEND_ADDS_NOTHING, "veya, ve"},
    {EMEND_SAYS_PERCENT, "yüzde"},
    /* Arabic */
    {EMEND_SAYS_NO_ANSWER, "لا اعرف, لا اعلم, لا يعرف, لا ادري, رفض, رفض الاجابة, رفض ان يجيب, يرفض الاجابة, ارفض الاجابة, لا اجابة"},
    {EMEND_SAYS_NO_ANSWER, "لا توجد اجابة, بدون اجابة, لم يجب, لا جواب, بدون جواب, غير معروف, غير مبين, غير محدد, لا توجد بيانات"},
    {EMEND_SAYS_NO_ANSWER, "قيمة مفقودة, مفقود"},
    {EMEND_SAYS_NOT_APPLICABLE_INSIDE, "لا ينطبق, لا تنطبق, غير قابل للتطبيق, غير منطبق"},
    {EMEND_ADDS_NOTHING, "و, او"},
    /* Chinese */
    {EMEND_SAYS_NO_ANSWER, "不知道, 不清楚, 不确定不知道, 不瞭解, 拒绝回答, 拒絕回答, 拒绝, 拒絕, 拒答, 无回答, 無回答, 未回答, 没有回答"},
    {EMEND_SAYS_NO_ANSWER, "沒有回答, 不回答, 无法回答, 無法回答, 说不清, 說不清, 很难说, 很難說, 难说, 難說, 不详, 不詳, 未知, 缺失"},
    {EMEND_SAYS_NO_ANSWER, "缺失值, 缺答, 遗漏值, 遺漏值, 漏答"},
    {EMEND_SAYS_NOT_APPLICABLE_INSIDE, "不适用, 不適用"},
    /* Japanese */
    {EMEND_SAYS_NO_ANSWER, "わからない, 分からない, わかりません, 分かりません, 知らない, 無回答, 回答なし, 回答無し, 回答拒否, 拒否"},
    {EMEND_SAYS_NO_ANSWER, "答えたくない, 不明, 未回答, 欠損, 欠損値, 欠測"},
    {EMEND_SAYS_NOT_APPLICABLE_INSIDE, "非該当, 該当しない, 該当せず, 該当なし, 該当無し, 非適用, 適用外"},
    /* Korean */
    {EMEND_SAYS_NO_ANSWER, "모름, 모르겠다, 모르겠음, 모르겠습니다, 잘모름, 잘 모름, 잘 모르겠다, 무응답, 응답거절, 응답 거절, 응답거부"},
    {EMEND_SAYS_NO_ANSWER, "응답 거부, 답변거부, 답변 거부, 거절, 거부, 미응답, 응답없음, 응답 없음, 결측, 결측치, 결측값, 미상"},
    {EMEND_SAYS_NOT_APPLICABLE_INSIDE, "해당없음, 해당 없음, 해당사항없음, 해당사항 없음, 비해당, 해당 안됨, 해당안됨, 해당되지 않음"},
    /* Swedish */
    {EMEND_SAYS_NO_ANSWER, "vet ej, vet inte, vill ej svara, vill inte svara, ej svar, inget svar, uppgift saknas, saknas, vagrar"},
    {EMEND_SAYS_NO_ANSWER, "vagrar svara, vagrade svara, ej besvarad, ej besvarat, ej angivet, okant, bortfall, internt bortfall"},
    {EMEND_SAYS_NOT_ASKED, "ej fragad"},
    {EMEND_SAYS_NOT_APPLICABLE, "ej tillamplig, ej tillampligt, inte tillamplig, inte tillampligt, ej aktuellt, inte aktuellt"},
    {EMEND_SAYS_NOT_APPLICABLE, "ej relevant, inte relevant, ej tillampbar, ej tillampbart, inte tillampbart, galler ej, galler inte"},
    {EMEND_ADDS_NOTHING, "och, eller"},
    {EMEND_SAYS_PERCENT, "procent"},
    {EMEND_SAYS_SHARE, "andel"},
    /* Danish and Norwegian */
    {EMEND_SAYS_NO_ANSWER, "ved ikke, vet ikke, vil ikke svare, onsker ikke at svare, onsker ikke a svare, vil ikke oplyse, nekter"},
    {EMEND_SAYS_NO_ANSWER, "nekter a svare, naegter, naegter at svare, intet svar, ikke svar, ikke svart, ikke svaret, ubesvaret"},
    {EMEND_SAYS_NO_ANSWER, "ubesvart, uoplyst, ikke oplyst, ikke oppgitt, ikke besvart, ikke besvaret, ukendt, ukjent, mangler"},
    {EMEND_SAYS_NO_ANSWER, "mangler svar, manglende svar, vet ikke vil ikke svare, ved ikke vil ikke svare, afvist, avvist"},
    {EMEND_SAYS_NOT_ASKED, "ikke spurt, ikke spurgt"},
    {EMEND_SAYS_NOT_APPLICABLE, "ikke relevant, ikke aktuelt, ikke aktuel, ikke anvendelig, ikke anvendelse, gjelder ikke, gaelder ikke"},
    {EMEND_SAYS_NOT_APPLICABLE, "ikke aktuell"},
    {EMEND_ADDS_NOTHING, "og"},
    {EMEND_NAMES_POSTCODE, "postnummer"},
    {EMEND_SAYS_PERCENT, "prosent"},
    /* Finnish */
    {EMEND_SAYS_NO_ANSWER, "en tieda, ei tieda, en osaa sanoa, ei osaa sanoa, eos, en halua vastata, ei halua vastata, en halua sanoa"},
    {EMEND_SAYS_NO_ANSWER, "ei halua sanoa, ei vastausta, ei vastannut, kieltaytyi, kieltaytyy, kieltaytyi vastaamasta"},
    {EMEND_SAYS_NO_ANSWER, "kieltaytyy vastaamasta, puuttuva, puuttuva tieto, puuttuu, tieto puuttuu, ei tietoa, tuntematon"},
    {EMEND_SAYS_NOT_ASKED, "ei kysytty"},
    {EMEND_SAYS_NOT_APPLICABLE, "ei koske, ei sovellu, ei sovelleta, ei relevantti, ei oleellinen"},
    {EMEND_ADDS_NOTHING, "tai, ja"},
    {EMEND_SAYS_PERCENT, "prosentti"},
    {EMEND_SAYS_SHARE, "osuus"},
    /* Czech and Slovak */
    {EMEND_SAYS_NO_ANSWER, "nevi, nevim, neviem, nevie, neodpovedel, neodpovedela, neodpovedel a, bez odpovedi, odmitl, odmitl odpovedet"},
    {EMEND_SAYS_NO_ANSWER, "odmitnuti, odmietol, odmietol odpovedat, neuvedeno, neuvedl, neuvedene, chybi, chybejici, nezname, nezjisteno"},
    {EMEND_SAYS_NOT_APPLICABLE, "netyka se, neni relevantni, nelze aplikovat, neaplikovatelne, nepouzitelne, netyka sa, nevztahuje sa"},
    {EMEND_SAYS_NOT_APPLICABLE, "nehodi sa, nevztahuje se, nehodi se"},
    {EMEND_ADDS_NOTHING, "nebo, a"},
    {EMEND_SAYS_PERCENT, "procento"},
    /* Hungarian */
    {EMEND_SAYS_NO_ANSWER, "nem tudja, nem tudom, nt, nem valaszol, nem valaszolt, valaszmegtagadas, valaszhiany, nincs valasz"},
    {EMEND_SAYS_NO_ANSWER, "nincs adat, megtagadta, megtagadta a valaszt, nt nv, nv, ismeretlen, hianyzo"},
    {EMEND_SAYS_NOT_ASKED, "nem kerdeztuk"},
    {EMEND_SAYS_NOT_APPLICABLE, "nem alkalmazhato, nem vonatkozik, nem ervenyes, nem relevans"},
    {EMEND_ADDS_NOTHING, "vagy"},
    {EMEND_SAYS_PERCENT, "százalék"},
    /* Greek */
    {EMEND_SAYS_NO_ANSWER, "δεν γνωριζω, δεν γνωριζει, δεν ξερω, δεν ξερει, δεν απαντω, δεν απαντα, δεν απαντησε, αρνηση, αρνειται"},
    {EMEND_SAYS_NO_ANSWER, "αρνηθηκε, αρνηθηκε να απαντησει, δγ δα, δ γ δ α, χωρισ απαντηση, αγνωστο, ελλειπουσα τιμη"},
    {EMEND_SAYS_NOT_ASKED, "δεν ερωτηθηκε"},
    {EMEND_SAYS_NOT_APPLICABLE, "δεν εφαρμοζεται, δεν ισχυει, δεν αφορα, μη εφαρμοσιμο"},
    {EMEND_ADDS_NOTHING, "η"},
    /* Romanian */
    {EMEND_SAYS_NO_ANSWER, "nu stiu, nu stie, nu raspunde, nu raspund, nu a raspuns, non raspuns, nonraspuns, refuz, refuza"},
    {EMEND_SAYS_NO_ANSWER, "refuza sa raspunda, fara raspuns, nu doreste sa raspunda, lipsa, lipsa date, necunoscut"},
    {EMEND_SAYS_NOT_APPLICABLE, "nu se aplica, nu este cazul, neaplicabil, nu este aplicabil"},
    {EMEND_ADDS_NOTHING, "sau, si"},
    /* Croatian, Serbian, Bosnian, Slovenian and Bulgarian */
    {EMEND_SAYS_NO_ANSWER, "ne znam, ne zna, odbija, odbija odgovor, odbija odgovoriti, odbio odgovoriti, bez odgovora, nema odgovora"},
    {EMEND_SAYS_NO_ANSWER, "nepoznato, ne vem, ne ve, zavrnil, zavrnil odgovor, brez odgovora, ni odgovora, не знам, отказва"},
    {EMEND_SAYS_NO_ANSWER, "отказва да отговори, отказва отговор, без отговор, няма отговор, не е отговорил"},
    {EMEND_SAYS_NOT_APPLICABLE, "nije primjenjivo, nije primenljivo, neprimjenjivo, neprimenljivo, ne odnosi se, nije relevantno"},
    {EMEND_SAYS_NOT_APPLICABLE, "ni relevantno, se ne nanasa, ni primerno, неприложимо, не е приложимо, не се отнася"},
    /* Estonian, Latvian and Lithuanian */
    {EMEND_SAYS_NO_ANSWER, "ei tea, ei oska oelda, keeldus, keeldus vastamast, vastamata, vastus puudub, nezinu, nezina, gruti pateikt"},
    {EMEND_SAYS_NO_ANSWER, "atteicas, atteicas atbildet, nav atbildes, nezino, nezinau, sunku pasakyti, atsisake, atsisake atsakyti"},
    {EMEND_SAYS_NO_ANSWER, "neatsake, nera atsakymo"},
    {EMEND_SAYS_NOT_APPLICABLE, "ei kohaldu, ei ole kohaldatav, ei ole asjakohane, neattiecas, nav piemerojams, netaikoma, neaktualu"},
    /* Hebrew */
    {EMEND_SAYS_NO_ANSWER, "לא יודע, לא יודעת, סירב, סירב לענות, מסרב, מסרב לענות, אין תשובה, ללא תשובה, לא ענה"},
    {EMEND_SAYS_NOT_APPLICABLE, "לא רלוונטי, לא רלבנטי, לא ישים"},
    /* Indonesian and Vietnamese */
    {EMEND_SAYS_NO_ANSWER, "tidak tahu, tidak menjawab, tidak ada jawaban, menolak, menolak menjawab, tidak diketahui, khong biet"},
    {EMEND_SAYS_NO_ANSWER, "khong ro, khong tra loi, tu choi, tu choi tra loi"},
    {EMEND_SAYS_NOT_APPLICABLE, "tidak berlaku, tidak relevan, khong ap dung, khong thich hop"},
};

bool emend_phrase_next(emend_phrase *phrase, unsigned meanings) {
  enum { ROWS = sizeof rows / sizeof *rows };
  const char *at = phrase->text ? phrase->text + phrase->length : "";
  at += *at == ',';
  at += *at == ' ';
  if (!*at) {
    while (phrase->next_row < ROWS && !(rows[phrase->next_row].meaning & meanings))
      phrase->next_row++;
    if (phrase->next_row == ROWS)
      return false;
    at = rows[phrase->next_row++].phrases;
  }
  const char *comma = strchr(at, ',');
  phrase->text = at, phrase->length = comma ? (size_t)(comma - at) : strlen(at);
  return true;
}

/* Scripts without blanks between words: a phrase may end anywhere. */
static bool is_dense(const char *phrase) { return (unsigned char)phrase[0] >= 0xE3; }

size_t emend_phrase_at(const char *at, unsigned meanings) {
  size_t longest = 0;
  for (emend_phrase p = {0}; emend_phrase_next(&p, meanings);)
    if (*at == *p.text && p.length > longest && strncmp(at, p.text, p.length) == 0 && (at[p.length] == ' ' || is_dense(p.text)))
      longest = p.length;
  return longest;
}

bool emend_phrase_is(const char *word, size_t length, unsigned meanings) {
  for (emend_phrase p = {0}; emend_phrase_next(&p, meanings);)
    if (emend_ascii_equal_n(word, length, p.text, p.length))
      return true;
  return false;
}
