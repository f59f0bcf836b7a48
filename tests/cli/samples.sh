#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# The example programs of samples/ run, and say what they should. Run in the build folder.
set -eu
got=$(./samples/cluster)
expect() {
  case $got in *"$1"*) ;; *) printf 'samples/cluster does not say: %s\n%s\n' "$1" "$got"; exit 1 ;; esac
}
expect 'cluster 1: 50 % of the rows, height 175.1 (sd 7.3), weight 72.0 (sd 4.9)'
expect 'cluster 2: 50 % of the rows, height 122.9 (sd 4.6), weight 24.3 (sd 2.7)'
expect 'log-likelihood -87.9911, BIC 200.9355'
expect 'height 119.0, weight 24.3: cluster 1 with probability 0.000'
expect 'height 149.0, weight 48.2: cluster 1 with probability 0.500'
expect 'drawn from cluster'
