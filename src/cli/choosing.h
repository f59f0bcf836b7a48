/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CLI_CHOOSING_H
#define CLI_CHOOSING_H

#include "cli/option.h"
#include "emend/emend.h"

/* The options that say which variables and cells take part, the same for every command that estimates. */
typedef struct choosing_arguments {
  option_list variables, targets, exclude, impute_codes, keep_codes, answers, asked, apart, only_if, formula;
  option_list transforms, bounds, semicontinuous, orders;
  option_list types[EMEND_TYPE_NOMINAL + 1];
  const char *id, *weight, *by;
  int weight_kind; /* 0: as the weights look */
  bool no_round;
} choosing_arguments;

extern const char *const choosing_weight_kinds[];

/* The library's options from them. The caller frees *made, which is NULL on failure. */
emend_status choosing_options(const choosing_arguments *arguments, emend_plan_options **made, emend_error *error);

/* Takes codes that look like missing codes out of the file's answers; before a plan is made. */
emend_status choosing_set_aside(const choosing_arguments *arguments, emend_file *file, emend_events *events, emend_error *error);

/* Their rows in a command's table, whose arguments have the field `choosing_arguments member`. */
#define CHOOSING_FIELD(arguments, member, name) .section = "Which variables, which cells", .offset = offsetof(arguments, member.name)
#define CHOOSING_OPTIONS(arguments, member)                                                                                          \
  {"vars", 'v', OPTION_LIST, "LIST", CHOOSING_FIELD(arguments, member, variables), .scope = OPTION_MEMBERS,                                                   \
   .help = "Variables in the model: names, ranges q1-q12 in file order, patterns inc*; names with blanks or commas in backticks. "   \
           "Without it, numeric variables that vary, other than dates, the weight and identifiers."},                                \
      {"targets", 't', OPTION_LIST, "LIST", CHOOSING_FIELD(arguments, member, targets), .scope = OPTION_MEMBERS,                                              \
       .help = "Variables whose cells are filled. Without it, all of --vars. What is filled only if named (multiple-response sets, texts that few "          \
               "rows answer) is named by names, ranges and patterns, but not by a bare *."},                                          \
      {"exclude", 'x', OPTION_LIST, "LIST", CHOOSING_FIELD(arguments, member, exclude), .scope = OPTION_MEMBERS,                                              \
       .help = "Variables that stay out of the model and unchanged."},                                                               \
      {"id", 0, OPTION_TEXT, "NAME", CHOOSING_FIELD(arguments, member, id),                                                          \
       .help = "The variable that identifies rows: not in the model, named in the audit."},                                          \
      {"weight", 'w', OPTION_TEXT, "NAME", CHOOSING_FIELD(arguments, member, weight),                                                \
       .help = "Weight variable, or none. Without it, the one that the file declares."},                                             \
      {"weight-kind", 0, OPTION_CHOICE, "KIND", CHOOSING_FIELD(arguments, member, weight_kind), .choices = choosing_weight_kinds,    \
       .initial = "auto", .help = "Whether weights count equal rows or say how many persons a row stands for; auto: whole numbers "   \
                                  "are frequencies."},                                                                               \
      {"impute-codes", 0, OPTION_LIST, "LIST", CHOOSING_FIELD(arguments, member, impute_codes), .scope = OPTION_OF_VARIABLE,                                      \
       .help = "Missing codes to fill even where their label says not applicable: \"8,9\", \".a\", \"97-99\", \"q7=9-hi\", a label, or a kind: system, " \
               "user, tagged (.a-.z)."},                                                                                            \
      {"keep-codes", 0, OPTION_LIST, "LIST", CHOOSING_FIELD(arguments, member, keep_codes), .scope = OPTION_OF_VARIABLE,                                          \
       .help = "Missing codes to keep; written as for --impute-codes."},                                                             \
      {"answers", 0, OPTION_LIST, "LIST", CHOOSING_FIELD(arguments, member, answers), .scope = OPTION_MEMBERS,                          \
       .help = "Variables whose values are all answers, in spite of --missing and of NA among texts. Of others, undeclared values that look like missing codes (a label \"refused\", " \
               "a -9 apart from the rest) count as unknown and stay."},                                                                \
      {"asked", 0, OPTION_LIST, "LIST", CHOOSING_FIELD(arguments, member, asked), .scope = OPTION_MEMBERS,                              \
       .help = "Variables that everybody was asked. Of others, cells are left where the data show that the question was skipped."},    \
      {"apart", 0, OPTION_LIST, "LIST", CHOOSING_FIELD(arguments, member, apart), .scope = OPTION_MEMBERS,                              \
       .help = "Variables that are filled by the model alone. Others agree with what follows from them, or they from others, in every row that the data have (an age group from the age, a body mass index from weight and height)."}, \
      {"only-if", 0, OPTION_LIST, "RULE", CHOOSING_FIELD(arguments, member, only_if), .scope = OPTION_OF_VARIABLE,                                                \
       .help = "Skip logic, \"q8 q9 = moved == 1 and age >= 18\": where the condition is false the question was not asked, and the cell " \
               "stays. Several are separated by semicolons, or the option is repeated."},                                            \
      {"formula", 0, OPTION_LIST, "RULE", CHOOSING_FIELD(arguments, member, formula), .scope = OPTION_OF_VARIABLE,                                                \
       .help = "A variable computed from others, \"total = a + b + c\": not in the model, and computed where parts are filled. May be " \
               "repeated."},                                                                                                         \
      {"no-round", 0, OPTION_FLAG, NULL, CHOOSING_FIELD(arguments, member, no_round),                                                \
       .help = "Plain expectations also where a variable holds only whole numbers or labelled values (not whole dates)."}

/* Those that say what kind of answer a variable holds, for commands that encode it accordingly. */
#define TYPE_FIELD(arguments, member, name) .section = "Types: guessed unless named here", .offset = offsetof(arguments, member.name)
#define TYPE_OPTIONS(arguments, member)                                                                                              \
      {"continuous", 0, OPTION_LIST, "LIST", TYPE_FIELD(arguments, member, types[EMEND_TYPE_CONTINUOUS]), .scope = OPTION_MEMBERS,                        \
       .help = "Variables that may receive any number, also where only whole numbers were observed."},                               \
      {"integer", 0, OPTION_LIST, "LIST", TYPE_FIELD(arguments, member, types[EMEND_TYPE_INTEGER]), .scope = OPTION_MEMBERS,                              \
       .help = "Variables that are counts or other whole numbers. "},       \
      {"ordinal", 0, OPTION_LIST, "LIST", TYPE_FIELD(arguments, member, types[EMEND_TYPE_ORDINAL]), .scope = OPTION_MEMBERS,                              \
       .help = "Variables whose codes, or texts, are steps of a scale."},                                                                       \
      {"order", 0, OPTION_LIST, "LIST", TYPE_FIELD(arguments, member, orders), .scope = OPTION_OF_VARIABLE,                                                  \
       .help = "The order of texts, from the lowest on, which makes them ordinal: \"income=Low,Medium,High; q*=`No, never`,Yes\". Of others it is "     \
               "found where their texts show it (18-24, 25-34, 65+; never, sometimes, always)."},                                    \
      {"binary", 0, OPTION_LIST, "LIST", TYPE_FIELD(arguments, member, types[EMEND_TYPE_BINARY]), .scope = OPTION_MEMBERS,                                \
       .help = "Variables with two values."},                                                                                        \
      {"nominal", 0, OPTION_LIST, "LIST", TYPE_FIELD(arguments, member, types[EMEND_TYPE_NOMINAL]), .scope = OPTION_MEMBERS,                              \
       .help = "Variables whose codes, or texts, have no order."},                                                                                   \
      {"transform", 0, OPTION_LIST, "LIST", TYPE_FIELD(arguments, member, transforms), .scope = OPTION_OF_VARIABLE,                                               \
       .help = "Transforms in which numbers enter the model: \"income=log; x*=auto\". log, log1p, sqrt, logit, yeo-johnson, "        \
               "normal-scores, none; auto chooses by skewness. emend impute does so for clearly skewed numbers that are not named here; \"none\" alone: for none of them."},                                                                          \
      {"bounds", 0, OPTION_LIST, "LIST", TYPE_FIELD(arguments, member, bounds), .scope = OPTION_OF_VARIABLE,                                                      \
       .help = "Bounds that imputed numbers and dates keep: \"share=0:1; income=0:; born=1900-01-01:; x*=observed\". "  \
               "Without: not below 0 where no answer is, not above 0 where none is, no percentage above 100."},                      \
      {"semicontinuous", 0, OPTION_LIST, "LIST", TYPE_FIELD(arguments, member, semicontinuous), .scope = OPTION_MEMBERS,                                      \
       .help = "Numbers many of which are one value, such as no income: modelled as whether, and how much. With every --method but expectation, "  \
               "which lies between, that is done where it shows; \"none\": not unasked."},  \
      {"by", 0, OPTION_TEXT, "NAME", TYPE_FIELD(arguments, member, by),                                                              \
       .help = "A model for each group that this variable tells; small groups borrow from the pooled one."}

#endif
