/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TESTS_NORMAL_TABLES_H
#define TESTS_NORMAL_TABLES_H

#include <math.h>

/* Small published data sets, row by row; N is a hole. */
#define N NAN

enum { CHOLESTEROL_ROWS = 28, APPLE_ROWS = 18, HALD_ROWS = 13, EMPLOYEE_ROWS = 20, NHANES_ROWS = 25, MARIJUANA_ROWS = 9, FITNESS_ROWS = 31 };

/* Ryan and Joiner 1994; Schafer 1997, chapter 5: serum cholesterol 2, 4 and 14 days after a heart attack. */
static const double cholesterol[CHOLESTEROL_ROWS * 3] = {
    270, 218, 156, 236, 234, N,   210, 214, 242, 142, 116, N,   280, 200, N,   272, 276, 256, 160, 146, 142, 220, 182, 216, 226, 238, 248,
    242, 288, N,   186, 190, 168, 266, 236, 236, 206, 244, N,   318, 258, 200, 294, 240, 264, 282, 294, N,   234, 220, 264, 224, 200, N,
    276, 220, 188, 282, 186, 182, 360, 352, 294, 310, 202, 214, 280, 218, N,   278, 248, 198, 288, 278, N,   288, 248, 256, 244, 270, 280,
    236, 242, 204};

/* Little and Rubin 2002: crop size of apple trees (hundreds) and per cent of wormy fruit. */
static const double apple[APPLE_ROWS * 2] = {8,  59, 6,  58, 11, 56, 22, 53, 14, 50, 17, 45, 18, 43, 24, 42, 19, 39,
                                             23, 38, 26, 30, 40, 27, 4,  N,  4,  N,  5,  N,  6,  N,  8,  N,  10, N};

/* Draper and Smith 1968 (Hald), with the holes of Rubin 1976: x1 ... x5, monotone. */
static const double hald[HALD_ROWS * 5] = {
    7, 26, 6,  60, 78.5, 1, 29, 15, 52, 74.3, 11, 56, 8,  20, 104.3, 11, 31, 8, 47, 87.6,  7, 52, 6,  33, 95.9, 11, 55, 9, 22, 109.2, 3, 71, 17,
    N, 102.7, 1, 31, 22, N, 72.5, 2, 54, 18, N, 93.1, N, N, 4, N, 115.9, N, N, 23, N, 83.8, N, N, 9, N, 113.3, N, N, 8, N, 109.4};

/* Enders 2010: IQ, well-being, job performance. */
static const double employee[EMPLOYEE_ROWS * 3] = {78,  13, N,  84,  9,  N,  84,  10, N,  85,  10, N,  87,  N,  N,  91,  3,  N,  92,  12, N,
                                                   94,  3,  N,  94,  13, N,  96,  N,  N,  99,  6,  7,  105, 12, 10, 105, 14, 11, 106, 10, 15,
                                                   108, N,  10, 112, 10, 10, 113, 14, 12, 115, 14, 14, 118, 12, 16, 134, 11, 12};

/* Schafer 1997, table 6.14: age group, body mass index, hypertension, cholesterol. */
static const double nhanes[NHANES_ROWS * 4] = {
    1, N, N, N,   2, 22.7, 1, 187, 1, N, 1, 187, 3, N, N, N,   1, 20.4, 1, 113, 3, N, N, 184, 1, 22.5, 1, 118, 1, 30.1, 1, 187, 2, 22, 1, 238,
    2, N, N, N,   1, N, N, N,      2, N, N, N,   3, 21.7, 1, 206, 2, 28.7, 2, 204, 1, 29.6, 1, N,  1, N, N, N,      3, 27.2, 2, 284,
    2, 26.3, 2, 199, 1, 35.3, 1, 218, 3, 25.5, 2, N, 1, N, N, N, 1, 33.2, 1, 229, 1, 27.5, 1, 131, 3, 24.9, 1, N, 2, 27.4, 1, 186};

/* Weil, Zinberg and Nelson 1968; Schafer 1997, chapter 5: change of heart rate after placebo, low and high dose, at 15 and 90 minutes. */
static const double marijuana[MARIJUANA_ROWS * 6] = {16, 20, 16, 20,  -6, -4, 12, 24, 12, -6,  4,  -8, 8,  8,  26, -4,  4, 8, 20, 8,  N, N,  20, -4,
                                                     8,  4,  -8, N,   22, -8, 10, 20, 28, -20, -4, -4, 4,  28, 24, 12,  8, 18, -8, 20, 24, -3, 8,  -24,
                                                     N,  20, 24, 8,   12, N};

/* The Fitness1 data of the SAS/STAT manual (PROC MI): oxygen intake, run time, run pulse. */
static const double fitness[FITNESS_ROWS * 3] = {
    44.609, 11.37, 178, 45.313, 10.07, 185, 54.297, 8.65, 156, 59.571, N, N, 49.874, 9.22, N, 44.811, 11.63, 176, N, 11.95, 176, N, 10.85, N,
    39.442, 13.08, 174, 60.055, 8.63, 170, 50.541, N, N, 37.388, 14.03, 186, 44.754, 11.12, 176, 47.273, N, N, 51.855, 10.33, 166,
    49.156, 8.95, 180, 40.836, 10.95, 168, 46.672, 10.00, N, 46.774, 10.25, N, 50.388, 10.08, 168, 39.407, 12.63, 174, 46.080, 11.17, 156,
    45.441, 9.63, 164, N, 8.92, N, 45.118, 11.08, N, 39.203, 12.88, 168, 45.790, 10.47, 186, 50.545, 9.93, 148, 48.673, 9.40, 186,
    47.920, 11.50, 170, 47.467, 10.50, 170};

#undef N

#endif
