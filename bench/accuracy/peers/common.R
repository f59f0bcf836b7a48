# SPDX-License-Identifier: GPL-3.0-or-later
# What the peers in R share.
#   Rscript PEER.R versions
#   Rscript PEER.R JOBS    lines: DESCRIPTION INPUT.csv OUTPUT M SEED
# DESCRIPTION has a line per variable: name, kind, spike (0 or 1), codes. Writes OUTPUT.point.csv and OUTPUT.1.csv to OUTPUT.M.csv, as far as the peer has
# them, and says "done" and the seconds of processor time, or "failed" and why, a line per job.
read_table <- function(description, input) {
  about <- read.table(description, sep = "\t", col.names = c("name", "kind", "spike", "codes"), colClasses = c("character", "character", "integer", "character"))
  x <- read.csv(input, na.strings = "")
  for (j in seq_along(x)) {
    codes <- as.numeric(strsplit(about$codes[j], " ")[[1]])
    if (about$kind[j] %in% c("binary", "nominal")) x[[j]] <- factor(x[[j]], codes)
    if (about$kind[j] == "ordinal") x[[j]] <- factor(x[[j]], codes, ordered = TRUE)
  }
  list(x = x, kinds = about$kind, spikes = about$name[about$spike == 1])
}

write_table <- function(x, path) {
  codes <- lapply(x, function(column) if (is.factor(column)) as.numeric(as.character(column)) else as.numeric(column))
  write.csv(as.data.frame(codes), path, row.names = FALSE, quote = FALSE, na = "")
}

# impute(table, m) gives a list: `point`, a data frame or NULL, and `draws`, a list of data frames.
main <- function(package, impute) {
  words <- commandArgs(trailingOnly = TRUE)
  if (words[1] == "versions") {
    cat(package, as.character(packageVersion(package)), "with", R.version.string, "\n")
    return(invisible())
  }
  for (line in readLines(words[1])) {
    job <- strsplit(line, "\t")[[1]]
    begun <- proc.time()
    outcome <- tryCatch({
      table <- read_table(job[1], job[2])
      set.seed(as.integer(job[5]))
      utils::capture.output(answer <- suppressWarnings(suppressMessages(impute(table, as.integer(job[4])))))
      if (!is.null(answer$point)) write_table(answer$point, paste0(job[3], ".point.csv"))
      for (i in seq_along(answer$draws)) write_table(answer$draws[[i]], paste0(job[3], ".", i, ".csv"))
      paste("done", sum((proc.time() - begun)[1:2]))
    }, error = function(e) paste("failed", gsub("[\r\n\t]+", " ", conditionMessage(e))))
    cat(outcome, "\n", sep = "")
    flush(stdout())
  }
}
