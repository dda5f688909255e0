/* SPDX-License-Identifier: GPL-2.0-or-later */
/* GATHER, SCATTER, HALO, HALO_SUM. */
#include "operation_problem.h"

#include <string.h>

static const struct {
  const char *name;
  int domain, range; /* 0: the number of species */
} map_of[EIPNN_INDEX_COUNT] = {
    [EIPNN_INDEX_PAIR_I] = {"pair_i", EIPNN_ROWS_PAIR, EIPNN_ROWS_ATOM},
    [EIPNN_INDEX_PAIR_J] = {"pair_j", EIPNN_ROWS_PAIR, EIPNN_ROWS_ALL},
    [EIPNN_INDEX_PAIR_CONFIG] = {"pair_config", EIPNN_ROWS_PAIR, EIPNN_ROWS_CONFIG},
    [EIPNN_INDEX_ATOM_CONFIG] = {"atom_config", EIPNN_ROWS_ATOM, EIPNN_ROWS_CONFIG},
    [EIPNN_INDEX_ATOM_SPECIES] = {"atom_species", EIPNN_ROWS_ATOM, 0},
};

static const int *values_of(const eipnn_structure *s, eipnn_index index)
{
  const int *map[EIPNN_INDEX_COUNT] = {s->pair_i, s->pair_j, s->pair_config, s->atom_config,
                                       s->atom_species};
  return map[index];
}

/* parameter 0: the map; 1: scatter */
static void build_index(operation_problem *problem)
{
  const eipnn_index index = (eipnn_index)problem->operation->parameter[0];
  const int scatter = problem->operation->parameter[1];
  const int range = map_of[index].range ? map_of[index].range : problem->sizes.species;
  eipnn_tensor a = problem_input(problem, scatter ? map_of[index].domain : range,
                                 problem->sizes.cols, -1.0, 1.0);
  problem->output[problem->noutputs++] = scatter ? eipnn_scatter(problem->graph, a, index, range)
                                                 : eipnn_gather(problem->graph, a, index);
}

/* The map as a matrix of zeros and ones: M a, or its transpose times a. */
static void expect_index(const operation_problem *problem, int m, double *values)
{
  (void)m;
  const int scatter = problem->operation->parameter[1], cols = problem->sizes.cols;
  const int rows = problem_rows(problem, problem->output[0]);
  const int arows = problem_rows(problem, problem->input[0]);
  const int *map =
      values_of(&problem->fixture->structure, (eipnn_index)problem->operation->parameter[0]);
  for (int r = 0; r < rows; r++)
    for (int c = 0; c < cols; c++) {
      values[r * cols + c] = 0.0;
      for (int k = 0; k < arows; k++)
        if (scatter ? map[k] == r : map[r] == k)
          values[r * cols + c] += problem->value[0][k * cols + c];
    }
}

/* parameter 0: the adjoint; 1: of twice the input, which may be done in place; 2: the operand is
   read again afterwards, when the memory of what was exchanged may be given back: three times that
   is the second output */
static void build_halo(operation_problem *problem)
{
  const int *parameter = problem->operation->parameter, adjoint = parameter[0];
  eipnn_tensor a = problem_input(problem, adjoint ? EIPNN_ROWS_ALL : EIPNN_ROWS_ATOM,
                                 problem->sizes.cols, -1.0, 1.0);
  if (parameter[1]) a = eipnn_affine(problem->graph, a, 2.0, 0.0);
  eipnn_tensor out =
      adjoint ? eipnn_halo_sum(problem->graph, a) : eipnn_halo_exchange(problem->graph, a);
  for (int k = 0; parameter[2] && k < 2; k++)
    out = eipnn_affine(problem->graph, out, k ? 2.0 : 0.5, 0.0);
  problem->output[problem->noutputs++] = out;
  if (parameter[2])
    problem->output[problem->noutputs++] = eipnn_affine(problem->graph, a, 3.0, 0.0);
}

static void scale(const operation_problem *problem, int m, double factor, const double *from,
                  double *values)
{
  for (size_t k = 0; k < problem_count(problem, problem->output[m]); k++)
    values[k] = factor * from[k];
}

static void expect_halo(const operation_problem *problem, int m, double *values)
{
  if (m == 1) {
    scale(problem, 1, 6.0, problem->value[0], values);
    return;
  }
  const int natom = problem->fixture->structure.natom, nall = problem->fixture->structure.nall;
  const int cols = problem->sizes.cols;
  memset(values, 0, problem_count(problem, problem->output[0]) * sizeof *values);
  for (int a = 0; a < nall; a++) {
    const int owner = a < natom ? a : problem->fixture->ghost_owner[a - natom];
    const int from = problem->operation->parameter[0] ? a : owner;
    const int to = problem->operation->parameter[0] ? owner : a;
    for (int c = 0; c < cols; c++) values[to * cols + c] += problem->value[0][from * cols + c];
  }
  if (problem->operation->parameter[1]) scale(problem, 0, 2.0, values, values);
}

size_t index_cases(operation_case **list, size_t count)
{
  operation_case index = {.build = build_index, .expect = expect_index};
  operation_case halo = {.build = build_halo, .expect = expect_halo};
  for (int k = 0; k < EIPNN_INDEX_COUNT; k++)
    for (int scatter = 0; scatter < 2; scatter++) {
      index.parameter[0] = k;
      index.parameter[1] = scatter;
      case_append(list, &count, &index, "%s %s", scatter ? "scatter" : "gather", map_of[k].name);
    }
  static const char *how[] = {"", " in place", ", operand read again"};
  for (int k = 0; k < 6; k++) {
    memcpy(halo.parameter, (int[]){k % 2, k / 2 > 0, k / 2 > 1}, 3 * sizeof(int));
    case_append(list, &count, &halo, "halo%s%s", k % 2 ? " sum" : "", how[k / 2]);
  }
  return count;
}
