# SPDX-License-Identifier: GPL-3.0-or-later
# Amelia with its defaults, m imputations; factors as noms, ordered ones as ords. Where that fails it gets the ridge that its manual recommends then
# (empri of one per cent of the rows).
source(file.path(dirname(sub("^--file=", "", grep("^--file=", commandArgs(), value = TRUE))), "common.R"))
suppressPackageStartupMessages(library(Amelia))
main("Amelia", function(table, m) {
  names_of <- function(kinds) names(table$x)[table$kinds %in% kinds]
  noms <- names_of(c("nominal", "binary"))
  ords <- names_of("ordinal")
  run <- function(empri) {
    completed <- amelia(table$x, m = m, p2s = 0, noms = if (length(noms)) noms, ords = if (length(ords)) ords, empri = empri)
    draws <- completed$imputations
    if (is.null(draws) || !all(vapply(draws, is.data.frame, TRUE))) stop(if (is.null(completed$message)) "no imputation" else completed$message)
    list(draws = draws)
  }
  tryCatch(run(NULL), error = function(e) run(0.01 * nrow(table$x)))
})
