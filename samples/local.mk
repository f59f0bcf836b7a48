# SPDX-License-Identifier: GPL-3.0-or-later
EXTRA_DIST += samples/README.md samples/gss2014_usermissing.sav samples/penguins.csv samples/penguins.dta
