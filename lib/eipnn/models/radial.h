/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef EIPNN_MODELS_RADIAL_H
#define EIPNN_MODELS_RADIAL_H

/* Functions of one distance, as graph operations on a [rows][1] tensor: the
   distances of the pairs, or those of the nodes of a radial table. */

#include "models/network.h"

/* The distances radial functions are evaluated at. */
typedef struct eipnn_radial_points {
  int rows;              /* EIPNN_ROWS_PAIR, or the number of nodes */
  eipnn_tensor distance; /* [rows][1] */
  int table;             /* 1: the nodes of grid */
  eipnn_grid grid;
} eipnn_radial_points;

/* Nodes of a table or pair distances, as the potential's options say. The
   table has options->table_nodes intervals over [0, cutoff], without those below
   options->shortest, and some more on both sides. */
eipnn_radial_points eipnn_radial_points_make(const eipnn_network_graph *network);

/* Gaussians exp(-gamma (d - mu_k)^2), mu_k from 0 to cutoff inclusive:
   [rows][n] (Schuett et al. 2017; the paper's gamma is n/cutoff). */
eipnn_tensor eipnn_radial_gaussians(eipnn_graph *graph, const eipnn_radial_points *points,
                                    double cutoff, int n, double gamma);

/* The cutoff function, [rows][1], continued smoothly beyond the cutoff so that
   a spline through it is accurate up to there. function must not be NONE. */
eipnn_tensor eipnn_radial_cutoff(eipnn_graph *graph, const eipnn_radial_points *points,
                                 eipnn_cutoff_function function, double cutoff);

/* Convolution of features x ([all][c]) with a filter given at the points ([rows][c]). */
eipnn_tensor eipnn_radial_convolution(const eipnn_network_graph *network,
                                      const eipnn_radial_points *points, eipnn_tensor filter,
                                      eipnn_tensor x);

#endif
