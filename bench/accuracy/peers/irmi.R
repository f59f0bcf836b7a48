# SPDX-License-Identifier: GPL-3.0-or-later
# VIM's irmi: its answer without noise, and one imputation with noise, as it comes. Semi-continuous variables are named to it. Where it fails with ordered
# factors it gets them without their order.
source(file.path(dirname(sub("^--file=", "", grep("^--file=", commandArgs(), value = TRUE))), "common.R"))
suppressPackageStartupMessages(library(VIM))
main("VIM", function(table, m) {
  mixed <- if (length(table$spikes)) table$spikes
  run <- function(x) list(point = irmi(x, mixed = mixed, noise = FALSE, imp_var = FALSE), draws = list(irmi(x, mixed = mixed, imp_var = FALSE)))
  unordered <- function(x) as.data.frame(lapply(x, function(column) if (is.ordered(column)) factor(column, ordered = FALSE) else column))
  tryCatch(run(table$x), error = function(e) run(unordered(table$x)))
})
