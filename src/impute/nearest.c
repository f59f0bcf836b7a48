/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "impute/nearest.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/bits.h"
#include "base/memory.h"
#include "base/sort.h"

/* Groups stand in the order of their only coordinate; of several coordinates they make a tree: the middle of a range of groups divides it
 * by the coordinate in which the range is widest, and its halves are ranges like it. */
struct emend_nearest {
  size_t n, q, n_groups;
  uint32_t *donors;        /* group after group, in their given order within each */
  uint32_t *first, *count; /* of a group, among `donors` */
  int32_t *points;         /* groups x q */
  unsigned char *divides;  /* of a group in the middle of a range: the coordinate */
};

enum { LEAF = 8 };

void emend_nearest_free(emend_nearest *nearest) {
  if (!nearest)
    return;
  free(nearest->donors), free(nearest->first), free(nearest->count), free(nearest->points), free(nearest->divides);
  free(nearest);
}

/* A number that stands for a point: equal points have equal ones; of one coordinate in its order. */
static uint64_t key_of(const int32_t *point, size_t q) {
  uint64_t key = 0;
  if (q == 1)
    return (uint32_t)*point ^ UINT32_C(0x80000000);
  for (size_t k = 0; k < q; k++)
    key = emend_bits_mix(key ^ (uint32_t)point[k]);
  return key;
}

static emend_status sort_donors(emend_nearest *nearest, const int32_t *points) {
  size_t n = nearest->n, q = nearest->q;
  emend_sort_item *items = emend_allocate(n, 2 * sizeof *items);
  if (!items)
    return EMEND_OUT_OF_MEMORY;
  for (size_t i = 0; i < n; i++)
    items[i] = (emend_sort_item){.key = key_of(points + i * q, q), .index = (uint32_t)i};
  const emend_sort_item *sorted = emend_sort_items(items, items + n, n);
  for (size_t i = 0; i < n; i++)
    nearest->donors[i] = sorted[i].index;
  free(items);
  return EMEND_OK;
}

static void find_groups(emend_nearest *nearest, const int32_t *points) {
  size_t q = nearest->q;
  for (size_t i = 0; i < nearest->n; i++) {
    const int32_t *point = points + nearest->donors[i] * q;
    size_t last = nearest->n_groups - 1;
    if (i == 0 || (q > 0 && memcmp(point, nearest->points + last * q, q * sizeof *point) != 0)) {
      last = nearest->n_groups++;
      nearest->first[last] = (uint32_t)i;
      if (q > 0)
        memcpy(nearest->points + last * q, point, q * sizeof *point);
    }
    nearest->count[last]++;
  }
}

/* The tree in the making: groups' numbers, in the order of the tree. */
typedef struct planting {
  const emend_nearest *nearest;
  uint32_t *groups;
  unsigned char *divides;
} planting;

static bool is_less(const planting *t, uint32_t a, uint32_t b, size_t coordinate) {
  int32_t x = t->nearest->points[a * t->nearest->q + coordinate], y = t->nearest->points[b * t->nearest->q + coordinate];
  return x != y ? x < y : a < b;
}

/* Puts the group that is at `middle` in the order of a coordinate there, those before it before it (Hoare's quickselect). */
static void select_middle(planting *t, size_t first, size_t last, size_t middle, size_t coordinate) {
  ptrdiff_t lo = (ptrdiff_t)first, hi = (ptrdiff_t)last - 1, at = (ptrdiff_t)middle;
  while (lo < hi) {
    ptrdiff_t i = lo, j = hi;
    uint32_t pivot = t->groups[lo + (hi - lo) / 2];
    while (i <= j) {
      while (is_less(t, t->groups[i], pivot, coordinate))
        i++;
      while (is_less(t, pivot, t->groups[j], coordinate))
        j--;
      if (i > j)
        break;
      uint32_t other = t->groups[i];
      t->groups[i++] = t->groups[j], t->groups[j--] = other;
    }
    if (at <= j)
      hi = j;
    else if (at >= i)
      lo = i;
    else
      return;
  }
}

static size_t widest(const planting *t, size_t first, size_t last) {
  size_t q = t->nearest->q, best = 0;
  int64_t most = -1;
  for (size_t k = 0; k < q; k++) {
    int32_t lo = INT32_MAX, hi = INT32_MIN;
    for (size_t i = first; i < last; i++) {
      int32_t x = t->nearest->points[t->groups[i] * q + k];
      lo = x < lo ? x : lo, hi = x > hi ? x : hi;
    }
    if ((int64_t)hi - lo > most)
      most = (int64_t)hi - lo, best = k;
  }
  return best;
}

static void divide(planting *t, size_t first, size_t last) {
  if (last - first <= LEAF)
    return;
  size_t middle = first + (last - first) / 2, coordinate = widest(t, first, last);
  select_middle(t, first, last, middle, coordinate);
  t->divides[middle] = (unsigned char)coordinate;
  divide(t, first, middle);
  divide(t, middle + 1, last);
}

static emend_status plant(emend_nearest *nearest) {
  size_t n = nearest->n_groups, q = nearest->q;
  planting t = {.nearest = nearest, .groups = emend_allocate(n, sizeof *t.groups), .divides = nearest->divides};
  int32_t *points = emend_allocate(n * q, sizeof *points);
  uint32_t *first = emend_allocate(n, sizeof *first), *count = emend_allocate(n, sizeof *count);
  if (!t.groups || !points || !first || !count) {
    free(t.groups), free(points), free(first), free(count);
    return EMEND_OUT_OF_MEMORY;
  }
  for (size_t g = 0; g < n; g++)
    t.groups[g] = (uint32_t)g;
  divide(&t, 0, n);
  for (size_t g = 0; g < n; g++) {
    memcpy(points + g * q, nearest->points + t.groups[g] * q, q * sizeof *points);
    first[g] = nearest->first[t.groups[g]], count[g] = nearest->count[t.groups[g]];
  }
  free(nearest->points), free(nearest->first), free(nearest->count), free(t.groups);
  nearest->points = points, nearest->first = first, nearest->count = count;
  return EMEND_OK;
}

emend_status emend_nearest_new(size_t n, size_t q, const int32_t *points, emend_nearest **nearest, emend_error *error) {
  emend_nearest *made = emend_allocate(1, sizeof *made);
  *nearest = NULL;
  if (!made)
    return emend_fail_memory(error);
  made->n = n, made->q = q;
  made->donors = emend_allocate(n, sizeof *made->donors);
  made->first = emend_allocate(n, sizeof *made->first);
  made->count = emend_allocate(n, sizeof *made->count);
  made->points = emend_allocate(n * q, sizeof *made->points);
  made->divides = emend_allocate(q > 1 ? n : 0, 1);
  bool ok = made->donors && made->first && made->count && made->points && made->divides && !sort_donors(made, points);
  if (ok)
    find_groups(made, points);
  if (!ok || (q > 1 && plant(made))) {
    emend_nearest_free(made);
    return emend_fail_memory(error);
  }
  *nearest = made;
  return EMEND_OK;
}

/* Places among the d nearest are given out to groups, the nearest first; the chance number tells one of them. */
typedef struct giving {
  double place; /* wanted: u d */
  size_t given, d;
} giving;

/* Gives a group of `count` as many of the places as are left for it. False: the place wanted is not one of them; true: *at is the donor. */
static bool give(giving *g, size_t count, size_t *at) {
  size_t left = g->d - g->given, own = count < left ? count : left;
  if (g->place >= (double)(g->given + own) && own < left) {
    g->given += own;
    return false;
  }
  double share = (g->place - (double)g->given) / (double)own * (double)count;
  *at = share < (double)count ? (size_t)share : count - 1;
  return true;
}

static size_t choose_on_line(const emend_nearest *nearest, int64_t wanted, giving places) {
  size_t lo = 0, hi = nearest->n_groups, at = 0;
  while (lo < hi) {
    size_t middle = lo + (hi - lo) / 2;
    if (nearest->points[middle] < wanted)
      lo = middle + 1;
    else
      hi = middle;
  }
  for (size_t left = lo, right = lo;;) { /* groups before `left` and from `right` on are to come; equally far ones come together */
    int64_t before = left > 0 ? wanted - nearest->points[left - 1] : INT64_MAX;
    int64_t after = right < nearest->n_groups ? nearest->points[right] - wanted : INT64_MAX;
    size_t n_before = before <= after ? nearest->count[left - 1] : 0, n_after = after <= before ? nearest->count[right] : 0;
    if (give(&places, n_before + n_after, &at))
      return at < n_before ? nearest->donors[nearest->first[left - 1] + at] : nearest->donors[nearest->first[right] + at - n_before];
    left -= n_before > 0, right += n_after > 0;
  }
}

/* The groups found so far, nearest first: no more than hold d donors. */
typedef struct search {
  const emend_nearest *nearest;
  const int32_t *wanted;
  size_t d, n, donors;
  struct {
    double distance;
    uint32_t group;
  } found[EMEND_MOST_DONORS + 1];
} search;

static double bound(const search *s) { return s->donors >= s->d ? s->found[s->n - 1].distance : INFINITY; }

static void consider(search *s, size_t group) {
  const emend_nearest *nearest = s->nearest;
  double distance = 0;
  for (size_t k = 0; k < nearest->q; k++) {
    double difference = (double)nearest->points[group * nearest->q + k] - s->wanted[k];
    distance += difference * difference;
  }
  if (!(distance < bound(s)))
    return;
  size_t at = s->n++;
  for (; at > 0 && s->found[at - 1].distance > distance; at--)
    s->found[at] = s->found[at - 1];
  s->found[at].distance = distance, s->found[at].group = (uint32_t)group;
  s->donors += nearest->count[group];
  while (s->donors - nearest->count[s->found[s->n - 1].group] >= s->d)
    s->donors -= nearest->count[s->found[--s->n].group];
}

static void look(search *s, size_t first, size_t last) {
  if (last - first <= LEAF) {
    for (size_t g = first; g < last; g++)
      consider(s, g);
    return;
  }
  size_t middle = first + (last - first) / 2, k = s->nearest->divides[middle];
  double beyond = (double)s->wanted[k] - s->nearest->points[middle * s->nearest->q + k];
  if (beyond < 0)
    look(s, first, middle);
  else
    look(s, middle + 1, last);
  consider(s, middle);
  if (!(beyond * beyond < bound(s)))
    return;
  if (beyond < 0)
    look(s, middle + 1, last);
  else
    look(s, first, middle);
}

static size_t choose_in_space(const emend_nearest *nearest, const int32_t *wanted, giving places) {
  search s; /* its list is long, and not cleared */
  size_t at = 0, group = 0;
  s.nearest = nearest, s.wanted = wanted, s.d = places.d, s.n = s.donors = 0;
  look(&s, 0, nearest->n_groups);
  while (!give(&places, nearest->count[s.found[group].group], &at))
    group++;
  return nearest->donors[nearest->first[s.found[group].group] + at];
}

size_t emend_nearest_choose(const emend_nearest *nearest, const int32_t *wanted, size_t d, double u) {
  giving places = {.d = d < nearest->n ? d : nearest->n};
  places.place = u * (double)places.d;
  if (nearest->q > 1)
    return choose_in_space(nearest, wanted, places);
  if (nearest->q == 1)
    return choose_on_line(nearest, *wanted, places);
  size_t at = 0;
  give(&places, nearest->n, &at);
  return nearest->donors[at];
}
