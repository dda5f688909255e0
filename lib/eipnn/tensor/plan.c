/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tensor/plan.h"

#include "base/memory.h"

#include <stdlib.h>
#include <string.h>

size_t eipnn_plan_rows(const eipnn_plan *plan, int rows)
{
  return rows > 0 ? (size_t)rows : plan->extents.rows[-rows];
}

static size_t bytes_of(const eipnn_plan *plan, const eipnn_node *node)
{
  return eipnn_plan_rows(plan, node->rows) * (size_t)node->cols * plan->real;
}

static void mark_needed(eipnn_plan *plan, const eipnn_graph *graph, int noutputs,
                        const eipnn_tensor *outputs)
{
  for (int m = 0; m < noutputs; m++)
    if (outputs[m] != EIPNN_NO_TENSOR)
      plan->tensor[outputs[m]].needed = plan->tensor[outputs[m]].output = 1;
  for (int n = plan->size - 1; n >= 0; n--) {
    const eipnn_node *node = eipnn_graph_node(graph, n);
    if (!plan->tensor[n].needed) continue;
    for (int k = 0; k < node->ninputs; k++)
      if (node->input[k] != EIPNN_NO_TENSOR) plan->tensor[node->input[k]].needed = 1;
  }
}

static int depends_on_weights_alone(const eipnn_plan *plan, const eipnn_graph *graph,
                                    const eipnn_node *node)
{
  if (eipnn_is_leaf(node) || node->rows < 0) return 0;
  for (int k = 0; k < node->ninputs; k++) {
    if (node->input[k] == EIPNN_NO_TENSOR) continue;
    eipnn_op op = eipnn_graph_node(graph, node->input[k])->op;
    if (op != EIPNN_OP_PARAMETER && op != EIPNN_OP_CONSTANT && !plan->tensor[node->input[k]].frozen)
      return 0;
  }
  return 1;
}

static void mark_frozen(eipnn_plan *plan, const eipnn_graph *graph, int frozen)
{
  for (int n = 0; n < plan->size; n++) {
    const eipnn_node *node = eipnn_graph_node(graph, n);
    if (!plan->tensor[n].needed) continue;
    if (frozen) plan->tensor[n].frozen = (char)depends_on_weights_alone(plan, graph, node);
    plan->tensor[n].kept =
        node->op == EIPNN_OP_CONSTANT || (plan->tensor[n].frozen && plan->tensor[n].output);
    plan->tensor[n].in_arena =
        !plan->tensor[n].frozen && !plan->tensor[n].kept && node->op != EIPNN_OP_PARAMETER;
    for (int k = 0; k < node->ninputs && !plan->tensor[n].frozen; k++)
      if (node->input[k] != EIPNN_NO_TENSOR && plan->tensor[node->input[k]].frozen)
        plan->tensor[node->input[k]].kept = 1;
  }
}

/* SLOT_X of order m and SLOT_S of order m+1 over the same filter, distances
   and u read the same table rows: one pass gives both. */
static int is_pair(const eipnn_node *x, const eipnn_node *s)
{
  return x->p.filter.slot == EIPNN_SLOT_X && s->p.filter.slot == EIPNN_SLOT_S &&
         x->p.filter.table && s->p.filter.table && s->p.filter.order == x->p.filter.order + 1 &&
         x->input[EIPNN_FILTER_FILTER] == s->input[EIPNN_FILTER_FILTER] &&
         x->input[EIPNN_FILTER_DISTANCE] == s->input[EIPNN_FILTER_DISTANCE] &&
         x->input[EIPNN_FILTER_U] == s->input[EIPNN_FILTER_U] &&
         x->input[EIPNN_FILTER_S] == EIPNN_NO_TENSOR;
}

static void find_partner(eipnn_plan *plan, const eipnn_graph *graph, int n)
{
  const eipnn_node *x = eipnn_graph_node(graph, n);
  for (int m = 0; m < plan->size; m++) {
    const eipnn_node *s = eipnn_graph_node(graph, m);
    if (!plan->tensor[m].needed || s->op != EIPNN_OP_FILTER || plan->tensor[m].covered ||
        !is_pair(x, s))
      continue;
    /* What SLOT_S reads must be there when SLOT_X runs, and the other way round. */
    if (s->input[EIPNN_FILTER_X] >= n || m < n) continue;
    plan->tensor[n].partner = m;
    plan->tensor[m].covered = 1;
    return;
  }
}

static int is_table_gradient(const eipnn_plan *plan, const eipnn_node *node, int n)
{
  return plan->tensor[n].in_arena && node->op == EIPNN_OP_FILTER &&
         node->p.filter.slot == EIPNN_SLOT_FILTER && node->p.filter.table;
}

/* Gradients by tables sum over pairs in the order of distances: one order for all that have the
   same distances and grid. */
static void find_sorters(eipnn_plan *plan, const eipnn_graph *graph)
{
  for (int n = 0; n < plan->size; n++) {
    const eipnn_node *b = eipnn_graph_node(graph, n);
    plan->tensor[n].sorter = is_table_gradient(plan, b, n) ? n : EIPNN_NO_TENSOR;
    for (int m = 0; m < n && plan->tensor[n].sorter == n; m++) {
      const eipnn_node *a = eipnn_graph_node(graph, m);
      if (plan->tensor[m].sorter == m &&
          a->input[EIPNN_FILTER_DISTANCE] == b->input[EIPNN_FILTER_DISTANCE] &&
          memcmp(&a->p.filter.grid, &b->p.filter.grid, sizeof a->p.filter.grid) == 0)
        plan->tensor[n].sorter = m;
    }
    if (plan->tensor[n].sorter != EIPNN_NO_TENSOR)
      plan->tensor[plan->tensor[n].sorter].last_sorted = n;
  }
}

static void mark_lifetimes(eipnn_plan *plan, const eipnn_graph *graph)
{
  for (int n = 0; n < plan->size; n++) {
    const eipnn_node *node = eipnn_graph_node(graph, n);
    if (!plan->tensor[n].needed) continue;
    plan->tensor[n].last_use = n;
    for (int k = 0; k < node->ninputs; k++)
      if (node->input[k] != EIPNN_NO_TENSOR) plan->tensor[node->input[k]].last_use = n;
  }
  for (int n = 0; n < plan->size; n++)
    if (plan->tensor[n].output) plan->tensor[n].last_use = plan->size;
}

/* A halo exchange fills the rows behind the owned ones, its adjoint sums those into them: both are
   done in place, the adjoint where nobody reads the operand afterwards. */
static void share_memory(eipnn_plan *plan, const eipnn_graph *graph)
{
  for (int n = 0; n < plan->size; n++) {
    const eipnn_node *node = eipnn_graph_node(graph, n);
    plan->tensor[n].memory = n;
    plan->tensor[n].room = node->rows;
    if (!plan->tensor[n].in_arena || (node->op != EIPNN_OP_HALO && node->op != EIPNN_OP_HALO_SUM))
      continue;
    const eipnn_tensor a = node->input[0], owner = plan->tensor[a].memory;
    if (!plan->tensor[a].in_arena || eipnn_graph_node(graph, a)->op == EIPNN_OP_INPUT) continue;
    if (node->op == EIPNN_OP_HALO_SUM && plan->tensor[owner].last_use != n) continue;
    plan->tensor[n].memory = owner;
    plan->tensor[owner].room = EIPNN_ROWS_ALL;
    if (plan->tensor[n].last_use > plan->tensor[owner].last_use)
      plan->tensor[owner].last_use = plan->tensor[n].last_use;
  }
}

/* Offsets of constants and kept tensors, one after another. */
static eipnn_status lay_out_kept(eipnn_plan *plan, const eipnn_graph *graph)
{
  eipnn_arena_clear(&plan->arena);
  for (int n = 0; n < plan->size; n++)
    if (plan->tensor[n].kept)
      EIPNN_TRY(eipnn_arena_take(&plan->arena, bytes_of(plan, eipnn_graph_node(graph, n)),
                                 &plan->tensor[n].offset));
  plan->kept_bytes = plan->arena.peak;
  return EIPNN_OK;
}

/* Of a tensor that has its own. */
static size_t bytes_of_memory(const eipnn_plan *plan, const eipnn_graph *graph, eipnn_tensor a)
{
  return eipnn_plan_rows(plan, plan->tensor[a].room) * (size_t)eipnn_graph_node(graph, a)->cols *
         plan->real;
}

/* Whether tensor a shares a block of memory with the results of node n. */
static int in_same_block(const eipnn_plan *plan, eipnn_tensor a, int n)
{
  const eipnn_planned *tensor = plan->tensor;
  return tensor[n].frozen ? tensor[a].frozen && !tensor[a].kept : tensor[a].in_arena;
}

/* Gives back the memory of every input of node n that nothing later reads. */
static eipnn_status retire_inputs(eipnn_plan *plan, const eipnn_graph *graph, int n)
{
  const eipnn_node *node = eipnn_graph_node(graph, n);
  for (int k = 0; k < node->ninputs; k++) {
    if (node->input[k] == EIPNN_NO_TENSOR) continue;
    const eipnn_tensor a = plan->tensor[node->input[k]].memory;
    if (!in_same_block(plan, a, n) || plan->tensor[a].last_use != n) continue;
    int repeated = 0;
    for (int m = 0; m < k; m++)
      repeated |= node->input[m] != EIPNN_NO_TENSOR && plan->tensor[node->input[m]].memory == a;
    if (!repeated)
      EIPNN_TRY(
          eipnn_arena_give(&plan->arena, plan->tensor[a].offset, bytes_of_memory(plan, graph, a)));
  }
  return EIPNN_OK;
}

/* Scratch is free again once the node has run; tensors of the node itself are taken before. What
   is done in place needs none. */
static eipnn_status lay_out_scratch(eipnn_plan *plan, const eipnn_graph *graph, int n)
{
  const eipnn_backend *backend = plan->backend;
  const eipnn_node *node = eipnn_graph_node(graph, n);
  eipnn_extents extents = plan->extents;
  if (node->ninputs > 0 && node->input[0] != EIPNN_NO_TENSOR)
    extents.input_rows = eipnn_plan_rows(plan, eipnn_graph_node(graph, node->input[0])->rows);
  const size_t bytes = backend->scratch && plan->tensor[n].memory == n
                           ? backend->scratch(node, &extents, plan->real)
                           : 0;
  EIPNN_TRY(eipnn_arena_take(&plan->arena, bytes, &plan->tensor[n].scratch));
  return eipnn_arena_give(&plan->arena, plan->tensor[n].scratch, bytes);
}

/* From the first node that wants it to the last. */
static eipnn_status take_sorted(eipnn_plan *plan, const eipnn_graph *graph, int n)
{
  if (plan->tensor[n].sorter != n || !plan->backend->sorted) return EIPNN_OK;
  const size_t bytes = plan->backend->sorted(eipnn_graph_node(graph, n), &plan->extents);
  return eipnn_arena_take(&plan->arena, bytes, &plan->tensor[n].sorted);
}

static eipnn_status give_sorted(eipnn_plan *plan, const eipnn_graph *graph, int n)
{
  const eipnn_tensor sorter = plan->tensor[n].sorter;
  if (sorter == EIPNN_NO_TENSOR || plan->tensor[sorter].last_sorted != n || !plan->backend->sorted)
    return EIPNN_OK;
  const size_t bytes = plan->backend->sorted(eipnn_graph_node(graph, sorter), &plan->extents);
  return eipnn_arena_give(&plan->arena, plan->tensor[sorter].sorted, bytes);
}

static eipnn_status lay_out_frozen(eipnn_plan *plan, const eipnn_graph *graph)
{
  eipnn_arena_clear(&plan->arena);
  for (int n = 0; n < plan->size; n++) {
    if (!plan->tensor[n].frozen) continue;
    if (!plan->tensor[n].kept)
      EIPNN_TRY(eipnn_arena_take(&plan->arena, bytes_of(plan, eipnn_graph_node(graph, n)),
                                 &plan->tensor[n].offset));
    EIPNN_TRY(lay_out_scratch(plan, graph, n));
    EIPNN_TRY(retire_inputs(plan, graph, n));
  }
  plan->frozen_bytes = plan->arena.peak;
  return EIPNN_OK;
}

static eipnn_status allocate(eipnn_plan *plan)
{
  plan->tensor = eipnn_calloc((size_t)plan->size, sizeof *plan->tensor);
  if (!plan->tensor)
    return eipnn_error(EIPNN_ERROR_MEMORY, "no memory to plan %d tensors", plan->size);
  for (int n = 0; n < plan->size; n++) plan->tensor[n].partner = EIPNN_NO_TENSOR;
  return EIPNN_OK;
}

eipnn_status eipnn_plan_create(eipnn_plan *plan, const eipnn_graph *graph, int noutputs,
                               const eipnn_tensor *outputs, int frozen,
                               const eipnn_backend *backend, eipnn_precision precision)
{
  memset(plan, 0, sizeof *plan);
  plan->size = eipnn_graph_size(graph);
  plan->backend = backend;
  plan->real = backend->real_size(precision);
  EIPNN_TRY(allocate(plan));
  mark_needed(plan, graph, noutputs, outputs);
  mark_frozen(plan, graph, frozen);
  mark_lifetimes(plan, graph);
  share_memory(plan, graph);
  find_sorters(plan, graph);
  for (int n = 0; n < plan->size; n++)
    if (plan->tensor[n].in_arena && eipnn_graph_node(graph, n)->op == EIPNN_OP_FILTER)
      find_partner(plan, graph, n);
  EIPNN_TRY(lay_out_kept(plan, graph));
  return lay_out_frozen(plan, graph);
}

/* Inputs are filled before the run and may be read at any stage. */
static eipnn_status lay_out_inputs(eipnn_plan *plan, const eipnn_graph *graph)
{
  for (int n = 0; n < plan->size; n++) {
    const eipnn_node *node = eipnn_graph_node(graph, n);
    if (!plan->tensor[n].in_arena || node->op != EIPNN_OP_INPUT) continue;
    plan->tensor[n].last_use = plan->size;
    EIPNN_TRY(eipnn_arena_take(&plan->arena, bytes_of(plan, node), &plan->tensor[n].offset));
  }
  return EIPNN_OK;
}

static eipnn_status take_tensor(eipnn_plan *plan, const eipnn_graph *graph, int n)
{
  if (plan->tensor[n].placed) return EIPNN_OK;
  if (plan->tensor[n].memory == n)
    return eipnn_arena_take(&plan->arena, bytes_of_memory(plan, graph, n), &plan->tensor[n].offset);
  plan->tensor[n].offset = plan->tensor[plan->tensor[n].memory].offset;
  return EIPNN_OK;
}

static eipnn_status lay_out_node(eipnn_plan *plan, const eipnn_graph *graph, int n)
{
  if (!plan->tensor[n].covered) EIPNN_TRY(take_tensor(plan, graph, n));
  if (plan->tensor[n].partner != EIPNN_NO_TENSOR)
    EIPNN_TRY(take_tensor(plan, graph, plan->tensor[n].partner));
  EIPNN_TRY(take_sorted(plan, graph, n));
  EIPNN_TRY(lay_out_scratch(plan, graph, n));
  EIPNN_TRY(give_sorted(plan, graph, n));
  return retire_inputs(plan, graph, n);
}

static eipnn_status lay_out_arena(eipnn_plan *plan, const eipnn_graph *graph)
{
  eipnn_arena_clear(&plan->arena);
  EIPNN_TRY(lay_out_inputs(plan, graph));
  for (int n = 0; n < plan->size; n++)
    if (plan->tensor[n].in_arena && eipnn_graph_node(graph, n)->op != EIPNN_OP_INPUT)
      EIPNN_TRY(lay_out_node(plan, graph, n));
  plan->arena_bytes = plan->arena.peak;
  return EIPNN_OK;
}

eipnn_status eipnn_plan_bind(eipnn_plan *plan, const eipnn_graph *graph,
                             const eipnn_structure *structure)
{
  const eipnn_extents extents = {{
                                     [-EIPNN_ROWS_ATOM] = (size_t)structure->natom,
                                     [-EIPNN_ROWS_ALL] = (size_t)structure->nall,
                                     [-EIPNN_ROWS_PAIR] = (size_t)structure->npair,
                                     [-EIPNN_ROWS_CONFIG] = (size_t)structure->nconfig,
                                 },
                                 0};
  if (plan->bound && memcmp(&plan->extents, &extents, sizeof extents) == 0) return EIPNN_OK;
  plan->extents = extents;
  plan->bound = 0;
  EIPNN_TRY(lay_out_arena(plan, graph));
  plan->bound = 1;
  return EIPNN_OK;
}

void eipnn_plan_free(eipnn_plan *plan)
{
  free(plan->tensor);
  eipnn_arena_free(&plan->arena);
  memset(plan, 0, sizeof *plan);
}
