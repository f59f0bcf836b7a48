# SPDX-License-Identifier: GPL-3.0-or-later
# What the benches compute; not what they measure.
dist_check_SCRIPTS += tests/bench/accuracy.sh
TESTS += tests/bench/accuracy.sh
