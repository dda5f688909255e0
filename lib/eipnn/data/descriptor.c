/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "data/descriptor.h"

#include "base/memory.h"

#include <eipnn/neighbor.h>

#include <cblas.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum {
  RADIAL = EIPNN_DESCRIPTOR_RADIAL,
  DEGREE = EIPNN_DESCRIPTOR_DEGREE,
  HARMONICS = (DEGREE + 1) * (DEGREE + 1)
};

/* Scratch of one dataset. */
typedef struct expansion {
  double cutoff;
  int channels;                    /* species times RADIAL */
  int channel[EIPNN_ELEMENTS + 1]; /* first channel of an atomic number */
  eipnn_pair_list pairs;
  double *coefficient; /* [natoms][HARMONICS][channels] */
  size_t capacity;
  double *spectrum; /* [DEGREE+1][channels][channels] sum over atoms */
} expansion;

/* Gaussians on an even grid, half its spacing wide, times a cosine cutoff and a decay that keeps
   shells of many neighbours from outweighing the nearest. */
static void radial(double r, double cutoff, double w[RADIAL])
{
  const double spacing = cutoff / RADIAL, width = 0.5 * spacing;
  const double decay = 0.5 * (1.0 + cos(acos(-1.0) * r / cutoff)) / (1.0 + r * r / 4.0);
  for (int n = 0; n < RADIAL; n++) {
    double x = (r - n * spacing) / width;
    w[n] = decay * exp(-0.5 * x * x);
  }
}

/* Adds a neighbour to the expansion of one atom; sign: -1 for its odd harmonics reversed. */
static void add_neighbor(double *coefficient, int channels, int channel, const double w[RADIAL],
                         const double y[HARMONICS], int reversed)
{
  for (int l = 0, h = 0; l <= DEGREE; l++)
    for (int m = -l; m <= l; m++, h++) {
      double factor = reversed && l % 2 ? -y[h] : y[h];
      double *row = coefficient + (size_t)h * channels + channel;
      for (int n = 0; n < RADIAL; n++) row[n] += factor * w[n];
    }
}

static eipnn_status expand(expansion *e, const eipnn_configuration *c)
{
  const size_t stride = (size_t)HARMONICS * e->channels;
  double w[RADIAL], y[HARMONICS];
  EIPNN_TRY(eipnn_pair_list_build(&e->pairs, c, e->cutoff));
  EIPNN_TRY(eipnn_grow((void **)&e->coefficient, &e->capacity, stride * (size_t)c->natoms,
                       sizeof *e->coefficient));
  memset(e->coefficient, 0, stride * (size_t)c->natoms * sizeof *e->coefficient);
  radial(0.0, e->cutoff, w);
  for (int i = 0; i < c->natoms; i++)
    for (int n = 0; n < RADIAL; n++)
      e->coefficient[i * stride + e->channel[c->number[i]] + n] = w[n];
  for (int p = 0; p < e->pairs.npair; p++) {
    const double *v = e->pairs.vec[p];
    int i = e->pairs.i[p], j = e->pairs.j[p];
    radial(sqrt(v[0] * v[0] + v[1] * v[1] + v[2] * v[2]), e->cutoff, w);
    eipnn_spherical_harmonics(v, y);
    add_neighbor(e->coefficient + i * stride, e->channels, e->channel[c->number[j]], w, y, 0);
    add_neighbor(e->coefficient + j * stride, e->channels, e->channel[c->number[i]], w, y, 1);
  }
  return EIPNN_OK;
}

/* spectrum_l = sum over atoms and m of coefficient^T coefficient (upper triangle). */
static void contract(expansion *e, int natoms)
{
  const int channels = e->channels;
  memset(e->spectrum, 0, sizeof *e->spectrum * (DEGREE + 1) * channels * channels);
  for (int i = 0; i < natoms; i++)
    for (int l = 0; l <= DEGREE; l++) {
      const double *rows = e->coefficient + ((size_t)i * HARMONICS + (size_t)(l * l)) * channels;
      cblas_dsyrk(CblasRowMajor, CblasUpper, CblasTrans, channels, 2 * l + 1, 1.0, rows, channels,
                  1.0, e->spectrum + (size_t)l * channels * channels, channels);
    }
}

/* The upper triangles as one vector of length 1; elements off the diagonal stand for two. */
static void normalise(const expansion *e, double *value)
{
  const int channels = e->channels;
  double square = 0.0;
  size_t k = 0;
  for (int l = 0; l <= DEGREE; l++)
    for (int a = 0; a < channels; a++)
      for (int b = a; b < channels; b++, k++) {
        value[k] = (a == b ? 1.0 : sqrt(2.0)) *
                   e->spectrum[((size_t)l * channels + (size_t)a) * channels + (size_t)b];
        square += value[k] * value[k];
      }
  for (size_t i = 0; i < k; i++) value[i] /= sqrt(square);
}

static eipnn_status build(expansion *e, const eipnn_dataset *dataset, const size_t *order,
                          eipnn_descriptors *descriptors)
{
  for (size_t i = 0; i < descriptors->count; i++) {
    eipnn_configuration c;
    size_t index = order ? order[i] : i;
    EIPNN_TRY(eipnn_dataset_get(dataset, index, &c));
    eipnn_status status = expand(e, &c);
    if (status != EIPNN_OK)
      return eipnn_error(status, "configuration %zu: %s", index, eipnn_last_error());
    contract(e, c.natoms);
    normalise(e, descriptors->value + i * descriptors->length);
  }
  return EIPNN_OK;
}

eipnn_status eipnn_descriptors_build(const eipnn_dataset *dataset, double cutoff,
                                     const size_t *order, eipnn_descriptors *descriptors)
{
  int species[EIPNN_ELEMENTS], nspecies = eipnn_dataset_species(dataset, species);
  expansion e = {.cutoff = cutoff, .channels = nspecies * RADIAL};
  if (!(cutoff > 0.0 && cutoff <= 20.0))
    return eipnn_error(EIPNN_ERROR_ARGUMENT, "a descriptor cutoff of %g Angstrom; use up to 20",
                       cutoff);
  for (int s = 0; s < nspecies; s++) e.channel[species[s]] = s * RADIAL;
  size_t triangle = (size_t)e.channels * ((size_t)e.channels + 1) / 2;
  *descriptors =
      (eipnn_descriptors){.count = eipnn_dataset_count(dataset), .length = triangle * (DEGREE + 1)};
  descriptors->value = eipnn_calloc(descriptors->count, descriptors->length * sizeof(double));
  e.spectrum = eipnn_calloc((size_t)e.channels * e.channels, (DEGREE + 1) * sizeof *e.spectrum);
  eipnn_status status =
      descriptors->value && e.spectrum
          ? build(&e, dataset, order, descriptors)
          : eipnn_error(EIPNN_ERROR_MEMORY, "no memory for %zu descriptors of %zu numbers",
                        descriptors->count, descriptors->length);
  eipnn_pair_list_free(&e.pairs);
  free(e.coefficient);
  free(e.spectrum);
  if (status != EIPNN_OK) eipnn_descriptors_free(descriptors);
  return status;
}

void eipnn_descriptors_free(eipnn_descriptors *descriptors)
{
  free(descriptors->value);
  *descriptors = (eipnn_descriptors){0};
}
