# SPDX-License-Identifier: GPL-3.0-or-later
# mice on one table: one imputation, five sweeps of Bayesian regressions.
#   Rscript mice.R versions
#   Rscript mice.R impute INPUT.csv OUTPUT.csv
suppressPackageStartupMessages(library(mice))
arguments <- commandArgs(trailingOnly = TRUE)
if (arguments[1] == "versions") {
  cat("mice", as.character(packageVersion("mice")), "with", R.version.string, "\n")
} else {
  chain <- mice(read.csv(arguments[2]), m = 1, maxit = 5, method = "norm", seed = 1, printFlag = FALSE)
  write.csv(complete(chain), arguments[3], row.names = FALSE, quote = FALSE)
}
