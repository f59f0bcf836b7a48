# SPDX-License-Identifier: GPL-3.0-or-later
# mclust's EM for VVV on one complete table, from the start that bench/mixture wrote: mclust.R INPUT.csv START.csv
suppressMessages(library(mclust))
words <- commandArgs(TRUE)
table <- as.matrix(read.csv(words[1]))
start <- as.matrix(read.csv(words[2], header = FALSE))
k <- nrow(start) - 1
sigma <- array(diag(start[k + 1, ]), c(ncol(table), ncol(table), k))
parameters <- list(pro = rep(1 / k, k), mean = t(start[1:k, ]),
                   variance = list(modelName = "VVV", d = ncol(table), G = k, sigma = sigma,
                                   cholsigma = array(apply(sigma, 3, chol), dim(sigma))))
least <- Inf
for (i in 1:3) least <- min(least, sum(system.time(fit <- em(modelName = "VVV", data = table, parameters = parameters))[1:2]))
cat(sprintf("mclust %s: %.1f ms, %d iterations, log-likelihood %.6f\n", packageVersion("mclust"), 1e3 * least, attr(fit, "info")[["iterations"]], fit$loglik))
