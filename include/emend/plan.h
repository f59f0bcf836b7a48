/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef EMEND_PLAN_H
#define EMEND_PLAN_H

#include <stddef.h>

#include "emend/dataset.h"
#include "emend/dictionary.h"
#include "emend/events.h"
#include "emend/normal.h"
#include "emend/status.h"

EMEND_BEGIN

/* What will be done with each variable, each missing code and each cell, and why; made before anything is estimated. */
typedef struct emend_plan emend_plan;

typedef enum emend_role {
  EMEND_ROLE_FILL,     /* in the model, and its missing cells are filled */
  EMEND_ROLE_PREDICT,  /* in the model, cells left as they are */
  EMEND_ROLE_CONSTANT, /* one value wherever observed: not in the model, filled with that value if it is a target */
  EMEND_ROLE_WEIGHT,
  EMEND_ROLE_ID,
  EMEND_ROLE_EXCLUDED, /* rides along; emend_plan_why says whether by wish, type or lack of data */
  EMEND_ROLE_DERIVED   /* computed from others by a formula: not in the model, its missing cells filled by the formula alone */
} emend_role;

/* What kind of answer a variable holds, and so how it enters the model and what it may receive (docs/methods.md section 6). */
typedef enum emend_type {
  EMEND_TYPE_UNKNOWN,
  EMEND_TYPE_CONTINUOUS,
  EMEND_TYPE_INTEGER,       /* whole numbers: counts, years, scores */
  EMEND_TYPE_ORDINAL,       /* steps of a scale */
  EMEND_TYPE_BINARY,        /* two values */
  EMEND_TYPE_NOMINAL,       /* codes without an order: one indicator per level but the most frequent */
  EMEND_TYPE_TEXT_CATEGORY, /* the same of a text with few different answers */
  EMEND_TYPE_DATE,
  EMEND_TYPE_IDENTIFIER,
  EMEND_TYPE_FREE_TEXT
} emend_type;
/* "continuous", "integer", "ordinal", "binary", "nominal", "text category", "date", "identifier", "free text"; "" for unknown. Static. */
EMEND_API const char *emend_type_word(emend_type type);

typedef struct emend_plan_options emend_plan_options;
EMEND_API emend_plan_options *emend_plan_options_new(void);
EMEND_API void emend_plan_options_free(emend_plan_options *options);
/*
 * Lists of variables: names, ranges q1-q12 in file order, globs inc*, separated by commas or blanks; an exact name wins over a range or
 * glob; names with blanks, commas or hyphens may stand in backticks. A name chooses any numeric variable; a range or glob passes over
 * text, dates, identifiers and the weight. NULL is the default. Strings are copied; they are checked when a plan is made.
 */
EMEND_API emend_status emend_plan_options_set_variables(emend_plan_options *options, const char *list, emend_error *error);
EMEND_API emend_status emend_plan_options_set_targets(emend_plan_options *options, const char *list, emend_error *error);
EMEND_API emend_status emend_plan_options_set_exclude(emend_plan_options *options, const char *list, emend_error *error);
EMEND_API emend_status emend_plan_options_set_id(emend_plan_options *options, const char *name, emend_error *error);
EMEND_API emend_status emend_plan_options_set_weight(emend_plan_options *options, const char *name, emend_error *error); /* "none": unweighted */
/* Variables of a type that is not to be guessed: continuous, integer, ordinal, binary or nominal. A name beats a range or glob of another type's list;
 * two lists that name one variable are an error, as is a type that the values do not allow. */
EMEND_API emend_status emend_plan_options_set_type(emend_plan_options *options, emend_type type, const char *list, emend_error *error);
/* Transforms in which numbers enter the model, clauses separated by semicolons: "income=log; q*=auto" (log, log1p, sqrt, logit, yeo-johnson, normal-scores, auto,
 * none). A name beats a range or glob. */
EMEND_API emend_status emend_plan_options_set_transforms(emend_plan_options *options, const char *list, emend_error *error);
/*
 * Non-zero: a clearly skewed number (skewness of 1.5 or more, at least 10 different values, no heap at an end) of which no transform was said gets
 * the one that mends it, of sqrt, log or log1p, and Yeo-Johnson, and imputed values stay below the greatest one by no more than the range of the observed ones.
 * Default: 0.
 */
EMEND_API void emend_plan_options_set_choose_transforms(emend_plan_options *options, int choose);
/* Bounds that imputed numbers keep, in the same way: "share=0:1; income=0:; x*=observed". */
EMEND_API emend_status emend_plan_options_set_bounds(emend_plan_options *options, const char *list, emend_error *error);
/* Numbers of which many have one value (no income): they enter as an indicator of all others and as the amount. "none": none unasked. */
EMEND_API emend_status emend_plan_options_set_semicontinuous(emend_plan_options *options, const char *list, emend_error *error);
/*
 * Non-zero: so does a number with a heap, one value at an end of its range (or 0) that 10 to 90 % of those who answered gave, at least ten times as many as
 * any other value, of which there are 20 or more, unless a transform of it was said. For draws and matches: an expectation lies between. Default: 0.
 */
EMEND_API void emend_plan_options_set_choose_spikes(emend_plan_options *options, int choose);
/* A variable whose answers tell groups, each of which gets a model of its own; at most 100 different ones. NULL: none. */
EMEND_API emend_status emend_plan_options_set_by(emend_plan_options *options, const char *name, emend_error *error);
/*
 * Variables that everybody was asked. Of others a plan leaves cells that lie where the question shows no answer at all, if that accounts for nearly all of its
 * missing cells: a skip pattern, which becomes the variable's condition (emend_plan_only_if). NULL: none.
 */
EMEND_API emend_status emend_plan_options_set_asked(emend_plan_options *options, const char *list, emend_error *error);
/*
 * Variables that are filled by the model alone. Of others a plan finds what follows from another variable in every row that has both (an age group from the age, a
 * region from the state, an income of 0 from having no work); what is filled of either agrees with that. NULL: none.
 */
EMEND_API emend_status emend_plan_options_set_apart(emend_plan_options *options, const char *list, emend_error *error);
/* What the weights are, if whole numbers should not mean frequencies, or fractions sampling weights. */
EMEND_API void emend_plan_options_set_weight_kind(emend_plan_options *options, emend_weight_kind kind);
/* The names of the columns of a model that is to be used (emend_normal_name, emend_mixture_name): a variable that it knows as categories is nominal, one that it knows as a
 * number is none, and what it knows takes part, whatever few rows of other data look like. A type that is asked for wins. NULL, 0: no model. */
EMEND_API emend_status emend_plan_options_set_model_columns(emend_plan_options *options, const char *const *names, size_t n, emend_error *error);
/* Non-zero: a variable enters as the one number that it holds, and texts ride along, but for those that emend_plan_options_set_type names as nominal.
 * Default: 0. */
EMEND_API void emend_plan_options_set_scores_only(emend_plan_options *options, int scores_only);
/*
 * Codes whose cells are filled (or kept): "8,9", "97-99", "9-hi", ".a", ".a-.f", "q7=98" or "q7 q9=98,99;q8=8", label text (in double quotes if it holds one of , ; =;
 * capitals and accents do not count), or a kind: "system" (or "."), "user" (declared codes), "tagged" (.a-.z, ._). They override the default by
 * label. A code for named variables beats one for all, a single code beats a kind; one that fits nothing is an error.
 */
EMEND_API emend_status emend_plan_options_set_impute_codes(emend_plan_options *options, const char *list, emend_error *error);
EMEND_API emend_status emend_plan_options_set_keep_codes(emend_plan_options *options, const char *list, emend_error *error);
/* The same, added to what was said before. `variables` is a list as above, and then `codes` holds codes alone; NULL: as in the lists. `where` is what
 * messages call it ("recipe.ini:12: keep_codes"); NULL: the option of the command line. */
EMEND_API emend_status emend_plan_options_add_codes(emend_plan_options *options, int fill, const char *variables, const char *codes, const char *where,
                                                    emend_error *error);
/*
 * Skip logic: cells of `variables` are filled only in rows where the condition is true; where it is false, or can never be known, they are
 * structurally missing, stay, and are no broken promise. The condition follows the values that are imputed. `condition` is a rule (docs/recipes.md), as
 * "moved == 1 and age >= 18"; with `variables` NULL it begins with them: "q8 q9 = moved == 1". Of several conditions of a variable the last one
 * that names it holds. `where` as above.
 */
EMEND_API emend_status emend_plan_options_add_only_if(emend_plan_options *options, const char *variables, const char *condition, const char *where,
                                                      emend_error *error);
/* A derived variable: its missing cells are computed from the completed others ("a + b + c"; or "total = a + b + c" with `variable` NULL), never
 * imputed. It stays out of the model unless emend_plan_options_set_variables names it. */
EMEND_API emend_status emend_plan_options_add_formula(emend_plan_options *options, const char *variable, const char *formula, const char *where,
                                                      emend_error *error);
/* A transform or bounds, added to what was said before: as in the lists above, or the value alone with `variables`. `where` as above. */
EMEND_API emend_status emend_plan_options_add_transform(emend_plan_options *options, const char *variables, const char *transform, const char *where,
                                                        emend_error *error);
EMEND_API emend_status emend_plan_options_add_bounds(emend_plan_options *options, const char *variables, const char *bounds, const char *where,
                                                     emend_error *error);
/* The order of the texts of some variables, which are then ordinal: "Low, Medium, High" (backticks around a text with a comma), or
 * "income=Low,Medium,High; q*=..." with `variables` NULL. An answer that has no place in it is an error where the variable is named. `where` as above. */
EMEND_API emend_status emend_plan_options_add_order(emend_plan_options *options, const char *variables, const char *order, const char *where,
                                                    emend_error *error);
/* What is said of codes and variables from here on beats all that was said before. */
EMEND_API void emend_plan_options_begin_layer(emend_plan_options *options);
/* Zero: plain expectations even where only certain values occur. Default: non-zero. */
EMEND_API void emend_plan_options_set_round(emend_plan_options *options, int round);
/* Non-zero: emend_write adds an indicator for each variable that is filled (0 observed, 1 imputed), and the file is rebuilt. */
EMEND_API void emend_plan_options_set_flags(emend_plan_options *options, int flags);
/* Threads that look at the variables; 0, the default: the cores this process may use. The plan is the same for any number. */
EMEND_API void emend_plan_options_set_threads(emend_plan_options *options, unsigned threads);

/*
 * Before a plan is made: codes that the file does not declare missing, but that say so (a label or text "refused", "weiss nicht", "not applicable", in the
 * languages of the large surveys; -9 or 99 where such a number stands apart from all others) become missing codes of the file's dataset. Plans keep their cells as
 * they are unless told otherwise (emend_plan_options_add_codes), and a warning of each plan names them and says which. `answers`: variables, in a list as above, all of whose values are
 * answers; or NULL.
 */
struct emend_file;
EMEND_API emend_status emend_set_aside_codes(struct emend_file *file, const char *answers, emend_events *events, emend_error *error);

/* Before that: codes of some variables mean missing, as if the file declared them. `codes` is a list of codes of the `variables`, which are a list as above; or,
 * if `variables` is NULL, one such as "q7=98; q8-q12=97-99". `where` names it in messages; a warning tells of a code that no cell holds. A column of a
 * delimited file that holds nothing but numbers beside such texts is numeric from then on. */
EMEND_API emend_status emend_declare_missing(struct emend_file *file, const char *variables, const char *codes, const char *where,
                                             emend_events *events, emend_error *error);
/* And: tokens that such a list names (see emend_read_options_set_keep_tokens) become missing codes, for plans to keep or to fill. */
EMEND_API emend_status emend_name_tokens(struct emend_file *file, const char *variables, const char *codes);

/* What such a list chooses, for other ends: entries of `chosen` (one per variable) become 1 for a pattern, 2 for a name; none is lowered.
 * `option` names the list in messages. EMEND_INVALID_ARGUMENT for a name that no variable has. */
EMEND_API emend_status emend_select_variables(const emend_dataset *dataset, const char *list, const char *option, unsigned char *chosen,
                                              emend_events *events, emend_error *error);

EMEND_API emend_status emend_plan_new(const emend_dataset *dataset, const emend_plan_options *options, emend_events *events, emend_plan **plan,
                                      emend_error *error);
EMEND_API void emend_plan_free(emend_plan *plan);
EMEND_API const emend_dataset *emend_plan_dataset(const emend_plan *plan);

EMEND_API size_t emend_plan_count(const emend_plan *plan, emend_role role); /* variables with this role */
EMEND_API ptrdiff_t emend_plan_weight(const emend_plan *plan);              /* variable index or -1 */
EMEND_API ptrdiff_t emend_plan_by(const emend_plan *plan);                  /* variable index or -1 */
EMEND_API ptrdiff_t emend_plan_id(const emend_plan *plan);                  /* of --id only; -1 otherwise */
EMEND_API size_t emend_plan_flags(const emend_plan *plan); /* indicators that are added to the file */

/* Per variable of the dataset. */
EMEND_API emend_role emend_plan_role(const emend_plan *plan, size_t variable);
EMEND_API const char *emend_plan_why(const emend_plan *plan, size_t variable); /* "text", "complete, distinct integers named like an identifier" ... */
/* Non-zero: not filled because less than half of the rows answer it; targets that name it ("*" may stand beside the name) fill it. */
EMEND_API int emend_plan_on_demand(const emend_plan *plan, size_t variable);
EMEND_API emend_type emend_plan_type(const emend_plan *plan, size_t variable);
EMEND_API const char *emend_plan_type_why(const emend_plan *plan, size_t variable); /* "declared nominal", "two values", "--ordinal" ... */
EMEND_API size_t emend_plan_columns(const emend_plan *plan, size_t variable);       /* with which it enters the model; 0 if it does not */
EMEND_API size_t emend_plan_categories(const emend_plan *plan, size_t variable);    /* of a nominal one; of them ... */
EMEND_API size_t emend_plan_steps(const emend_plan *plan, size_t variable);         /* of a text that is ordinal; else 0 */
/* Non-zero if somebody named the order of these texts, and they do not show it by themselves. */
EMEND_API int emend_plan_order_named(const emend_plan *plan, size_t variable);
EMEND_API const char *emend_plan_step(const emend_plan *plan, size_t variable, size_t step); /* its text, from the lowest on */
EMEND_API size_t emend_plan_pooled(const emend_plan *plan, size_t variable);        /* ... too rare to have a level of their own */
EMEND_API int emend_plan_rounds(const emend_plan *plan, size_t variable); /* receives only values that occur in it; not if others tell it */

EMEND_API const char *emend_plan_only_if(const emend_plan *plan, size_t variable); /* its condition as written; NULL if it has none */
EMEND_API int emend_plan_only_if_found(const emend_plan *plan, size_t variable); /* non-zero: the data show it, nobody said it */
EMEND_API const char *emend_plan_formula(const emend_plan *plan, size_t variable);
EMEND_API const char *emend_plan_flag(const emend_plan *plan, size_t variable); /* the name of its indicator; NULL if it gets none */
EMEND_API const char *emend_plan_transform(const emend_plan *plan, size_t variable); /* "log" ...; "none" */
EMEND_API double emend_plan_skewness(const emend_plan *plan, size_t variable); /* for which it got that transform unasked; else 0 */
/* Non-zero: imputed numbers lie between *lo and *hi, of which one may be infinite. */
EMEND_API int emend_plan_bounds(const emend_plan *plan, size_t variable, double *lo, double *hi);
/* Non-zero: it enters as an indicator and an amount; *spike is the value that has no amount. */
EMEND_API int emend_plan_spike(const emend_plan *plan, size_t variable, double *spike);
EMEND_API int emend_plan_spike_chosen(const emend_plan *plan, size_t variable); /* non-zero: unasked, because of a heap */
/* The share of the answers that are *value, where that one value at an end of the range (no income) makes it look semi-continuous and nobody said whether it is; else 0. */
EMEND_API double emend_plan_heap(const emend_plan *plan, size_t variable, double *value);
EMEND_API int emend_plan_decimals(const emend_plan *plan, size_t variable);         /* that imputed numbers are rounded to; -1: not rounded */

/* What its values need when they are filled: the file's storage (emend_variable_storage), or a wider one where fractions come into a
 * variable of whole numbers. A Stata file is then written with the variable widened, as Stata's recast does. */
EMEND_API emend_storage emend_plan_storage(const emend_plan *plan, size_t variable);

typedef struct emend_missing_counts {
  size_t observed, system, user, tagged, empty, structural;
  size_t fill; /* cells the plan promises to fill */
  size_t keep; /* missing cells that stay missing */
  size_t skipped; /* of those that stay: a condition says that the question did not apply */
  size_t open;    /* of those to be filled: whether a condition holds depends on a value that is imputed */
  size_t unanswered; /* of those that stay: they would be filled, had anybody answered the variable */
} emend_missing_counts;
EMEND_API emend_missing_counts emend_plan_missing(const emend_plan *plan, size_t variable);
/* Cells of all variables that would be filled, had anybody answered the variable. */
EMEND_API size_t emend_plan_unanswered(const emend_plan *plan);

/* Every declared or met missing code of a variable and its fate. */
typedef struct emend_code {
  double value;        /* of a user-missing code that is a number; else NaN */
  const char *text;    /* of a user-missing code that is a text; else NULL */
  emend_reason reason; /* EMEND_USER_MISSING or a tag; EMEND_SYSTEM_MISSING, before all others, where its fate was said */
  const char *label;   /* "" if it has none */
  size_t count;        /* cells that hold it */
  int fill;            /* non-zero: filled; zero: stays */
  int wished;          /* non-zero: an option decided it */
  int unanswered;      /* non-zero: it stays, and would be filled, had anybody answered the variable */
  const char *why;     /* "label says not applicable", "--keep-codes", "extended missing", "declared missing" */
} emend_code;
EMEND_API size_t emend_plan_codes(const emend_plan *plan, size_t variable);
EMEND_API emend_code emend_plan_code(const emend_plan *plan, size_t variable, size_t index);

/* Non-zero if the plan fills this cell, or will if a condition then holds. */
EMEND_API int emend_plan_fills(const emend_plan *plan, size_t row, size_t variable);

EMEND_END

#endif
