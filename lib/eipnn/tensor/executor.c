/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tensor/executor.h"

#include "base/memory.h"
#include "tensor/plan.h"

#include <stdlib.h>
#include <string.h>

struct eipnn_executor {
  const eipnn_graph *graph;
  const eipnn_backend *backend;
  eipnn_precision precision;
  eipnn_halo halo;
  int has_halo;
  eipnn_plan plan;
  void **data;   /* [size] where each node's tensor lies now */
  void *weights; /* backend memory: the flat weight array */
  size_t nweights;
  void *gradient;  /* backend memory: placed weight gradients, or NULL */
  void *constants; /* backend memory: constant leaves and frozen tensors */
  void *arena;
  size_t arena_bytes;
  int frozen;      /* see eipnn_executor_options */
  int frozen_done; /* frozen tensors are up to date */
  int bound;
  void *maps;                /* the backend's, see bind_structure */
  eipnn_structure structure; /* integer maps in backend memory */
};

static char *at(void *base, size_t offset)
{
  return (char *)base + offset;
}

/* Points leaves that never move at their memory and fills in the constants. */
static eipnn_status place_leaves(eipnn_executor *e)
{
  const size_t real = e->backend->real_size(e->precision);
  for (int n = 0; n < e->plan.size; n++) {
    const eipnn_node *node = eipnn_graph_node(e->graph, n);
    if (!e->plan.tensor[n].needed) continue;
    if (node->op == EIPNN_OP_PARAMETER)
      e->data[n] = at(e->weights, node->p.parameter.offset * real);
    if (e->plan.tensor[n].kept) e->data[n] = at(e->constants, e->plan.tensor[n].offset);
    if (node->op == EIPNN_OP_CONSTANT)
      EIPNN_TRY(e->backend->upload(e->data[n], node->p.constant.values,
                                   (size_t)node->rows * (size_t)node->cols, e->precision));
  }
  return EIPNN_OK;
}

static eipnn_status allocate(eipnn_executor *e)
{
  const size_t real = e->backend->real_size(e->precision);
  e->data = eipnn_calloc((size_t)e->plan.size, sizeof *e->data);
  e->weights = e->backend->allocate(e->nweights * real + 64);
  e->constants = e->backend->allocate(e->plan.kept_bytes + 64);
  if (!e->data || !e->weights || !e->constants)
    return eipnn_error(EIPNN_ERROR_MEMORY, "no memory for %zu weights and %zu bytes of tables",
                       e->nweights, e->plan.kept_bytes);
  return place_leaves(e);
}

eipnn_status eipnn_executor_create(const eipnn_graph *graph, const eipnn_executor_options *options,
                                   int noutputs, const eipnn_tensor *outputs, size_t nweights,
                                   eipnn_executor **executor)
{
  *executor = NULL;
  EIPNN_TRY(eipnn_graph_status(graph));
  if (!options->backend->supports(options->precision))
    return eipnn_error(EIPNN_ERROR_UNSUPPORTED, "backend \"%s\" has no %s precision",
                       options->backend->name, eipnn_precision_name(options->precision));
  eipnn_executor *e = eipnn_calloc(1, sizeof *e);
  if (!e) return eipnn_error(EIPNN_ERROR_MEMORY, "no memory for an executor");
  e->graph = graph;
  e->backend = options->backend;
  e->precision = options->precision;
  e->nweights = nweights;
  e->has_halo = options->halo != NULL;
  e->frozen = options->frozen;
  if (options->halo) e->halo = *options->halo;
  eipnn_status status = eipnn_plan_create(&e->plan, graph, noutputs, outputs, options->frozen,
                                          e->backend, e->precision);
  if (status == EIPNN_OK) status = allocate(e);
  if (status != EIPNN_OK) {
    eipnn_executor_free(&e);
    return status;
  }
  *executor = e;
  return EIPNN_OK;
}

void eipnn_executor_free(eipnn_executor **executor)
{
  eipnn_executor *e = *executor;
  if (!e) return;
  eipnn_plan_free(&e->plan);
  if (e->weights) e->backend->release(e->weights);
  if (e->gradient) e->backend->release(e->gradient);
  if (e->constants) e->backend->release(e->constants);
  eipnn_executor_unbind(e);
  free(e->data);
  free(e);
  *executor = NULL;
}

/* A tenth to spare, so that small changes of the number of pairs do not reallocate. */
static size_t with_margin(size_t bytes)
{
  return bytes + bytes / 10 + 64;
}

/* Room for the planned arena. */
static eipnn_status reserve(eipnn_executor *e, void **arena, size_t *held, size_t bytes)
{
  if (*arena && bytes <= *held) return EIPNN_OK;
  if (*arena) e->backend->release(*arena);
  *held = with_margin(bytes);
  *arena = e->backend->allocate(*held);
  if (*arena) return EIPNN_OK;
  size_t wanted = *held;
  *held = 0;
  return eipnn_error(EIPNN_ERROR_MEMORY, "no memory for %zu bytes of tensors (%d atoms, %d pairs)",
                     wanted, e->structure.nall, e->structure.npair);
}

eipnn_status eipnn_executor_bind(eipnn_executor *e, const eipnn_structure *structure)
{
  e->bound = 0;
  if (!e->has_halo && structure->nall != structure->natom)
    return eipnn_error(EIPNN_ERROR_ARGUMENT,
                       "%d ghost atoms of other ranks, but no halo exchange was given",
                       structure->nall - structure->natom);
  EIPNN_TRY(e->backend->bind_structure(&e->maps, structure, &e->structure));
  EIPNN_TRY(eipnn_plan_bind(&e->plan, e->graph, structure));
  EIPNN_TRY(reserve(e, &e->arena, &e->arena_bytes, e->plan.arena_bytes));
  for (int n = 0; n < e->plan.size; n++)
    if (e->plan.tensor[n].in_arena && !e->plan.tensor[n].placed)
      e->data[n] = at(e->arena, e->plan.tensor[n].offset);
  e->bound = 1;
  return EIPNN_OK;
}

eipnn_status eipnn_executor_set_input(eipnn_executor *e, eipnn_tensor input, const double *values)
{
  const eipnn_node *node = eipnn_graph_node(e->graph, input);
  if (node->op != EIPNN_OP_INPUT || !e->bound)
    return eipnn_error(EIPNN_ERROR_ARGUMENT, "tensor %d is not an input of a bound graph", input);
  if (!e->plan.tensor[input].needed) return EIPNN_OK;
  size_t count = eipnn_plan_rows(&e->plan, node->rows) * (size_t)node->cols;
  return e->backend->upload(e->data[input], values, count, e->precision);
}

static const int *resolve_index(const eipnn_structure *s, eipnn_index index)
{
  switch (index) {
    case EIPNN_INDEX_PAIR_I: return s->pair_i;
    case EIPNN_INDEX_PAIR_J: return s->pair_j;
    case EIPNN_INDEX_PAIR_CONFIG: return s->pair_config;
    case EIPNN_INDEX_ATOM_CONFIG: return s->atom_config;
    case EIPNN_INDEX_ATOM_SPECIES: return s->atom_species;
    case EIPNN_INDEX_COUNT: break;
  }
  return NULL;
}

static eipnn_matrix matrix_of(const eipnn_executor *e, eipnn_tensor a)
{
  if (a == EIPNN_NO_TENSOR) return (eipnn_matrix){NULL, 0, 0};
  const eipnn_node *node = eipnn_graph_node(e->graph, a);
  return (eipnn_matrix){e->data[a], (int)eipnn_plan_rows(&e->plan, node->rows), node->cols};
}

/* scratch_base: of the memory that the plan laid the node's scratch out in. */
static eipnn_status run_node(eipnn_executor *e, eipnn_tensor n, void *scratch_base)
{
  const eipnn_node *node = eipnn_graph_node(e->graph, n);
  eipnn_kernel kernel = e->backend->kernel[node->op];
  if (!kernel) return EIPNN_OK;
  eipnn_kernel_arguments arguments = {
      .node = node,
      .out = matrix_of(e, n),
      .structure = &e->structure,
      .halo = e->has_halo ? &e->halo : NULL,
      .precision = e->precision,
      .scratch = at(scratch_base, e->plan.tensor[n].scratch),
  };
  for (int k = 0; k < EIPNN_MAX_INPUTS; k++) arguments.input[k] = matrix_of(e, node->input[k]);
  if (node->op == EIPNN_OP_GATHER || node->op == EIPNN_OP_SCATTER)
    arguments.index = resolve_index(&e->structure, node->p.index);
  const eipnn_tensor sorter = e->plan.tensor[n].sorter, partner = e->plan.tensor[n].partner;
  if (sorter != EIPNN_NO_TENSOR) {
    arguments.sorted = at(scratch_base, e->plan.tensor[sorter].sorted);
    arguments.is_sorted = sorter != n;
  }
  if (partner != EIPNN_NO_TENSOR) { /* SLOT_X and SLOT_S of one pass */
    arguments.input[EIPNN_FILTER_X] =
        matrix_of(e, eipnn_graph_node(e->graph, partner)->input[EIPNN_FILTER_X]);
    arguments.aux = e->data[partner];
  }
  return kernel(&arguments);
}

/* Tensors that depend on weights alone: temporaries get memory of their own,
   given back at once; what the rest of the graph reads is kept. */
static eipnn_status run_frozen(eipnn_executor *e)
{
  void *temporary = NULL;
  size_t held = 0;
  EIPNN_TRY(reserve(e, &temporary, &held, e->plan.frozen_bytes));
  eipnn_status status = EIPNN_OK;
  for (int n = 0; n < e->plan.size && status == EIPNN_OK; n++) {
    if (!e->plan.tensor[n].frozen) continue;
    if (!e->plan.tensor[n].kept) e->data[n] = at(temporary, e->plan.tensor[n].offset);
    status = run_node(e, n, temporary);
  }
  e->backend->release(temporary);
  e->frozen_done = status == EIPNN_OK;
  return status;
}

/* Frozen tensors that the rest of the graph reads, computed by executor d, into e. */
static eipnn_status copy_frozen(eipnn_executor *e, const eipnn_executor *d)
{
  for (int n = 0; n < e->plan.size; n++) {
    if (!e->plan.tensor[n].frozen || !e->plan.tensor[n].kept) continue;
    const eipnn_node *node = eipnn_graph_node(e->graph, n);
    const size_t count = (size_t)node->rows * (size_t)node->cols;
    double *values = eipnn_calloc(count, sizeof *values);
    if (!values)
      return eipnn_error(EIPNN_ERROR_MEMORY, "no memory for a table of %zu numbers", count);
    eipnn_status status = d->backend->download(values, d->data[n], count, d->precision);
    if (status == EIPNN_OK) status = e->backend->upload(e->data[n], values, count, e->precision);
    free(values);
    EIPNN_TRY(status);
  }
  return EIPNN_OK;
}

/* Runs the frozen part in double, whatever the precision of e: forces come from derivatives
   of tables, which magnify the rounding of neighbouring nodes. */
static eipnn_status freeze_in_double(eipnn_executor *e, const double *weights)
{
  eipnn_tensor *kept = eipnn_calloc((size_t)e->plan.size, sizeof *kept);
  if (!kept) return eipnn_error(EIPNN_ERROR_MEMORY, "no memory for an executor");
  int count = 0;
  for (int n = 0; n < e->plan.size; n++)
    if (e->plan.tensor[n].frozen && e->plan.tensor[n].kept) kept[count++] = n;
  const eipnn_executor_options options = {e->backend, EIPNN_PRECISION_DOUBLE, 1, NULL};
  eipnn_executor *d = NULL;
  eipnn_status status = eipnn_executor_create(e->graph, &options, count, kept, e->nweights, &d);
  free(kept);
  if (status == EIPNN_OK)
    status = d->backend->upload(d->weights, weights, d->nweights, d->precision);
  if (status == EIPNN_OK) status = run_frozen(d);
  if (status == EIPNN_OK) status = copy_frozen(e, d);
  eipnn_executor_free(&d);
  e->frozen_done = status == EIPNN_OK;
  return status;
}

eipnn_status eipnn_executor_set_weights(eipnn_executor *e, const double *weights)
{
  EIPNN_TRY(e->backend->upload(e->weights, weights, e->nweights, e->precision));
  e->frozen_done = !e->frozen; /* training has none: no work, no memory at each step */
  if (!e->frozen || e->precision == EIPNN_PRECISION_DOUBLE ||
      !e->backend->supports(EIPNN_PRECISION_DOUBLE))
    return EIPNN_OK;
  return freeze_in_double(e, weights);
}

eipnn_status eipnn_executor_run(eipnn_executor *e, int first, int last)
{
  if (!e->bound) return eipnn_error(EIPNN_ERROR_ARGUMENT, "the graph is not bound to a structure");
  if (!e->frozen_done) EIPNN_TRY(run_frozen(e));
  for (int n = first; n < last; n++)
    if (e->plan.tensor[n].in_arena && !e->plan.tensor[n].covered)
      EIPNN_TRY(run_node(e, n, e->arena));
  return EIPNN_OK;
}

eipnn_status eipnn_executor_get(const eipnn_executor *e, eipnn_tensor output, double *values)
{
  const eipnn_node *node = eipnn_graph_node(e->graph, output);
  if (!e->plan.tensor[output].needed || !e->bound)
    return eipnn_error(EIPNN_ERROR_ARGUMENT, "tensor %d is not an output of a bound graph", output);
  size_t count = eipnn_plan_rows(&e->plan, node->rows) * (size_t)node->cols;
  return e->backend->download(values, e->data[output], count, e->precision);
}

/* Where the gradient by a parameter has its place. */
static void *gradient_place(const eipnn_executor *e, eipnn_tensor parameter)
{
  const eipnn_node *node = eipnn_graph_node(e->graph, parameter);
  return at(e->gradient, node->p.parameter.offset * e->backend->real_size(e->precision));
}

static eipnn_status allocate_gradient(eipnn_executor *e)
{
  double *zeros = eipnn_calloc(e->nweights, sizeof *zeros);
  e->gradient = e->backend->allocate(e->nweights * e->backend->real_size(e->precision) + 64);
  const eipnn_status status =
      zeros && e->gradient ? e->backend->upload(e->gradient, zeros, e->nweights, e->precision)
                           : eipnn_error(EIPNN_ERROR_MEMORY,
                                         "no memory for the gradient of %zu weights", e->nweights);
  free(zeros);
  return status;
}

eipnn_status eipnn_executor_place_gradient(eipnn_executor *e, int count,
                                           const eipnn_tensor *parameter,
                                           const eipnn_tensor *gradient)
{
  EIPNN_TRY(allocate_gradient(e));
  for (int k = 0; k < count; k++) {
    const eipnn_tensor n = gradient[k];
    /* An input, or what several parameters have as gradient, stays where it is. */
    if (n == EIPNN_NO_TENSOR || !e->plan.tensor[n].in_arena || e->plan.tensor[n].placed ||
        eipnn_graph_node(e->graph, n)->op == EIPNN_OP_INPUT)
      continue;
    e->plan.tensor[n].placed = 1;
    e->data[n] = gradient_place(e, parameter[k]);
  }
  return EIPNN_OK;
}

eipnn_status eipnn_executor_get_gradient(const eipnn_executor *e, int count,
                                         const eipnn_tensor *parameter,
                                         const eipnn_tensor *gradient, double *values)
{
  EIPNN_TRY(e->backend->download(values, e->gradient, e->nweights, e->precision));
  for (int k = 0; k < count; k++) {
    if (gradient[k] == EIPNN_NO_TENSOR || e->data[gradient[k]] == gradient_place(e, parameter[k]))
      continue;
    const size_t offset = eipnn_graph_node(e->graph, parameter[k])->p.parameter.offset;
    EIPNN_TRY(eipnn_executor_get(e, gradient[k], values + offset));
  }
  return EIPNN_OK;
}

void *eipnn_executor_data(const eipnn_executor *e, eipnn_tensor tensor)
{
  return e->plan.tensor[tensor].needed ? e->data[tensor] : NULL;
}

const eipnn_structure *eipnn_executor_structure(const eipnn_executor *e)
{
  return &e->structure;
}

void eipnn_executor_unbind(eipnn_executor *e)
{
  if (e->arena) e->backend->release(e->arena);
  if (e->maps) e->backend->release_maps(e->maps);
  e->arena = e->maps = NULL;
  e->arena_bytes = 0;
  e->bound = 0;
}

eipnn_status eipnn_executor_measure(eipnn_executor *e, const eipnn_structure *extents,
                                    size_t *bytes)
{
  e->bound = 0;
  EIPNN_TRY(eipnn_plan_bind(&e->plan, e->graph, extents));
  *bytes = with_margin(e->plan.arena_bytes);
  return EIPNN_OK;
}

size_t eipnn_executor_bytes(const eipnn_executor *e)
{
  const size_t arrays = e->gradient ? 2 : 1; /* weights and their gradient */
  return e->arena_bytes + e->plan.kept_bytes +
         arrays * e->nweights * e->backend->real_size(e->precision);
}
