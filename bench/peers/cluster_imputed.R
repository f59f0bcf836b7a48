# SPDX-License-Identifier: GPL-3.0-or-later
# mclust the way it has to be done: impute first, cluster after.
#   Rscript cluster_imputed.R versions
#   Rscript cluster_imputed.R INPUT.csv CLUSTERS OUTPUT.csv
# INPUT's first column is the truth, which is not looked at. OUTPUT has a column of clusters for each way of imputing. VVV throughout.
suppressPackageStartupMessages({library(mclust); library(mice)})
words <- commandArgs(TRUE)
if (words[1] == "versions") {
  cat("mclust", as.character(packageVersion("mclust")), "with mice", as.character(packageVersion("mice")), "\n")
} else {
  table <- read.csv(words[1])[, -1]
  k <- as.integer(words[2])
  clusters <- function(x) Mclust(x, G = k, modelNames = "VVV", verbose = FALSE)$classification
  set.seed(1)
  means <- as.data.frame(lapply(table, function(x) ifelse(is.na(x), mean(x, na.rm = TRUE), x)))
  found <- list(clusters(complete(mice(table, m = 1, method = "norm", printFlag = FALSE))), clusters(means))
  found <- lapply(found, function(x) if (is.null(x)) rep(1, nrow(table)) else x)
  names(found) <- c("mice", "means")
  write.csv(found, words[3], row.names = FALSE)
}
