/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CLI_MIXING_H
#define CLI_MIXING_H

#include "cli/option.h"
#include "emend/emend.h"

/* The options that say which mixtures are tried, the same for every command that fits them. */
typedef struct mixing_arguments {
  const char *components; /* "3", "1:9"; NULL: not given */
  option_list covariance;
  int select; /* index into mixing_criteria */
  int64_t starts;
} mixing_arguments;

extern const char *const mixing_criteria[]; /* by emend_criterion; NULL-terminated */

/* How EM runs, which commands declare for themselves. */
typedef struct mixing_control {
  double ridge, tolerance; /* ridge NaN: not given */
  int64_t max_iterations, threads, seed;
} mixing_control;

/* The library's options from them. The caller frees *made, which is NULL on failure; what is wrong with the words is said in `message`. */
emend_status mixing_options(const mixing_arguments *arguments, const mixing_control *control, emend_mixture_options **made,
                            emend_error *error, option_message message);

/* Their rows in a command's table, whose arguments have the field `mixing_arguments member`. */
#define MIXING_FIELD(arguments, member, name) .section = "Mixture", .offset = offsetof(arguments, member.name)
#define MIXING_OPTIONS(arguments, member)                                                                                               \
  {"components", 'k', OPTION_TEXT, "K", MIXING_FIELD(arguments, member, components),                                                    \
   .help = "Normals in the mixture: 3, or a range 1:9 of which --select takes the best."},                                              \
      {"covariance", 0, OPTION_LIST, "LIST", MIXING_FIELD(arguments, member, covariance),                                               \
       .help = "Covariance structures to try, of which --select takes the best: EII VII EEI VEI EVI VVI EEE VVV (as in mclust), "       \
               "spherical, diagonal, tied, full, or all. Without it, full (VVV)."},                                                     \
      {"select", 0, OPTION_CHOICE, "CRITERION", MIXING_FIELD(arguments, member, select), .choices = mixing_criteria, .initial = "bic",  \
       .help = "What chooses; smaller is better."},                                                                                     \
      {"starts", 0, OPTION_INTEGER, "N", MIXING_FIELD(arguments, member, starts), .initial = "20", .minimum = 1, .maximum = 100000,     \
       .help = "Starts from which EM is run a little; the best goes on to convergence."}

#endif
