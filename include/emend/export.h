/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef EMEND_EXPORT_H
#define EMEND_EXPORT_H

/* Marks the functions that the shared library exports; everything else is hidden. */
#if defined(__GNUC__)
#define EMEND_API __attribute__((visibility("default")))
#else
#define EMEND_API
#endif

#ifdef __cplusplus
#define EMEND_BEGIN extern "C" {
#define EMEND_END }
#else
#define EMEND_BEGIN
#define EMEND_END
#endif

#endif
