# SPDX-License-Identifier: GPL-3.0-or-later
# mclust's EM for VVV on one complete table, from the start that bench/mixture wrote.
#   Rscript mclust.R versions
#   Rscript mclust.R INPUT.csv START.csv TOLERANCE
suppressPackageStartupMessages(library(mclust))
words <- commandArgs(TRUE)
if (words[1] == "versions") {
  cat("mclust", as.character(packageVersion("mclust")), "\n")
} else {
  table <- as.matrix(read.csv(words[1]))
  start <- as.matrix(read.csv(words[2], header = FALSE))
  k <- nrow(start) - 1
  sigma <- array(diag(start[k + 1, ]), c(ncol(table), ncol(table), k))
  parameters <- list(pro = rep(1 / k, k), mean = t(start[1:k, ]),
                     variance = list(modelName = "VVV", d = ncol(table), G = k, sigma = sigma,
                                     cholsigma = array(apply(sigma, 3, chol), dim(sigma))))
  control <- emControl(tol = as.numeric(words[3]))
  times <- sapply(1:3, function(i) sum(system.time(fit <<- em(modelName = "VVV", data = table, parameters = parameters, control = control))[1:2]))
  cat(sprintf("{\"processor\": [%s], \"iterations\": %d, \"log_likelihood\": %.17g}\n", paste(times, collapse = ", "),
              attr(fit, "info")[["iterations"]], fit$loglik))
}
