/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "models/radial.h"

#include "base/memory.h"

#include <math.h>
#include <stdlib.h>

/* Nodes added on either side. The natural end conditions of the spline are
   wrong by O(spacing^2); the error falls by 0.27 per node inwards, so that
   12 nodes leave 1e-7 of it. */
#define MARGIN 12

static const double pi = 3.14159265358979323846;

static eipnn_tensor grid_distances(eipnn_graph *graph, const eipnn_grid *grid)
{
  double *values = eipnn_calloc((size_t)grid->nodes, sizeof *values);
  if (!values) return EIPNN_NO_TENSOR;
  for (int k = 0; k < grid->nodes; k++) values[k] = grid->origin + k * grid->spacing;
  eipnn_tensor distance = eipnn_constant(graph, grid->nodes, 1, values);
  free(values);
  return distance;
}

eipnn_radial_points eipnn_radial_points_make(const eipnn_network_graph *network)
{
  const eipnn_potential_options *options = network->options;
  eipnn_radial_points points = {.rows = EIPNN_ROWS_PAIR, .distance = network->distance};
  if (!options->table) return points;
  points.table = 1;
  points.grid.spacing = eipnn_model_options(network->model)->cutoff / options->table_nodes;
  const double below = floor(options->shortest / points.grid.spacing);
  const int first = below < options->table_nodes ? (int)below : options->table_nodes;
  points.grid.origin = (first - MARGIN) * points.grid.spacing;
  points.grid.nodes = options->table_nodes - first + 1 + 2 * MARGIN;
  points.rows = points.grid.nodes;
  points.distance = grid_distances(network->graph, &points.grid);
  return points;
}

eipnn_tensor eipnn_radial_gaussians(eipnn_graph *graph, const eipnn_radial_points *points,
                                    double cutoff, int n, double gamma)
{
  double *centers = eipnn_calloc((size_t)n, sizeof *centers);
  if (!centers) return EIPNN_NO_TENSOR;
  for (int k = 0; k < n; k++) centers[k] = -cutoff * k / (n - 1);
  eipnn_tensor minus_centers = eipnn_constant(graph, 1, n, centers);
  free(centers);
  eipnn_tensor x = eipnn_repeat(graph, points->distance, points->rows, n);
  x = eipnn_add(graph, x, minus_centers);
  x = eipnn_affine(graph, eipnn_mul(graph, x, x), -gamma, 0.0);
  return eipnn_unary(graph, EIPNN_FUNCTION_EXP, x);
}

eipnn_tensor eipnn_radial_cutoff(eipnn_graph *graph, const eipnn_radial_points *points,
                                 eipnn_cutoff_function function, double cutoff)
{
  if (function == EIPNN_CUTOFF_COSINE) {
    eipnn_tensor phase = eipnn_affine(graph, points->distance, pi / cutoff, 0.0);
    return eipnn_affine(graph, eipnn_unary(graph, EIPNN_FUNCTION_COS, phase), 0.5, 0.5);
  }
  eipnn_tensor s = eipnn_affine(graph, points->distance, 1.0 / cutoff, 0.0);
  eipnn_tensor s2 = eipnn_mul(graph, s, s);
  eipnn_tensor s5 = eipnn_mul(graph, eipnn_mul(graph, s2, s2), s);
  /* 1 - s^5 (21 - 35 s + 15 s^2) */
  eipnn_tensor inner =
      eipnn_add(graph, eipnn_affine(graph, s2, 15.0, 21.0), eipnn_affine(graph, s, -35.0, 0.0));
  return eipnn_affine(graph, eipnn_mul(graph, s5, inner), -1.0, 1.0);
}

eipnn_tensor eipnn_radial_convolution(const eipnn_network_graph *network,
                                      const eipnn_radial_points *points, eipnn_tensor filter,
                                      eipnn_tensor x)
{
  eipnn_graph *graph = network->graph;
  if (!points->table) return eipnn_filter_convolution(graph, filter, NULL, EIPNN_NO_TENSOR, x);
  return eipnn_filter_convolution(graph, eipnn_spline(graph, filter), &points->grid,
                                  network->distance, x);
}
