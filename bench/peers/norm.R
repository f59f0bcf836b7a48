# SPDX-License-Identifier: GPL-3.0-or-later
# Schafer's norm (Fortran) on one table; not in Debian 12: install.packages("norm").
#   Rscript norm.R versions
#   Rscript norm.R estimate RAW ROWS COLUMNS TOLERANCE ANSWER      one line of JSON; RAW: doubles by columns (generate_table TABLE raw)
suppressPackageStartupMessages(library(norm))
arguments <- commandArgs(trailingOnly = TRUE)

write_answer <- function(path, mean, covariance) {
  digits <- function(x) paste(formatC(x, digits = 17, format = "g"), collapse = " ")
  writeLines(c(length(mean), digits(mean), apply(covariance, 1, digits)), path)
}

processor <- function(times) unname(times[1] + times[2])
if (arguments[1] == "versions") {
  cat("norm", as.character(packageVersion("norm")), "with", R.version.string, "\n")
} else {
  rows <- as.integer(arguments[3])
  x <- matrix(readBin(arguments[2], "double", rows * as.integer(arguments[4])), rows)
  begun <- proc.time()
  s <- prelim.norm(x)
  between <- proc.time()
  shown <- capture.output(theta <- em.norm(s, criterion = as.numeric(arguments[5])))
  ended <- proc.time()
  parameters <- getparam.norm(s, theta)
  write_answer(arguments[6], parameters$mu, parameters$sigma)
  setup <- between - begun
  em <- ended - between
  cat(sprintf('{"setup": %.6g, "em": %.6g, "wall": %.6g, "processor": %.6g, "em_processor": %.6g, "iterations": %d}\n', setup[3], em[3],
              setup[3] + em[3], processor(setup) + processor(em), processor(em), sum(grepl("...", unlist(strsplit(shown, " ")), fixed = TRUE))))
}
