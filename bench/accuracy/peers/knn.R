# SPDX-License-Identifier: GPL-3.0-or-later
# VIM's kNN with its defaults: five neighbours, Gower's distance. It has one answer, which stands for the single draw too.
source(file.path(dirname(sub("^--file=", "", grep("^--file=", commandArgs(), value = TRUE))), "common.R"))
suppressPackageStartupMessages(library(VIM))
main("VIM", function(table, m) {
  mixed <- if (length(table$spikes)) table$spikes else vector()
  point <- kNN(table$x, mixed = mixed, imp_var = FALSE)
  list(point = point, draws = list(point))
})
