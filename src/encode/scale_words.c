/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "encode/scale_words.h"

#include <string.h>

/*
 * Families of words with a known order, language by language, the lowest step first. Words of one step are separated by strokes: of two
 * that both occur nobody knows which is more, and nothing is decided. All is written as emend_fold leaves it: small letters, no accents, no
 * punctuation. Only what cannot be anything but a scale stands here: the answers may be anybody's texts. Whoever knows a language reviews
 * its section.
 */

#define STEP " < "

/* English: what is one thing or its opposite, and what is more or less of it. */
#define EN_DOWN(x)                                                                                                                         \
  "extremely " x "/completely " x "/totally " x "/fully " x "/entirely " x "/absolutely " x "/" x " completely" STEP "very " x             \
  "/strongly " x "/" x " strongly/highly " x "/very much " x "/" x " very much" STEP x "/mostly " x "/generally " x "/mainly " x STEP      \
  "somewhat " x "/moderately " x "/" x " somewhat/fairly " x "/rather " x "/tend to " x "/" x " moderately/quite " x STEP "slightly " x    \
  "/a little " x "/" x " slightly/" x " a little"
#define EN_UP(x)                                                                                                                           \
  "slightly " x "/a little " x "/" x " slightly/" x " a little" STEP "somewhat " x "/moderately " x "/" x " somewhat/fairly " x            \
  "/rather " x "/tend to " x "/" x " moderately/quite " x STEP x "/mostly " x "/generally " x "/mainly " x STEP "very " x "/strongly " x   \
  "/" x " strongly/highly " x "/very much " x "/" x " very much" STEP "extremely " x "/completely " x "/totally " x "/fully " x            \
  "/entirely " x "/absolutely " x "/" x " completely"
#define EN_BETWEEN(neg, pos)                                                                                                               \
  "neither " neg " nor " pos "/neither " pos " nor " neg "/neither " neg " or " pos "/neither " pos " or " neg                             \
  "/neutral/neither/neither nor/undecided/mixed/neutral neither " pos " nor " neg
#define EN_PAIR(neg, pos)                                                                                                                  \
  EN_DOWN(neg) STEP EN_BETWEEN(neg, pos)                                                                                                   \
  STEP EN_UP(pos)
#define EN_MORE(x)                                                                                                                         \
  "not at all " x "/not " x "/not " x " at all/not " x "/un" x STEP "slightly " x "/a little " x "/not very " x "/not so " x "/not too " x \
  "/not particularly " x "/not really " x "/a little bit " x STEP "somewhat " x "/moderately " x "/fairly " x "/rather " x                 \
  "/reasonably " x "/quite " x STEP x "/mostly " x STEP "very " x "/highly " x "/very much " x STEP "extremely " x "/completely " x        \
  "/totally " x "/fully " x "/exceptionally " x

/* Schooling up to a master's degree: of further training nobody knows where it belongs. */
#define EN_SCHOOL                                                                                                                          \
  "no schooling/no formal education/no education/no schooling completed/no formal schooling" STEP                                          \
  "primary school/elementary school/primary education/primary" STEP                                                                        \
  "less than high school/less than high school degree/less than a high school degree/less than high school diploma/"                       \
  "less than a high school diploma/some high school/some high school no diploma/did not finish high school" STEP                           \
  "high school graduate/high school/high school diploma/high school degree/high school diploma or equivalent/"                             \
  "high school degree or equivalent/high school degree or equivalent e g ged/high school graduate or equivalent/high school or ged/"       \
  "high school graduate high school diploma or equivalent including ged/high school graduate diploma or the equivalent for example ged/"   \
  "high school diploma or ged/high school ged" STEP "some college/some college but no degree/some college no degree/"                      \
  "some college credit no degree" STEP "associate degree/associate s degree/associates degree/associate degree in college 2 year/"         \
  "associate/associate s/2 year degree/associate s degree 2 year" STEP                                                                     \
  "bachelor s degree/bachelors degree/bachelor degree/bachelor/bachelor s/bachelors/bachelor s degree in college 4 year/"                  \
  "4 year degree/college graduate/bachelor s degree 4 year" STEP                                                                           \
  "master s degree/masters degree/master degree/master/master s/masters"

/* German. */
#define DE_PAIR(neg, pos)                                                                                                                  \
  "vollig " neg "/ausserst " neg "/extrem " neg "/uberhaupt nicht " pos "/gar nicht " pos "/ganz und gar nicht " pos                       \
  "/vollkommen " neg STEP "sehr " neg STEP neg "/nicht " pos STEP "eher " neg "/etwas " neg "/eher nicht " pos "/weniger " pos             \
  "/wenig " pos "/nicht sehr " pos "/kaum " pos STEP "weder noch/teils teils/neutral/weder " pos " noch " neg "/weder " neg " noch " pos   \
  "/unentschieden/mittelmassig " pos "/mittelmassig/teilweise " pos "/massig " pos STEP "eher " pos "/etwas " pos                          \
  "/einigermassen " pos STEP pos "/ziemlich " pos "/uberwiegend " pos STEP "sehr " pos STEP "vollig " pos "/ausserst " pos "/extrem " pos  \
  "/vollkommen " pos "/voll und ganz " pos
#define DE_TO(verb)                                                                                                                        \
  verb " uberhaupt nicht zu/" verb " gar nicht zu/" verb " ganz und gar nicht zu" STEP verb " nicht zu" STEP verb " eher nicht zu/" verb   \
       " weniger zu/" verb " kaum zu/" verb " wenig zu" STEP "teils teils/weder noch/neutral/unentschieden/" verb " teilweise zu/" verb    \
       " teils teils zu/" verb " teils zu/" verb " weder zu noch nicht zu/" verb " teils zu teils nicht zu/" verb " zum teil zu" STEP verb \
       " eher zu/" verb " etwas zu" STEP verb " zu/" verb " uberwiegend zu/" verb " weitgehend zu/" verb " ziemlich zu" STEP verb          \
       " sehr zu/" verb " stark zu" STEP verb " voll zu/" verb " voll und ganz zu/" verb " vollig zu/" verb " vollkommen zu/" verb         \
       " vollstandig zu/" verb " genau zu/" verb " ganz genau zu"

/* French. */
#define FR_PAIR(neg, pos)                                                                                                                  \
  "extremement " neg "/totalement " neg "/pas du tout " pos "/tout a fait " neg "/completement " neg STEP "tres " neg STEP neg             \
  "/pas " pos STEP "plutot " neg "/peu " pos "/plutot pas " pos "/assez " neg "/pas tres " pos "/pas vraiment " pos "/un peu " neg STEP    \
  "ni " pos " ni " neg "/ni " neg " ni " pos "/neutre/moyennement " pos "/ni l un ni l autre/moderement " pos STEP "plutot " pos           \
  "/assez " pos "/un peu " pos STEP pos STEP "tres " pos STEP "tout a fait " pos "/extremement " pos "/totalement " pos                    \
  "/entierement " pos "/completement " pos
/* Spanish. */
#define ES_PAIR(neg, pos)                                                                                                                  \
  "totalmente " neg "/nada " pos "/extremadamente " neg "/completamente " neg STEP "muy " neg STEP neg "/no " pos "/bastante " neg STEP    \
  "algo " neg "/poco " pos "/un poco " neg STEP "ni " pos " ni " neg "/ni " neg " ni " pos "/neutral/neutro/indiferente/medianamente " pos \
  "/moderadamente " pos STEP "algo " pos "/un poco " pos STEP pos "/bastante " pos STEP "muy " pos STEP "totalmente " pos                  \
  "/extremadamente " pos "/completamente " pos
/* Italian. */
#define IT_PAIR(neg, pos)                                                                                                                  \
  "per niente " pos "/per nulla " pos "/completamente " neg "/totalmente " neg "/estremamente " neg "/del tutto " neg STEP                 \
  "molto " neg STEP neg "/non " pos STEP "poco " pos "/abbastanza " neg "/piuttosto " neg "/non molto " pos STEP "ne " pos " ne " neg      \
  "/ne " neg " ne " pos "/neutrale/neutro/indifferente/mediamente " pos "/moderatamente " pos STEP "abbastanza " pos                       \
  "/piuttosto " pos STEP pos STEP "molto " pos STEP "completamente " pos "/totalmente " pos "/estremamente " pos "/del tutto " pos         \
  "/pienamente " pos
/* Portuguese. */
#define PT_PAIR(neg, pos)                                                                                                                  \
  "totalmente " neg "/nada " pos "/extremamente " neg "/completamente " neg STEP "muito " neg STEP neg "/nao " pos STEP "um pouco " neg    \
  "/pouco " pos "/parcialmente " neg STEP "nem " pos " nem " neg "/nem " neg " nem " pos "/neutro/indiferente/moderadamente " pos STEP     \
  "um pouco " pos "/razoavelmente " pos "/parcialmente " pos STEP pos "/bastante " pos STEP "muito " pos STEP "totalmente " pos            \
  "/extremamente " pos "/completamente " pos
/* Dutch. */
#define NL_PAIR(neg, pos)                                                                                                                  \
  "helemaal niet " pos "/totaal niet " pos "/volledig " neg "/helemaal " neg "/uiterst " neg "/geheel " neg STEP "zeer " neg "/heel " neg  \
  "/erg " neg STEP neg "/niet " pos STEP "enigszins " neg "/een beetje " neg "/niet zo " pos "/weinig " pos "/tamelijk " neg               \
  "/eerder " neg STEP "niet " pos " niet " neg "/niet " neg " niet " pos "/neutraal/noch " pos " noch " neg "/noch " neg " noch " pos      \
  "/matig " pos STEP "enigszins " pos "/een beetje " pos "/tamelijk " pos "/redelijk " pos "/eerder " pos STEP pos STEP "zeer " pos        \
  "/heel " pos "/erg " pos STEP "volledig " pos "/helemaal " pos "/uiterst " pos "/geheel " pos

static const char *const families[] = {
    /* English */
    EN_PAIR("disagree", "agree"),
    EN_PAIR("dissatisfied", "satisfied"),
    EN_PAIR("unsatisfied", "satisfied"),
    EN_PAIR("unlikely", "likely"),
    EN_PAIR("unimportant", "important"),
    EN_PAIR("unhappy", "happy"),
    EN_PAIR("negative", "positive"),
    EN_PAIR("oppose", "support"),
    EN_PAIR("oppose", "favor"),
    EN_PAIR("oppose", "favour"),
    EN_PAIR("difficult", "easy"),
    EN_PAIR("unhelpful", "helpful"),
    EN_PAIR("unfavorable", "favorable"),
    EN_PAIR("unfavourable", "favourable"),
    EN_PAIR("dislike", "like"),
    EN_PAIR("uncomfortable", "comfortable"),
    EN_PAIR("unsafe", "safe"),
    EN_PAIR("unacceptable", "acceptable"),
    EN_PAIR("inappropriate", "appropriate"),
    EN_PAIR("untrue", "true"),
    EN_PAIR("unhealthy", "healthy"),
    EN_PAIR("ineffective", "effective"),
    EN_PAIR("weak", "strong"),
    EN_PAIR("not satisfied", "satisfied"),
    EN_PAIR("not important", "important"),
    EN_PAIR("not likely", "likely"),
    EN_PAIR("not agree", "agree"),
    EN_PAIR("do not agree", "agree"),
    EN_MORE("satisfied"),
    EN_MORE("important"),
    EN_MORE("likely"),
    EN_MORE("happy"),
    EN_MORE("interested"),
    EN_MORE("familiar"),
    EN_MORE("confident"),
    EN_MORE("concerned"),
    EN_MORE("worried"),
    EN_MORE("useful"),
    EN_MORE("helpful"),
    EN_MORE("easy"),
    EN_MORE("difficult"),
    EN_MORE("comfortable"),
    EN_MORE("effective"),
    EN_MORE("clear"),
    EN_MORE("serious"),
    EN_MORE("relevant"),
    EN_MORE("aware"),
    EN_MORE("informed"),
    EN_MORE("safe"),
    EN_MORE("religious"),
    EN_MORE("healthy"),
    EN_MORE("active"),
    EN_MORE("willing"),
    EN_MORE("valuable"),
    EN_MORE("true"),
    EN_MORE("true of me"),
    EN_MORE("like me"),
    EN_MORE("convenient"),
    EN_MORE("anxious"),
    EN_MORE("stressed"),
    EN_MORE("motivated"),
    EN_MORE("strong"),
    EN_MORE("good"),
    EN_MORE("bad"),
    "never/none of the time/at no time/not at all < almost never/hardly ever/very rarely/very seldom < rarely/seldom/a little of the "
    "time/infrequently/"
    "not often/not very often < occasionally/once in a while/from time to time < sometimes/some of the time/now and then < "
    "about half the time/half the time/half of the time/about half of the time < often/frequently/regularly/a good bit of the time/fairly "
    "often/"
    "much of the time < usually/very often/most of the time/mostly/very frequently < almost always/nearly always/almost all of the time < "
    "always/all of the time/all the time/every time/constantly",
    "never < less often/rarely/seldom/occasionally/less than once a year/less than once a month/less than monthly/less frequently < once a "
    "year/yearly/"
    "annually/about once a year/every year/1 time a year < several times a year/a few times a year/every few months/quarterly < once a "
    "month/monthly/"
    "about once a month/every month < 2 3 times a month/several times a month/a few times a month/every two weeks/fortnightly/every other "
    "week/"
    "2 to 3 times a month/1 3 times a month/1 to 3 times a month/one to three times a month < once a week/weekly/about once a week/every week < 2 3 times a week/several times a week/a few times a week/"
    "more than once a week/2 or 3 times a week/2 to 3 times a week/multiple times a week < 4 6 times a week/most days/almost daily/almost "
    "every day/"
    "nearly every day/4 5 times a week < daily/every day/once a day/everyday/about once a day < several times a day/more than once a day/"
    "multiple times a day/2 3 times a day/a few times a day",
    "not at all/never < several days < more than half the days/over half the days < nearly every day/almost every day/every day",
    "terrible/awful/horrible < very poor/very bad/extremely poor/extremely bad < poor/bad < below average < "
    "fair/average/ok/okay/acceptable/adequate/neutral/"
    "satisfactory/so so/neither good nor bad/neither good nor poor/neither poor nor good < above average < good < very good < "
    "excellent/outstanding/extremely good < "
    "exceptional/perfect",
    "far below average/well below average/much below average < below average/somewhat below average < average < above average/"
    "somewhat above average < far above average/well above average/much above average",
    "far below expectations/much below expectations/well below expectations < below expectations/does not meet expectations/did not meet "
    "expectations/somewhat below expectations < meets expectations/met expectations < exceeds expectations/exceeded "
    "expectations/above expectations/somewhat above expectations/somewhat exceeded expectations < far exceeded expectations/far exceeds "
    "expectations/greatly exceeded expectations/greatly exceeds expectations/far above expectations/well above expectations/much above "
    "expectations",
    "far below/well below/much below < below/somewhat below < met/meets/at < above/exceeded/exceeds/somewhat above < far above/far "
    "exceeded/far exceeds/well above/much above",
    "very unlikely/extremely unlikely/highly unlikely < unlikely < somewhat unlikely < not sure/unsure/uncertain < somewhat likely < likely "
    "< very likely/extremely likely/highly likely",
    "no trust at all/no trust/none at all < very little trust/hardly any trust/almost no trust < little trust/a little trust/not much "
    "trust/not very much trust < some trust/moderate trust/a moderate amount of trust/a fair amount of trust < much trust/a lot of "
    "trust/quite a lot of trust/a good deal of trust < a great deal of trust/very much trust < complete trust/full trust/total trust",
    "no confidence at all/no confidence/none at all < very little confidence/hardly any confidence < little confidence/a little "
    "confidence/not much confidence/not very much confidence < some confidence/moderate confidence/only some confidence/a fair amount of "
    "confidence < much confidence/a lot of confidence/quite a lot of confidence/a good deal of confidence < a great deal of "
    "confidence/very much confidence < complete confidence/full confidence/total confidence",
    "no stars/0 stars/zero stars < 1 star/one star < 2 stars/two stars < 3 stars/three stars < 4 stars/four stars < 5 stars/five stars",
    "severely underweight < underweight < normal/normal weight/healthy weight/healthy < overweight/pre obese/preobese < obese/obesity/obese "
    "class i/obese class 1/obesity class i/obesity class 1 < obese class ii/obese class 2/obesity class ii/obesity class 2 < obese class "
    "iii/obese class 3/obesity class iii/obesity class 3/severely obese/morbidly obese/extremely obese",
    EN_SCHOOL STEP "professional degree/professional school degree" STEP "doctorate/doctorate degree/doctoral degree/phd",
    EN_SCHOOL STEP "doctoral degree" STEP "professional degree jd md",
    "none/none at all/nothing/not at all/nothing at all < hardly any/almost none/very little/hardly at all < a little/little/slightly/a "
    "little bit/a small amount/a bit/"
    "only a little < some/somewhat/a moderate amount/moderately/to some extent/a fair amount/moderate < a lot/quite a bit/quite a "
    "lot/considerably/"
    "much/to a large extent/mostly/a good deal/large amount < very much/a great deal/very/to a great extent/a great deal of it < "
    "extremely/completely/an extreme amount",
    "none < very low/extremely low/lowest < low < moderately low/low medium/medium low/below average < "
    "medium/moderate/average/middle/mid/intermediate/normal < "
    "moderately high/medium high/above average < high < very high/highest < extremely high/critical",
    "none/no pain/not at all/absent < very mild < mild/minor/slight < mild to moderate < moderate < moderate to severe < severe/serious < "
    "very severe/critical/extreme",
    "very small/tiny < small < medium/moderate/medium sized/average < large/big < very large/huge",
    "short < medium < long",
    "none < light < medium/moderate < heavy < very heavy",
    "very slow < slow < medium/moderate/average < fast < very fast",
    "none < novice/beginner/basic/elementary < intermediate < advanced/proficient < expert/native/fluent",
    "much worse/a lot worse/far worse/significantly worse < worse < somewhat worse/slightly worse/a little worse/a bit worse < about the "
    "same/the same/same/"
    "no change/unchanged/stayed the same/neither better nor worse < somewhat better/slightly better/a little better/a bit better < better "
    "< "
    "much better/a lot better/far better/significantly better",
    "much less/a lot less/far less < less < somewhat less/slightly less/a little less < about the same/the same/same/no change/unchanged < "
    "somewhat more/slightly more/a little more < more < much more/a lot more/far more",
    "much lower < lower < somewhat lower/slightly lower < about the same/the same/same/no change/unchanged < somewhat higher/slightly "
    "higher < higher < "
    "much higher",
    "decreased a lot/decreased significantly/greatly decreased < decreased < decreased slightly/slightly decreased/decreased "
    "somewhat/decreased a little < "
    "stayed the same/no change/unchanged/about the same/the same < increased slightly/slightly increased/increased somewhat/increased a "
    "little < increased < increased a lot/"
    "increased significantly/greatly increased",
    "not a priority < low priority < medium priority/moderate priority < high priority < essential/top priority/very high priority",
    "definitely not/definitely would not/definitely will not < probably not/probably would not/probably will not < maybe/might or might "
    "not/possibly/perhaps < "
    "probably/probably yes/probably would/probably will < definitely/definitely yes/definitely would/definitely will",
    "impossible < very improbable < improbable < possible < probable < very probable < certain",
    "not at all < no not really/not really < yes to some extent/partly/partially/yes somewhat/in part < mostly/largely < yes "
    "definitely/yes completely/fully/"
    "completely/yes fully/entirely",
    /* German */
    DE_TO("stimme"),
    DE_TO("stimmt"),
    DE_TO("trifft"),
    DE_PAIR("unzufrieden", "zufrieden"),
    DE_PAIR("unwichtig", "wichtig"),
    DE_PAIR("unwahrscheinlich", "wahrscheinlich"),
    DE_PAIR("unglucklich", "glucklich"),
    DE_PAIR("negativ", "positiv"),
    DE_PAIR("schwierig", "einfach"),
    DE_PAIR("schwer", "leicht"),
    DE_PAIR("unsicher", "sicher"),
    DE_PAIR("dagegen", "dafur"),
    DE_PAIR("schwach", "stark"),
    DE_PAIR("desinteressiert", "interessiert"),
    DE_PAIR("nutzlos", "nutzlich"),
    DE_PAIR("nicht hilfreich", "hilfreich"),
    DE_PAIR("unbesorgt", "besorgt"),
    DE_PAIR("unverstandlich", "verstandlich"),
    DE_PAIR("ungesund", "gesund"),
    DE_PAIR("unangenehm", "angenehm"),
    "nie/niemals/uberhaupt nicht/zu keiner zeit < fast nie/sehr selten/so gut wie nie < selten < manchmal/gelegentlich/hin und wieder/ab "
    "und zu/"
    "teilweise < oft/haufig/regelmassig < sehr oft/sehr haufig/meistens/meist < fast immer < immer/standig/jedes mal/stets",
    "nie/niemals < seltener/selten/weniger als einmal im jahr/weniger als einmal im monat/seltener als einmal im monat/seltener als einmal im jahr < einmal im jahr/jahrlich/einmal pro jahr < "
    "mehrmals im jahr/mehrmals pro jahr < einmal im monat/monatlich/einmal pro monat < mehrmals im monat/mehrmals pro monat/2 3 mal im "
    "monat/1 3 mal im monat/1 bis 3 mal im monat/ein bis dreimal im monat/1 3 mal pro monat/1 bis 3 mal pro monat < "
    "einmal in der woche/wochentlich/einmal pro woche/1 mal pro woche/einmal die woche < mehrmals in der woche/mehrmals pro woche/mehrmals "
    "wochentlich/"
    "mehrmals die woche < fast taglich/fast jeden tag < taglich/jeden tag/einmal am tag < mehrmals taglich/mehrmals am tag",
    "sehr schlecht < schlecht < eher schlecht < mittel/mittelmassig/teils teils/durchschnittlich/weder gut noch schlecht/weder schlecht "
    "noch gut/neutral/geht so/massig < "
    "eher gut/ziemlich gut < gut < sehr gut < ausgezeichnet/hervorragend/exzellent",
    "kein stern/0 sterne < 1 stern/ein stern < 2 sterne/zwei sterne < 3 sterne/drei sterne < 4 sterne/vier sterne < 5 sterne/funf sterne",
    "starkes untergewicht < untergewicht/untergewichtig < normalgewicht/normalgewichtig/normal < ubergewicht/ubergewichtig < "
    "adipositas/adipos/fettleibig/adipositas grad i/adipositas grad 1 < adipositas grad ii/adipositas grad 2 < adipositas grad "
    "iii/adipositas grad 3",
    "kein schulabschluss/ohne schulabschluss/kein abschluss/ohne abschluss/keinen schulabschluss/keinen abschluss < "
    "hauptschulabschluss/hauptschule/volksschulabschluss/volks oder hauptschulabschluss/volks hauptschulabschluss/hauptschulabschluss "
    "volksschulabschluss/haupt oder volksschulabschluss/haupt volksschulabschluss < realschulabschluss/mittlere reife/mittlerer "
    "schulabschluss/realschule/mittlerer abschluss/mittlere reife realschulabschluss/realschulabschluss mittlere reife/realschulabschluss "
    "oder mittlere reife < fachhochschulreife/fachabitur < abitur/allgemeine hochschulreife/abitur allgemeine hochschulreife/allgemeine "
    "hochschulreife abitur/hochschulreife/allgemeine oder fachgebundene hochschulreife < "
    "hochschulabschluss/universitatsabschluss/hochschule/studium/universitat/abgeschlossenes studium < promotion",
    "ungenugend < mangelhaft < ausreichend < befriedigend < gut < sehr gut",
    "uberhaupt nicht/gar nicht/kein/keine/nichts/gar keine/uberhaupt keine < kaum/sehr wenig/fast keine < wenig/ein wenig/etwas/ein "
    "bisschen/eher wenig < "
    "mittelmassig/teilweise/mittel/einigermassen/massig < ziemlich/viel/stark/eher viel/uberwiegend < sehr/sehr viel/sehr stark < "
    "ausserst/extrem/voll und ganz/vollig/vollstandig",
    "kein/keine < sehr niedrig/sehr gering < niedrig/gering < eher niedrig/eher gering < "
    "mittel/mittelmassig/durchschnittlich/normal/moderat < eher hoch < hoch < sehr hoch",
    "sehr klein < klein < mittel/mittelgross < gross < sehr gross",
    "kurz < mittel/mittellang < lang",
    "keine < leicht/gering < mittel/massig/moderat/mittelschwer < schwer/stark < sehr schwer/sehr stark",
    "auf keinen fall/bestimmt nicht/sicher nicht/ganz bestimmt nicht < wahrscheinlich nicht/eher nicht/vermutlich nicht < "
    "vielleicht/unentschieden/"
    "eventuell < wahrscheinlich/eher ja/vermutlich/wahrscheinlich ja < bestimmt/ganz bestimmt/auf jeden fall/sicher/ganz sicher",
    "viel schlechter/deutlich schlechter < schlechter < etwas schlechter < gleich/unverandert/gleich geblieben/genauso/etwa gleich/gleich "
    "gut < etwas besser < besser < "
    "viel besser/deutlich besser",
    "viel weniger/deutlich weniger < weniger < etwas weniger < gleich viel/gleich/unverandert/etwa gleich viel < etwas mehr < mehr < viel "
    "mehr/deutlich mehr",
    /* French */
    "pas du tout d accord/tout a fait en desaccord/totalement en desaccord/fortement en desaccord/completement en desaccord < "
    "pas d accord/en desaccord < plutot pas d accord/plutot en desaccord/peu d accord/pas vraiment d accord < ni d accord ni pas d "
    "accord/ni d accord ni en desaccord/"
    "ni en accord ni en desaccord/neutre/ni l un ni l autre/moyennement d accord/ni en desaccord ni en accord < plutot d accord/assez d "
    "accord/plutot en accord < d accord/"
    "en accord < tout a fait d accord/totalement d accord/fortement d accord/fortement en accord/completement d accord/entierement d "
    "accord/"
    "tout a fait en accord/tres d accord/totalement en accord",
    FR_PAIR("insatisfait", "satisfait"),
    FR_PAIR("insatisfaite", "satisfaite"),
    FR_PAIR("insatisfaits", "satisfaits"),
    FR_PAIR("insatisfait e", "satisfait e"),
    FR_PAIR("mecontent", "content"),
    FR_PAIR("improbable", "probable"),
    FR_PAIR("sans importance", "important"),
    FR_PAIR("sans importance", "importante"),
    FR_PAIR("negatif", "positif"),
    FR_PAIR("difficile", "facile"),
    FR_PAIR("inutile", "utile"),
    FR_PAIR("malheureux", "heureux"),
    FR_PAIR("defavorable", "favorable"),
    FR_PAIR("desinteresse", "interesse"),
    FR_PAIR("inquiet", "confiant"),
    "1 etoile/une etoile < 2 etoiles/deux etoiles < 3 etoiles/trois etoiles < 4 etoiles/quatre etoiles < 5 etoiles/cinq etoiles",
    "maigreur/insuffisance ponderale < poids normal/normal/corpulence normale < surpoids < obesite/obese",
    "jamais < presque jamais/tres rarement < rarement < parfois/quelquefois/de temps en temps/occasionnellement < souvent/frequemment/"
    "regulierement < tres souvent/la plupart du temps/generalement < presque toujours < toujours/tout le temps/en permanence",
    "jamais < moins souvent/rarement/moins d une fois par an/moins d une fois par mois < une fois par an/1 fois par an < plusieurs fois "
    "par an/"
    "quelques fois par an < une fois par mois/1 fois par mois/tous les mois < plusieurs fois par mois/2 a 3 fois par mois < une fois par "
    "semaine/"
    "1 fois par semaine/toutes les semaines < plusieurs fois par semaine < presque tous les jours < tous les jours/quotidiennement/chaque "
    "jour/"
    "une fois par jour < plusieurs fois par jour",
    "tres mauvais/tres mauvaise < mauvais/mauvaise < plutot mauvais/plutot mauvaise < "
    "moyen/moyenne/passable/acceptable/correct/correcte/ni bon ni mauvais/"
    "ni bonne ni mauvaise < assez bon/assez bonne/plutot bon/plutot bonne < bon/bonne < tres bon/tres bonne < excellent/excellente",
    "tres mal < mal/insuffisant < passable/moyennement < assez bien/plutot bien < bien < tres bien < excellent/parfait",
    "pas du tout/aucun/aucune/rien < tres peu < un peu/peu/legerement < moyennement/moderement < assez/plutot < beaucoup/fortement < "
    "enormement/tres/extremement/tout a fait",
    "nul/nulle < tres faible/tres bas/tres basse < faible/bas/basse < moyen/moyenne/modere/moderee < eleve/elevee/haut/haute/fort/forte < "
    "tres eleve/tres elevee/tres fort/tres forte",
    "tres petit/tres petite < petit/petite < moyen/moyenne < grand/grande < tres grand/tres grande",
    "certainement pas < probablement pas < peut etre < probablement < certainement",
    "beaucoup moins bien < moins bien < un peu moins bien < pareil/identique/sans changement < un peu mieux < mieux < beaucoup mieux",
    /* Spanish */
    "totalmente en desacuerdo/completamente en desacuerdo/nada de acuerdo < muy en desacuerdo < en desacuerdo/bastante en desacuerdo < "
    "algo en desacuerdo/poco de acuerdo/"
    "parcialmente en desacuerdo < ni de acuerdo ni en desacuerdo/ni en desacuerdo ni de acuerdo/neutral/neutro/indiferente < algo de "
    "acuerdo/parcialmente de acuerdo < "
    "de acuerdo/bastante de acuerdo < muy de acuerdo < totalmente de acuerdo/completamente de acuerdo",
    "1 estrella/una estrella < 2 estrellas/dos estrellas < 3 estrellas/tres estrellas < 4 estrellas/cuatro estrellas < 5 "
    "estrellas/cinco estrellas",
    "bajo peso/peso bajo/peso insuficiente < peso normal/normal/normopeso < sobrepeso < obesidad/obeso/obesa",
    "sin estudios/sin escolaridad/sin estudios formales/ninguno/ninguna/sin instruccion < primaria incompleta/primarios incompletos < "
    "primaria/primaria completa/educacion primaria/estudios primarios/primarios < secundaria incompleta < secundaria/secundaria "
    "completa/educacion secundaria/estudios secundarios/secundarios < bachillerato/preparatoria/bachillerato o preparatoria < universitaria "
    "incompleta/universidad incompleta < universidad/universitaria/universitarios/estudios universitarios/universitaria "
    "completa/universidad completa/licenciatura/educacion universitaria < posgrado/postgrado/estudios de posgrado/maestria/master < "
    "doctorado",
    ES_PAIR("insatisfecho", "satisfecho"),
    ES_PAIR("insatisfecha", "satisfecha"),
    ES_PAIR("insatisfecho a", "satisfecho a"),
    ES_PAIR("improbable", "probable"),
    ES_PAIR("sin importancia", "importante"),
    ES_PAIR("dificil", "facil"),
    ES_PAIR("inutil", "util"),
    ES_PAIR("infeliz", "feliz"),
    ES_PAIR("desfavorable", "favorable"),
    ES_PAIR("desinteresado", "interesado"),
    ES_PAIR("negativo", "positivo"),
    ES_PAIR("inseguro", "seguro"),
    "nunca < casi nunca/muy raramente < raramente/rara vez/pocas veces < a veces/algunas veces/ocasionalmente/de vez en cuando < a menudo/"
    "frecuentemente/con frecuencia/muchas veces/regularmente < muy a menudo/la mayoria de las veces/muy "
    "frecuentemente/normalmente/generalmente < "
    "casi siempre < siempre/todo el tiempo",
    "nunca < con menos frecuencia/menos frecuentemente/rara vez/menos de una vez al mes/menos de una vez al ano < una vez al "
    "ano/anualmente < "
    "varias veces al ano/algunas veces al ano < una vez al mes/mensualmente < varias veces al mes < una vez a la semana/una vez por "
    "semana/semanalmente < "
    "varias veces a la semana/varias veces por semana < casi todos los dias < todos los dias/diariamente/a diario/una vez al dia < varias "
    "veces al dia",
    "muy malo/muy mala/muy mal/pesimo/pesima < malo/mala/mal < regular/aceptable/ni bueno ni malo/ni buena ni mala < bueno/buena/bien < "
    "muy bueno/muy buena/muy bien < "
    "excelente",
    "nada/nada en absoluto/ninguno/ninguna < muy poco < poco/un poco < algo/moderadamente/mas o menos/regular < bastante < mucho/muy < "
    "muchisimo/totalmente/"
    "extremadamente/completamente",
    "muy bajo/muy baja < bajo/baja < medio bajo/media baja < medio/media/moderado/moderada/mediano/regular < medio alto/media alta < "
    "alto/alta < "
    "muy alto/muy alta",
    "muy pequeno/muy pequena < pequeno/pequena < mediano/mediana < grande < muy grande",
    "ninguno/ninguna < leve < moderado/moderada < grave/severo/severa < muy grave/muy severo",
    "definitivamente no/seguro que no/con seguridad no < probablemente no < tal vez/quizas/quiza/puede ser < probablemente/probablemente "
    "si < "
    "definitivamente/definitivamente si/seguro que si",
    "mucho peor < peor < algo peor/un poco peor < igual/sin cambios < algo mejor/un poco mejor < mejor < mucho mejor",
    /* Italian */
    "per niente d accordo/completamente in disaccordo/totalmente in disaccordo/fortemente in disaccordo/del tutto in disaccordo < "
    "in disaccordo/non d accordo < poco d accordo/abbastanza in disaccordo/piuttosto in disaccordo/parzialmente in disaccordo < "
    "ne d accordo ne in disaccordo/ne in accordo ne in disaccordo/neutrale/neutro/indifferente < abbastanza d accordo/piuttosto d "
    "accordo/parzialmente d accordo < "
    "d accordo < molto d accordo < completamente d accordo/totalmente d accordo/fortemente d accordo/del tutto d accordo/pienamente d "
    "accordo",
    IT_PAIR("insoddisfatto", "soddisfatto"),
    IT_PAIR("insoddisfatta", "soddisfatta"),
    IT_PAIR("insoddisfatto a", "soddisfatto a"),
    IT_PAIR("improbabile", "probabile"),
    IT_PAIR("irrilevante", "importante"),
    IT_PAIR("difficile", "facile"),
    IT_PAIR("inutile", "utile"),
    IT_PAIR("infelice", "felice"),
    IT_PAIR("sfavorevole", "favorevole"),
    IT_PAIR("disinteressato", "interessato"),
    IT_PAIR("negativo", "positivo"),
    "mai < quasi mai/molto raramente < raramente/di rado < a volte/qualche volta/talvolta/occasionalmente/ogni tanto < "
    "spesso/frequentemente/"
    "regolarmente < molto spesso/la maggior parte delle volte/di solito < quasi sempre < sempre",
    "mai < meno spesso/raramente/meno di una volta al mese/meno di una volta all anno < una volta all anno < qualche volta all anno/piu "
    "volte all anno < una volta al mese/mensilmente < "
    "qualche volta al mese/piu volte al mese < una volta a settimana/una volta alla settimana/settimanalmente < piu volte a settimana/piu "
    "volte alla settimana/"
    "qualche volta a settimana/qualche volta alla settimana < quasi ogni giorno/quasi tutti i giorni < ogni giorno/tutti i "
    "giorni/quotidianamente < piu volte al giorno",
    "pessimo/pessima/molto scarso/molto cattivo < scarso/scarsa/cattivo/cattiva/insufficiente < "
    "sufficiente/discreto/discreta/medio/accettabile/mediocre < buono/buona < "
    "molto buono/molto buona/ottimo/ottima < eccellente",
    "per niente/per nulla/niente/nessuno/nessuna < molto poco/pochissimo < poco/un po/un poco < abbastanza/moderatamente < molto < "
    "moltissimo/estremamente/"
    "completamente/del tutto",
    "molto basso/molto bassa < basso/bassa < medio basso/medio bassa < medio/media/moderato/moderata < medio alto/medio alta < alto/alta < "
    "molto alto/molto alta",
    "piccolo/piccola < medio/media < grande",
    "nessuno/nessuna < lieve < moderato/moderata < grave < molto grave",
    "sicuramente no/certamente no < probabilmente no < forse < probabilmente/probabilmente si < sicuramente/sicuramente "
    "si/certamente/certamente si",
    "molto peggio < peggio < un po peggio < uguale/invariato/lo stesso < un po meglio < meglio < molto meglio",
    /* Portuguese */
    "discordo totalmente/discordo completamente/discordo fortemente/totalmente em desacordo < discordo muito < discordo < discordo "
    "parcialmente/discordo em parte/discordo um pouco/"
    "discordo pouco < nao concordo nem discordo/nem concordo nem discordo/nem discordo nem concordo/neutro/indiferente/nao discordo nem "
    "concordo < concordo parcialmente/concordo em parte/"
    "concordo um pouco/concordo pouco < concordo < concordo muito < concordo totalmente/concordo completamente/concordo "
    "fortemente/totalmente de acordo",
    PT_PAIR("insatisfeito", "satisfeito"),
    PT_PAIR("insatisfeita", "satisfeita"),
    PT_PAIR("insatisfeito a", "satisfeito a"),
    PT_PAIR("improvavel", "provavel"),
    PT_PAIR("sem importancia", "importante"),
    PT_PAIR("dificil", "facil"),
    PT_PAIR("inutil", "util"),
    PT_PAIR("infeliz", "feliz"),
    PT_PAIR("desfavoravel", "favoravel"),
    PT_PAIR("desinteressado", "interessado"),
    PT_PAIR("negativo", "positivo"),
    "1 estrela/uma estrela < 2 estrelas/duas estrelas < 3 estrelas/tres estrelas < 4 estrelas/quatro estrelas < 5 estrelas/cinco estrelas",
    "baixo peso/abaixo do peso < peso normal/normal/eutrofico < sobrepeso/excesso de peso < obesidade/obeso/obesa",
    "sem escolaridade/sem instrucao/analfabeto < fundamental incompleto/ensino fundamental incompleto < fundamental completo/ensino "
    "fundamental completo/ensino fundamental/fundamental < medio incompleto/ensino medio incompleto < medio completo/ensino medio "
    "completo/ensino medio < superior incompleto/ensino superior incompleto < superior completo/ensino superior completo/ensino superior < "
    "pos graduacao < mestrado < doutorado",
    "nunca < quase nunca/muito raramente < raramente/poucas vezes < as vezes/algumas vezes/ocasionalmente/de vez em quando < "
    "frequentemente/muitas vezes/"
    "com frequencia/regularmente < muito frequentemente/na maioria das vezes/geralmente/normalmente < quase sempre < sempre/o tempo todo",
    "nunca < menos frequentemente/com menos frequencia/raramente/menos de uma vez por mes/menos de uma vez por ano < uma vez por "
    "ano/anualmente < "
    "algumas vezes por ano/varias vezes por ano < uma vez por mes/mensalmente < algumas vezes por mes/varias vezes por mes < uma vez por "
    "semana/"
    "semanalmente < varias vezes por semana/algumas vezes por semana < quase todos os dias < todos os dias/diariamente/uma vez por dia < "
    "varias vezes por dia/varias vezes ao dia",
    "pessimo/pessima/muito ruim/muito mau/muito ma < ruim/mau/ma < regular/razoavel/mediano/aceitavel/nem bom nem mau/nem bom nem ruim < "
    "bom/boa < muito bom/muito boa/otimo/otima < excelente",
    "nada/de modo nenhum/nenhum/nenhuma < muito pouco < pouco/um pouco < mais ou menos/moderadamente/razoavelmente < bastante < muito < "
    "muitissimo/extremamente/"
    "totalmente/completamente",
    "muito baixo/muito baixa < baixo/baixa < medio baixo/media baixa < medio/media/moderado/moderada < medio alto/media alta < alto/alta < "
    "muito alto/muito alta",
    "pequeno/pequena < medio/media < grande",
    "nenhum/nenhuma < leve/ligeiro < moderado/moderada < grave/severo < muito grave",
    "definitivamente nao/com certeza nao/certamente nao < provavelmente nao < talvez < provavelmente/provavelmente sim < "
    "definitivamente/definitivamente sim/"
    "com certeza/certamente/certamente sim",
    "muito pior < pior < um pouco pior < igual/na mesma/sem mudancas < um pouco melhor < melhor < muito melhor",
    /* Dutch */
    NL_PAIR("oneens", "eens"),
    NL_PAIR("mee oneens", "mee eens"),
    NL_PAIR("ontevreden", "tevreden"),
    NL_PAIR("onbelangrijk", "belangrijk"),
    NL_PAIR("onwaarschijnlijk", "waarschijnlijk"),
    NL_PAIR("ongelukkig", "gelukkig"),
    NL_PAIR("moeilijk", "gemakkelijk"),
    NL_PAIR("moeilijk", "makkelijk"),
    NL_PAIR("negatief", "positief"),
    NL_PAIR("onveilig", "veilig"),
    NL_PAIR("nutteloos", "nuttig"),
    NL_PAIR("ongeinteresseerd", "geinteresseerd"),
    NL_PAIR("ongezond", "gezond"),
    NL_PAIR("oneens", "mee eens"),
    "1 ster/een ster < 2 sterren/twee sterren < 3 sterren/drie sterren < 4 sterren/vier sterren < 5 sterren/vijf sterren",
    "ondergewicht < normaal gewicht/gezond gewicht/normaal < overgewicht < obesitas/obees",
    "nooit < bijna nooit/zeer zelden/heel zelden < zelden < soms/af en toe/nu en dan < vaak/regelmatig/dikwijls < heel vaak/zeer "
    "vaak/meestal < bijna altijd < "
    "altijd/voortdurend",
    "nooit < minder vaak/zelden/minder dan een keer per jaar/minder dan een keer per maand < een keer per jaar/jaarlijks/1 keer per jaar < "
    "enkele keren per jaar/een paar keer per jaar/meerdere keren per jaar < "
    "een keer per maand/maandelijks/1 keer per maand < enkele keren per maand/een paar keer per maand/meerdere keren per maand < een keer "
    "per week/wekelijks/1 keer per week < "
    "enkele keren per week/een paar keer per week/meerdere keren per week < bijna elke dag/bijna dagelijks < elke dag/dagelijks/iedere dag "
    "< "
    "meerdere keren per dag/enkele keren per dag",
    "zeer slecht/heel slecht/erg slecht < slecht < matig/onvoldoende < redelijk/voldoende/gemiddeld/neutraal/niet goed niet slecht < goed "
    "< zeer goed/heel goed/erg goed < uitstekend/uitmuntend",
    "helemaal niet/geen/niets/helemaal geen < heel weinig/nauwelijks/bijna geen < weinig/een beetje/enigszins < matig/redelijk < tamelijk "
    "veel/vrij veel < veel < heel veel/"
    "zeer veel/erg veel < extreem/volledig/helemaal",
    "zeer laag/heel laag < laag < gemiddeld/middelmatig/midden/matig/normaal < hoog < zeer hoog/heel hoog",
    "zeer klein < klein < gemiddeld/middelgroot < groot < zeer groot",
    "geen < licht/mild < matig < ernstig/zwaar < zeer ernstig",
    "zeker niet/beslist niet < waarschijnlijk niet < misschien < waarschijnlijk wel/waarschijnlijk < zeker wel/zeker/beslist wel",
    "veel slechter < slechter < iets slechter/een beetje slechter < hetzelfde/gelijk/onveranderd/even goed < iets beter/een beetje beter < "
    "beter < veel beter",
};

const char *scale_words_family(size_t i) { return i < sizeof families / sizeof *families ? families[i] : NULL; }

/* The step of a family that a word is, from 1 on; 0: none. Nearly all families are left at the first search. */
static double find_step(const char *family, const char *word) {
  const size_t length = strlen(word), between = sizeof STEP - 1;
  for (const char *at = strstr(family, word); at; at = strstr(at + 1, word)) {
    bool begins = at == family || at[-1] == '/' || ((size_t)(at - family) >= between && memcmp(at - between, STEP, between) == 0);
    bool ends = at[length] == '\0' || at[length] == '/' || strncmp(at + length, STEP, between) == 0;
    if (!begins || !ends)
      continue;
    double step = 1;
    for (const char *p = family; p < at; p++)
      step += *p == STEP[1];
    return step;
  }
  return 0;
}

/* Whether the steps of two families rank the texts alike, or one the other way round. */
static bool agree(const double *a, const double *b, size_t n) {
  size_t same = 0, against = 0;
  for (size_t i = 0; i < n; i++)
    for (size_t k = 0; k < i; k++) {
      double ahead = (a[i] - a[k]) * (b[i] - b[k]);
      same += ahead > 0, against += ahead < 0;
      if (ahead == 0 && (a[i] != a[k] || b[i] != b[k]))
        return false;
    }
  return same == 0 || against == 0;
}

bool scale_words_sort(const char *const *folded, size_t n, double *keys) {
  enum { MOST = 100, LONGEST = 160 };
  double steps[MOST];
  char words[MOST][LONGEST]; /* without the blanks around them */
  bool found = false;
  if (n > MOST)
    return false;
  for (size_t i = 0; i < n; i++) {
    size_t length = strlen(folded[i]);
    if (length < 3 || length - 2 >= LONGEST)
      return false;
    memcpy(words[i], folded[i] + 1, length - 2), words[i][length - 2] = '\0';
  }
  for (size_t f = 0; f < sizeof families / sizeof *families; f++) {
    size_t known = 0;
    while (known < n && (steps[known] = find_step(families[f], words[known])) > 0)
      known++;
    if (known < n)
      continue;
    if (found && !agree(keys, steps, n))
      return false;
    if (!found)
      memcpy(keys, steps, n * sizeof *keys);
    found = true;
  }
  return found;
}
