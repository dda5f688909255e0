/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/memory.h"
#include "data/dataset_data.h"

#include <stdlib.h>

int64_t *eipnn_dataset_groups(const eipnn_dataset *dataset)
{
  return dataset->group;
}

eipnn_status eipnn_dataset_add_groups(eipnn_dataset *dataset, int64_t **group)
{
  *group = NULL;
  if (!dataset->group) {
    dataset->group = eipnn_calloc(dataset->config_capacity, sizeof *dataset->group);
    if (!dataset->group) return eipnn_error(EIPNN_ERROR_MEMORY, "no memory for groups");
    for (size_t i = 0; i < dataset->count; i++) dataset->group[i] = -1;
  }
  *group = dataset->group;
  return EIPNN_OK;
}

/* A configuration with its group, for sorting. */
typedef struct member {
  int64_t group;
  size_t index;
} member;

static int compare(const void *a, const void *b)
{
  const member *one = a, *other = b;
  if (one->group != other->group) return one->group < other->group ? -1 : 1;
  return (one->index > other->index) - (one->index < other->index);
}

eipnn_status eipnn_sort_by_group(const eipnn_dataset *dataset, size_t *index, size_t count)
{
  member *members = eipnn_calloc(count, sizeof *members);
  if (!members) return eipnn_error(EIPNN_ERROR_MEMORY, "no memory to sort %zu groups", count);
  for (size_t i = 0; i < count; i++) members[i] = (member){dataset->group[index[i]], index[i]};
  qsort(members, count, sizeof *members, compare);
  for (size_t i = 0; i < count; i++) index[i] = members[i].index;
  free(members);
  return EIPNN_OK;
}

static int compare_groups(const void *a, const void *b)
{
  const int64_t *one = a, *other = b;
  return (*one > *other) - (*one < *other);
}

size_t eipnn_dataset_group_count(const eipnn_dataset *dataset)
{
  size_t n = dataset->count, count = 0;
  int64_t *sorted = dataset->group ? eipnn_calloc(n, sizeof *sorted) : NULL;
  if (!sorted) return 0;
  for (size_t i = 0; i < n; i++) sorted[i] = dataset->group[i];
  qsort(sorted, n, sizeof *sorted, compare_groups);
  for (size_t i = 0; i < n; i++) count += sorted[i] < 0 || i == 0 || sorted[i] != sorted[i - 1];
  free(sorted);
  return count;
}
