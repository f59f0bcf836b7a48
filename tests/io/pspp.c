/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pspp.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "support/support.h"

bool pspp_there(void) { return system("pspp --version >/dev/null 2>&1") == 0; }

bool pspp_run(const char *syntax, const char *said) {
  char command[1024];
  const char *path = support_scratch("run.sps");
  support_write(path, syntax, strlen(syntax));
  snprintf(command, sizeof command, "cd '%.*s' && pspp -o %s run.sps >run.txt 2>&1", (int)(strrchr(path, '/') - path), path, said);
  return system(command) == 0;
}

static const char syntax[] =
    "DATA LIST LIST NOTABLE /id (F5.0) a (A5) longername (A12) inc (F8.2) q1 q2 (F1.0) d (DATE11) m1 m2 m3 (F1.0) vl (A758) w (F4.1).\n"
    "BEGIN DATA\n1 abc hello 10.5 1 2 01-JAN-2020 1 0 1 text 1.5\n2 xyz more 99 9 2 02-FEB-2021 0 1 1 more 2\nEND DATA.\n"
    "FILE LABEL 'Everything'.\nADD DOCUMENT 'First line' 'second é'.\n"
    "VARIABLE LABELS q1 'Question one'.\nVALUE LABELS q1 1 'Yes' 2 'No' /q2 1 'Ja' 2 'Nein'.\n"
    "MISSING VALUES inc (90 THRU HI, 1) longername ('hello').\n"
    "VARIABLE ALIGNMENT id (CENTER) a (RIGHT) inc (LEFT).\nVARIABLE WIDTH id (12) a (20).\n"
    "VARIABLE ROLE /TARGET inc /BOTH q1 /NONE q2 /PARTITION m1 /SPLIT m2 /INPUT id.\n"
    "PRINT FORMATS inc (DOLLAR10.2).\nWRITE FORMATS q1 (N3) d (ADATE10).\n"
    "DATAFILE ATTRIBUTE ATTRIBUTE=Source('Survey office') Wave[1]('one') Wave[2]('two''s').\n"
    "VARIABLE ATTRIBUTE VARIABLES=inc ATTRIBUTE=Unit('EUR') /VARIABLES=q1 longername ATTRIBUTE=Text('How \"are\" (you)/?').\n"
    "MRSETS /MDGROUP NAME=$media LABEL='Media used' CATEGORYLABELS=VARLABELS VARIABLES=m1 m2 m3 VALUE=1\n"
    "  /MCGROUP NAME=$answers LABEL='Answers given' VARIABLES=q1 q2\n"
    "  /MDGROUP NAME=$ext CATEGORYLABELS=COUNTEDVALUES LABELSOURCE=VARLABEL VARIABLES=q1 q2 VALUE=2.\n"
    "WEIGHT BY w.\nSAVE OUTFILE='plain.sav' /UNCOMPRESSED.\nSAVE OUTFILE='rows.sav' /COMPRESSED.\nSAVE OUTFILE='blocks.zsav' /ZCOMPRESSED.\n";

bool pspp_make_rich(void) { return pspp_there() && pspp_run(syntax, "said.txt"); }
