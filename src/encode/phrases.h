/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef ENCODE_PHRASES_H
#define ENCODE_PHRASES_H

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>

/*
 * What survey files say in words, and mean by it, language by language: the table is in encode/phrases.c, and whoever knows a language finds all
 * of it there in one place. What follows from a phrase is decided elsewhere.
 */
#define EMEND_SECOND_SET INT_MIN
typedef enum emend_meaning {
  /* Of codes, in their labels, written as emend_fold leaves them: in small letters, without accents and punctuation. */
  EMEND_SAYS_NO_ANSWER = 1 << 0,             /* somebody was asked and gave no answer */
  EMEND_SAYS_NOT_ASKED = 1 << 1,             /* nobody put the question: such a label is no step of a scale */
  EMEND_SAYS_NOT_APPLICABLE = 1 << 2,        /* it did not concern the person */
  EMEND_SAYS_NOT_APPLICABLE_INSIDE = 1 << 3, /* the same, of scripts without blanks between words or with particles attached: anywhere */
  EMEND_SAYS_NOT_APPLICABLE_ALONE = 1 << 4,  /* the same, too short to mean anything among other words: the whole label */
  EMEND_SAYS_WAS_ASKED = 1 << 5,             /* one of those occurs in it, but somebody was asked and did not answer */
  EMEND_SAYS_FILTER = 1 << 6,                /* at the beginning, with what was filtered behind it; of a declared code also at the end */
  EMEND_ADDS_NOTHING = 1 << 7,               /* may stand around them */
  EMEND_SAYS_WHEN = 1 << 8,                  /* when and of whom something was not asked */
  EMEND_IS_COMMON = 1 << 9,                  /* two labels that share this word need not speak of the same */
  /* Of answers, in their labels, in small letters. */
  EMEND_IS_STEP = 1 << 10,     /* a word of a scale */
  EMEND_BEGINS_STEP = 1 << 11, /* beginnings of such words */
  /* Names of variables, by whole words in small letters; those of units are followed by those of numbers, those of POST by those of POST_END. */
  EMEND_NAMES_IDENTIFIER = 1 << 12,
  EMEND_NAMES_OWN_IDENTIFIER = 1 << 13, /* only if each row has its own: much else is called so, too */
  EMEND_NAMES_UNIT = 1 << 14,
  EMEND_NAMES_NUMBER = 1 << 15,
  EMEND_NAMES_PHONE = 1 << 16,
  EMEND_NAMES_POSTCODE = 1 << 17,
  EMEND_NAMES_POST = 1 << 18,
  EMEND_NAMES_POST_END = 1 << 19,
  EMEND_NAMES_POSTCODE_UNSURE = 1 << 20, /* as the whole name; much else is called so, too */
  EMEND_NAMES_DESIGN = 1 << 21,          /* strata and sampling units */
  EMEND_NAMES_DESIGN_UNIT = 1 << 22,
  EMEND_NAMES_WEIGHT = 1 << 23,
  EMEND_NAMES_WEIGHT_UNSURE = 1 << 24, /* what people weigh may be called the same */
  EMEND_NAMES_WEIGHT_LOOSELY = 1 << 28, /* much else may: words of two letters or more also as the beginning or end of others */
  /* Labels of variables, in small letters. */
  EMEND_SAYS_WEIGHTING = 1 << 25, /* also inside of words */
  EMEND_SAYS_PERCENT = 1 << 26,   /* names, too */
  EMEND_SAYS_SHARE = 1 << 27,
  EMEND_SAYS_SURVEY_WEIGHT = 1 << 29, /* also inside of words: clear whatever the name is */
  EMEND_SAYS_BODY = 1 << 30,          /* whole words: somebody was weighed */
  /* A second set, which is looked for apart from the first: the sign tells them apart. */
  EMEND_ENDS_WEIGHT = EMEND_SECOND_SET | 1 << 0,      /* ends of names of weights, which much else has, too */
  EMEND_SAYS_WEIGHT_OF = EMEND_SECOND_SET | 1 << 1,   /* labels, in small letters, also inside of words: weights of persons, households, samples */
  EMEND_LABELS_POINTER = EMEND_SECOND_SET | 1 << 2,   /* labels, folded: the number of somebody else */
  EMEND_LABELS_CODE = EMEND_SECOND_SET | 1 << 3,      /* ... of a classification, or of places */
  EMEND_LABELS_POSITION = EMEND_SECOND_SET | 1 << 4,  /* ... and names, whole words: on the globe */
  EMEND_LABELS_ARTICLE = EMEND_SECOND_SET | 1 << 5,   /* ... and names, whole words: bar codes */
  EMEND_LABELS_TIME = EMEND_SECOND_SET | 1 << 6,      /* ... and names, whole words: when something was, or how long it took */
  EMEND_LABELS_QUANTITY = EMEND_SECOND_SET | 1 << 7,  /* ... something is counted or measured, of a place, say */
  EMEND_SAYS_UNSURE = EMEND_SECOND_SET | 1 << 8,      /* labels of codes, folded: no answer, but in the midst of others it is one */
  EMEND_SAYS_WHO = EMEND_SECOND_SET | 1 << 9,         /* ... at the beginning: may say of a declared code who was not asked */
  EMEND_SAYS_HOW_MUCH = EMEND_SECOND_SET | 1 << 10,   /* ... a number that stands for all beyond it */
  EMEND_LEAVES_SCALE = EMEND_SECOND_SET | 1 << 11,    /* ... not applicable, and no step of a scale behind the others */
  EMEND_LABELS_CLOCK = EMEND_SECOND_SET | 1 << 12,    /* labels and names of variables, whole words: a time of day */
  EMEND_LABELS_LENGTH = EMEND_SECOND_SET | 1 << 13,   /* ... something has been measured with a rule */
  EMEND_LABELS_LONGITUD = EMEND_SECOND_SET | 1 << 14, /* ... a longitude, or how long something is */
  EMEND_LABELS_LATITUDE = EMEND_SECOND_SET | 1 << 15, /* ... what stands beside a longitude */
  EMEND_MAY_BE_LISTED = EMEND_SECOND_SET | 1 << 16,   /* ... says so behind a scale, and is an answer where others are listed: "invalid" */
  EMEND_NEGATES = EMEND_SECOND_SET | 1 << 17,         /* ... at the beginning: says who was not asked if a status follows: "no partner" */
  EMEND_SAYS_WHICH = EMEND_SECOND_SET | 1 << 18,      /* ... the same, or a number, or a letter: "under 16", "form B" */
  EMEND_IS_STATUS = EMEND_SECOND_SET | 1 << 19,       /* ... what somebody is or has, or has not */
  /* Names again, by whole words in small letters. */
  EMEND_NAMES_CODE = EMEND_SECOND_SET | 1 << 20,        /* classifications of occupations, industries, products */
  EMEND_NAMES_CODE_UNSURE = EMEND_SECOND_SET | 1 << 21, /* the same, if the codes are long: much else is called so, too */
  EMEND_NAMES_PLACE = EMEND_SECOND_SET | 1 << 22,       /* villages, districts and what else is told apart by numbers */
  EMEND_NAMES_ASKER = EMEND_SECOND_SET | 1 << 23,       /* who asked */
  EMEND_NAMES_KIN = EMEND_SECOND_SET | 1 << 24,         /* persons of a household, of whom a line of its roster tells more */
  EMEND_NAMES_LINE = EMEND_SECOND_SET | 1 << 25,        /* ... the line */
  EMEND_NAMES_POINTER = EMEND_SECOND_SET | 1 << 26,     /* both in one word */
  EMEND_NAMES_LONGITUDE = EMEND_SECOND_SET | 1 << 27,   /* short for longitudes beside a latitude, and much else */
  EMEND_NAMES_GROUP = EMEND_SECOND_SET | 1 << 28,       /* whom or what a file has several rows of, numbered from 1 on */
  EMEND_NAMES_SERVICE = EMEND_SECOND_SET | 1 << 29,     /* columns that survey services add, the letters of the whole name */
  EMEND_NAMES_SERVICE_UNSURE = EMEND_SECOND_SET | 1 << 30 /* ... beside one of those */
} emend_meaning;

/* The phrases of some meanings one after the other: for (emend_phrase p = {0}; emend_phrase_next(&p, meanings);). */
typedef struct emend_phrase {
  const char *text;
  unsigned meaning;
  const char *const *next; /* of the row */
  size_t next_row;         /* of the table */
} emend_phrase;
bool emend_phrase_next(emend_phrase *phrase, unsigned meanings);

/* Of the same set, and one of its meanings. */
bool emend_meanings_share(unsigned one, unsigned others);

/* The length of the longest phrase of these meanings that stands at the beginning of a word of a folded label; 0: none. */
size_t emend_phrase_at(const char *at, unsigned meanings);
/* Whether a text begins with a phrase of these meanings, of two bytes or more, whatever follows it. Capitals A to Z do not count. */
bool emend_phrase_begins(const char *text, size_t length, unsigned meanings);
/* Whether a word is a phrase of these meanings. Capitals A to Z do not count. */
bool emend_phrase_is(const char *word, size_t length, unsigned meanings);

#endif
