# SPDX-License-Identifier: GPL-3.0-or-later
# mice with its defaults, m imputations: pmm, logreg, polyreg, polr by type; five sweeps.
source(file.path(dirname(sub("^--file=", "", grep("^--file=", commandArgs(), value = TRUE))), "common.R"))
suppressPackageStartupMessages(library(mice))
main("mice", function(table, m) {
  chain <- mice(table$x, m = m, printFlag = FALSE)
  list(draws = lapply(seq_len(m), function(i) complete(chain, i)))
})
