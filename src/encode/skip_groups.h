/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef ENCODE_SKIP_GROUPS_H
#define ENCODE_SKIP_GROUPS_H

#include "encode/plan.h"

/*
 * Questions that were never asked in some groups (--by): nobody there answered, of five rows or more, and somebody elsewhere did. What is
 * not known of anybody there is not filled: `found`, conditions that emend_skips_find made, becomes such that it is asked only in the other
 * groups, and in rows without a group. `asked` as there. Variables that have a condition or formula by wish are passed over; all are, where
 * the variable of --by hangs on a condition itself.
 */
emend_status emend_skips_find_groups(const emend_plan *plan, const unsigned char *asked, emend_said_list *found, emend_error *error);

#endif
