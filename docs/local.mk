# SPDX-License-Identifier: GPL-3.0-or-later
EXTRA_DIST += docs/architecture.md docs/formats.md docs/json.md docs/methods.md docs/notation.md docs/traps.md docs/recipes.md
