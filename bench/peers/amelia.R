# SPDX-License-Identifier: GPL-3.0-or-later
# Amelia II on one table.
#   Rscript amelia.R versions
#   Rscript amelia.R estimate RAW ROWS COLUMNS TOLERANCE ANSWER    one line of JSON; RAW: doubles by columns (generate_table TABLE raw)
#   Rscript amelia.R call RAW ROWS COLUMNS TOLERANCE               one line of JSON
#   Rscript amelia.R impute INPUT.csv OUTPUT.csv                   one imputation, bootstrap and draws as they come
suppressPackageStartupMessages(library(Amelia))
arguments <- commandArgs(trailingOnly = TRUE)

read_raw <- function(path, rows, columns)
  matrix(readBin(path, "double", rows * columns), rows, columns, dimnames = list(NULL, paste0("x", seq_len(columns))))

# What amelia(x, m = 1, boot.type = "none") does until EM has its answer: transform, scale and sort; then EM. Its bootstrap, which would
# estimate from other rows, and its draws are left out.
estimate <- function(x, tolerance) {
  begun <- proc.time()
  prepared <- Amelia:::amelia.prep(x = x, m = 1, p2s = 0, tolerance = tolerance, boot.type = "none", emburn = c(0, 0), max.resample = 100)
  stacked <- Amelia:::amstack(prepared$x, colorder = FALSE, prepared$priors)
  between <- proc.time()
  em <- Amelia:::emarch(stacked$x, p2s = 0, tolerance = tolerance, priors = stacked$priors, empri = prepared$empri,
                        autopri = prepared$autopri)
  ended <- proc.time()
  back <- order(prepared$p.order)
  scale <- prepared$scaled.sd
  list(setup = between - begun, em = ended - between, iterations = nrow(em$iter.hist),
       mean = em$thetanew[-1, 1][back] * scale + prepared$scaled.mu,
       covariance = em$thetanew[-1, -1][back, back] * outer(scale, scale))
}

write_answer <- function(path, mean, covariance) {
  digits <- function(x) paste(formatC(x, digits = 17, format = "g"), collapse = " ")
  writeLines(c(length(mean), digits(mean), apply(covariance, 1, digits)), path)
}

processor <- function(times) unname(times[1] + times[2])
if (arguments[1] == "versions") {
  cat("Amelia", as.character(packageVersion("Amelia")), "with", R.version.string, "\n")
} else if (arguments[1] == "estimate") {
  x <- read_raw(arguments[2], as.integer(arguments[3]), as.integer(arguments[4]))
  e <- estimate(x, as.numeric(arguments[5]))
  write_answer(arguments[6], e$mean, e$covariance)
  cat(sprintf('{"setup": %.6g, "em": %.6g, "wall": %.6g, "processor": %.6g, "em_processor": %.6g, "iterations": %d}\n', e$setup[3], e$em[3],
              e$setup[3] + e$em[3], processor(e$setup) + processor(e$em), processor(e$em), e$iterations))
} else if (arguments[1] == "call") {
  x <- read_raw(arguments[2], as.integer(arguments[3]), as.integer(arguments[4]))
  set.seed(1)
  times <- system.time(amelia(x, m = 1, p2s = 0, tolerance = as.numeric(arguments[5]), boot.type = "none"))
  cat(sprintf('{"wall": %.6g, "processor": %.6g}\n', times[3], processor(times)))
} else {
  set.seed(1)
  completed <- amelia(read.csv(arguments[2]), m = 1, p2s = 0)
  write.csv(completed$imputations[[1]], arguments[3], row.names = FALSE, quote = FALSE)
}
