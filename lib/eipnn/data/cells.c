/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "data/cells.h"

#include "base/memory.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Cubes are this fraction of the cutoff; REACH cubes to either side are searched. */
enum { REACH = 2 };

static eipnn_status reserve(eipnn_cells *cells, size_t npoint, size_t ncube)
{
  EIPNN_TRY(eipnn_grow((void **)&cells->start, &cells->start_capacity, ncube + 1, sizeof(int)));
  EIPNN_TRY(eipnn_grow((void **)&cells->cube, &cells->point_capacity[0], npoint, sizeof(int)));
  EIPNN_TRY(eipnn_grow((void **)&cells->point, &cells->point_capacity[1], npoint, sizeof(int)));
  EIPNN_TRY(eipnn_grow((void **)&cells->found, &cells->point_capacity[2], npoint, sizeof(int)));
  EIPNN_TRY(
      eipnn_grow((void **)&cells->x, &cells->coordinate_capacity, 3 * npoint, sizeof(double)));
  cells->y = cells->x + npoint;
  cells->z = cells->y + npoint;
  return EIPNN_OK;
}

/* Cubes of side cutoff/REACH, made larger where the points are so sparse that
   there would be many more cubes than points. Returns the number of cubes. */
static size_t choose_cubes(eipnn_cells *cells, const double extent[3], double cutoff, int npoint)
{
  double limit = 4.0 * npoint + 64.0, total;
  cells->side = cutoff / REACH * (1.0 + 1.0e-9);
  for (;;) {
    total = 1.0;
    for (int d = 0; d < 3; d++) total *= floor(extent[d] / cells->side) + 1.0;
    if (total <= limit) break;
    cells->side *= 1.25;
  }
  for (int d = 0; d < 3; d++) cells->count[d] = (int)floor(extent[d] / cells->side) + 1;
  return (size_t)total;
}

static void bounds(int npoint, const double (*position)[3], double low[3], double extent[3])
{
  double high[3];
  for (int d = 0; d < 3; d++) low[d] = high[d] = position[0][d];
  for (int p = 1; p < npoint; p++)
    for (int d = 0; d < 3; d++) {
      double x = position[p][d];
      low[d] = x < low[d] ? x : low[d];
      high[d] = x > high[d] ? x : high[d];
    }
  for (int d = 0; d < 3; d++) extent[d] = high[d] - low[d];
}

static int place(const eipnn_cells *cells, double x, int d)
{
  int place = (int)((x - cells->origin[d]) / cells->side);
  return place < cells->count[d] ? place : cells->count[d] - 1;
}

/* Counting sort of the points by cube. */
static void sort_points(eipnn_cells *cells, const double (*position)[3], size_t ncube)
{
  memset(cells->start, 0, (ncube + 1) * sizeof *cells->start);
  for (int p = 0; p < cells->npoint; p++) {
    const double *x = position[p];
    int cube = (place(cells, x[2], 2) * cells->count[1] + place(cells, x[1], 1)) * cells->count[0] +
               place(cells, x[0], 0);
    cells->cube[p] = cube;
    cells->start[cube + 1]++;
  }
  for (size_t c = 0; c < ncube; c++) cells->start[c + 1] += cells->start[c];
  for (int p = cells->npoint - 1; p >= 0; p--) {
    int sorted = --cells->start[cells->cube[p] + 1];
    cells->point[sorted] = p;
    cells->x[sorted] = position[p][0];
    cells->y[sorted] = position[p][1];
    cells->z[sorted] = position[p][2];
  }
  /* start[c+1] has run down to the first point of cube c. */
  memmove(cells->start, cells->start + 1, ncube * sizeof *cells->start);
  cells->start[ncube] = cells->npoint;
}

eipnn_status eipnn_cells_build(eipnn_cells *cells, int npoint, const double (*position)[3],
                               double cutoff)
{
  double extent[3];
  bounds(npoint, position, cells->origin, extent);
  for (int d = 0; d < 3; d++)
    if (!isfinite(extent[d])) return eipnn_error(EIPNN_ERROR_ARGUMENT, "a position is not finite");
  cells->npoint = npoint;
  size_t ncube = choose_cubes(cells, extent, cutoff, npoint);
  EIPNN_TRY(reserve(cells, (size_t)npoint, ncube));
  sort_points(cells, position, ncube);
  return EIPNN_OK;
}

/* Distance from x to the slab of cubes at place p. */
static double slab_distance(const eipnn_cells *cells, double x, int p, int d)
{
  double low = cells->origin[d] + p * cells->side - x;
  double high = -low - cells->side;
  double distance = low > high ? low : high;
  return distance > 0.0 ? distance : 0.0;
}

static int search_run(const eipnn_cells *cells, const double x[3], int self, double cutoff2,
                      int begin, int end, int nfound)
{
  int *found = cells->found;
  for (int s = begin; s < end; s++) {
    double dx = cells->x[s] - x[0], dy = cells->y[s] - x[1], dz = cells->z[s] - x[2];
    found[nfound] = cells->point[s];
    nfound += (dx * dx + dy * dy + dz * dz < cutoff2) & (cells->point[s] != self);
  }
  return nfound;
}

int eipnn_cells_search(eipnn_cells *cells, const double x[3], int self, double cutoff)
{
  int low[3], high[3], nfound = 0;
  double cutoff2 = cutoff * cutoff;
  for (int d = 0; d < 3; d++) {
    int here = place(cells, x[d], d);
    low[d] = here > REACH ? here - REACH : 0;
    high[d] = here + REACH < cells->count[d] ? here + REACH : cells->count[d] - 1;
  }
  double skip2 = cutoff2 * (1.0 + 1.0e-9);
  for (int c = low[2]; c <= high[2]; c++) {
    double z = slab_distance(cells, x[2], c, 2);
    for (int b = low[1]; b <= high[1]; b++) {
      double y = slab_distance(cells, x[1], b, 1);
      if (y * y + z * z > skip2) continue;
      int row = (c * cells->count[1] + b) * cells->count[0];
      nfound = search_run(cells, x, self, cutoff2, cells->start[row + low[0]],
                          cells->start[row + high[0] + 1], nfound);
    }
  }
  return nfound;
}

void eipnn_cells_free(eipnn_cells *cells)
{
  free(cells->start);
  free(cells->cube);
  free(cells->point);
  free(cells->x);
  free(cells->found);
  memset(cells, 0, sizeof *cells);
}
