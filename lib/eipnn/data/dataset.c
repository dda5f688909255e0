/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/memory.h"
#include "data/dataset_data.h"
#include "data/lattice.h"

#include <limits.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

eipnn_status eipnn_dataset_create(eipnn_dataset **dataset)
{
  *dataset = NULL;
  eipnn_dataset *created = eipnn_calloc(1, sizeof *created);
  if (!created) return eipnn_error(EIPNN_ERROR_MEMORY, "no memory for a dataset");
  eipnn_status status = eipnn_dataset_reserve(created, 1, 1);
  eipnn_labels *labels;
  if (status == EIPNN_OK) status = eipnn_dataset_add_labels(created, "dft", 0, 0, &labels);
  if (status != EIPNN_OK) {
    eipnn_dataset_free(&created);
    return status;
  }
  *dataset = created;
  return EIPNN_OK;
}

void eipnn_dataset_free(eipnn_dataset **dataset)
{
  eipnn_dataset *d = *dataset;
  if (!d) return;
  for (size_t i = 0; i < d->count; i++) free(d->tag[i]);
  for (size_t i = 0; i < d->nlabels; i++) eipnn_labels_free(&d->labels[i]);
  for (size_t i = 0; i < d->nsplits; i++) {
    free(d->splits[i]->role);
    free(d->splits[i]);
  }
  free(d->first);
  free(d->cell);
  free(d->pbc);
  free(d->tag);
  free(d->number);
  free(d->position);
  free(d->group);
  free(d->labels);
  free(d->splits);
  free(d);
  *dataset = NULL;
}

/* Reallocates one array; the capacity is the dataset's. */
static eipnn_status resize(void *array, size_t count, size_t size)
{
  void **slot = array;
  void *resized = count <= SIZE_MAX / size ? realloc(*slot, count * size) : NULL;
  if (!resized)
    return eipnn_error(EIPNN_ERROR_MEMORY, "no memory for %zu elements of %zu bytes", count, size);
  *slot = resized;
  return EIPNN_OK;
}

static size_t grown(size_t capacity, size_t needed)
{
  if (needed <= capacity) return capacity;
  size_t wanted = capacity + capacity / 2;
  return wanted > needed ? wanted : needed;
}

eipnn_status eipnn_dataset_reserve(eipnn_dataset *dataset, size_t configurations, size_t atoms)
{
  if (configurations <= dataset->config_capacity && atoms <= dataset->atom_capacity)
    return EIPNN_OK;
  size_t n = grown(dataset->config_capacity, configurations);
  size_t natom = grown(dataset->atom_capacity, atoms);
  int fresh = !dataset->first;
  EIPNN_TRY(resize(&dataset->first, n + 1, sizeof *dataset->first));
  if (fresh) dataset->first[0] = 0;
  EIPNN_TRY(resize(&dataset->cell, n, sizeof *dataset->cell));
  EIPNN_TRY(resize(&dataset->pbc, n, sizeof *dataset->pbc));
  EIPNN_TRY(resize(&dataset->tag, n, sizeof *dataset->tag));
  EIPNN_TRY(resize(&dataset->number, natom, sizeof *dataset->number));
  EIPNN_TRY(resize(&dataset->position, natom, sizeof *dataset->position));
  if (dataset->group) EIPNN_TRY(resize(&dataset->group, n, sizeof *dataset->group));
  for (size_t i = 0; i < dataset->nlabels; i++)
    EIPNN_TRY(eipnn_labels_reserve(dataset->labels[i], n, natom));
  for (size_t i = 0; i < dataset->nsplits; i++) EIPNN_TRY(resize(&dataset->splits[i]->role, n, 1));
  dataset->config_capacity = n;
  dataset->atom_capacity = natom;
  return EIPNN_OK;
}

void eipnn_dataset_truncate(eipnn_dataset *dataset, size_t count)
{
  for (size_t i = count; i < dataset->count; i++) free(dataset->tag[i]);
  dataset->count = count;
  dataset->natom = dataset->first[count];
}

size_t eipnn_dataset_count(const eipnn_dataset *dataset)
{
  return dataset->count;
}

size_t eipnn_dataset_atom_count(const eipnn_dataset *dataset)
{
  return dataset->natom;
}

size_t eipnn_dataset_first_atom(const eipnn_dataset *dataset, size_t index)
{
  return dataset->first[index < dataset->count ? index : dataset->count];
}

int eipnn_dataset_natoms(const eipnn_dataset *dataset, size_t index)
{
  return (int)(eipnn_dataset_first_atom(dataset, index + 1) -
               eipnn_dataset_first_atom(dataset, index));
}

eipnn_status eipnn_dataset_get(const eipnn_dataset *dataset, size_t index,
                               eipnn_configuration *configuration)
{
  if (index >= dataset->count)
    return eipnn_error(EIPNN_ERROR_ARGUMENT,
                       "configuration %zu does not exist; the dataset has %zu", index,
                       dataset->count);
  size_t first = dataset->first[index];
  configuration->natoms = (int)(dataset->first[index + 1] - first);
  memcpy(configuration->cell, dataset->cell[index], sizeof configuration->cell);
  for (int k = 0; k < 3; k++) configuration->pbc[k] = dataset->pbc[index][k];
  configuration->number = dataset->number + first;
  configuration->position = (const double(*)[3])dataset->position + first;
  configuration->tag = dataset->tag[index] ? dataset->tag[index] : "";
  return EIPNN_OK;
}

eipnn_status eipnn_configuration_check(const eipnn_configuration *configuration)
{
  eipnn_lattice lattice;
  if (configuration->natoms < 1)
    return eipnn_error(EIPNN_ERROR_ARGUMENT, "a configuration needs at least one atom, got %d",
                       configuration->natoms);
  if (!configuration->number || !configuration->position)
    return eipnn_error(EIPNN_ERROR_ARGUMENT, "a configuration needs atomic numbers and positions");
  EIPNN_TRY(eipnn_lattice_build(&lattice, configuration->cell, configuration->pbc));
  for (int i = 0; i < configuration->natoms; i++) {
    const double *x = configuration->position[i];
    if (!eipnn_element_symbol(configuration->number[i]))
      return eipnn_error(EIPNN_ERROR_ARGUMENT, "atom %d has atomic number %d; use 1 to %d", i + 1,
                         configuration->number[i], EIPNN_ELEMENTS);
    if (!isfinite(x[0]) || !isfinite(x[1]) || !isfinite(x[2]))
      return eipnn_error(EIPNN_ERROR_ARGUMENT, "the position of atom %d is not finite", i + 1);
  }
  if (configuration->tag && strlen(configuration->tag) >= EIPNN_TAG_SIZE)
    return eipnn_error(EIPNN_ERROR_ARGUMENT, "the config_type has %zu characters; use at most %d",
                       strlen(configuration->tag), EIPNN_TAG_SIZE - 1);
  return EIPNN_OK;
}

static eipnn_status check_labels(int natoms, double energy, const double (*forces)[3],
                                 const double *virial)
{
  if (isinf(energy))
    return eipnn_error(EIPNN_ERROR_ARGUMENT, "the energy is infinite; use NaN where it is missing");
  for (int i = 0; forces && i < natoms; i++)
    for (int c = 0; c < 3; c++)
      if (isinf(forces[i][c]))
        return eipnn_error(EIPNN_ERROR_ARGUMENT, "the force on atom %d is infinite", i + 1);
  for (int c = 0; virial && c < 6; c++)
    if (isinf(virial[c])) return eipnn_error(EIPNN_ERROR_ARGUMENT, "the virial is infinite");
  return EIPNN_OK;
}

/* Copies a checked configuration behind the last; room is there. */
static eipnn_status store(eipnn_dataset *dataset, const eipnn_configuration *configuration)
{
  size_t n = dataset->count, first = dataset->natom, natoms = (size_t)configuration->natoms;
  char *tag = NULL;
  if (configuration->tag && configuration->tag[0]) {
    tag = eipnn_strdup(configuration->tag);
    if (!tag) return eipnn_error(EIPNN_ERROR_MEMORY, "no memory for a config_type");
  }
  dataset->tag[n] = tag;
  memcpy(dataset->cell[n], configuration->cell, sizeof dataset->cell[n]);
  for (int k = 0; k < 3; k++) dataset->pbc[n][k] = configuration->pbc[k] != 0;
  memcpy(dataset->number + first, configuration->number, natoms * sizeof *dataset->number);
  memcpy(dataset->position + first, configuration->position, natoms * sizeof *dataset->position);
  if (dataset->group) dataset->group[n] = -1;
  dataset->first[n + 1] = dataset->natom = first + natoms;
  dataset->count = n + 1;
  for (size_t i = 0; i < dataset->nlabels; i++)
    eipnn_labels_clear(dataset->labels[i], dataset->first, n, n + 1);
  for (size_t i = 0; i < dataset->nsplits; i++) dataset->splits[i]->role[n] = EIPNN_ROLE_UNUSED;
  return EIPNN_OK;
}

eipnn_status eipnn_dataset_append(eipnn_dataset *dataset, const eipnn_configuration *configuration,
                                  double energy, const double (*forces)[3], const double *virial)
{
  eipnn_labels *dft;
  EIPNN_TRY(eipnn_configuration_check(configuration));
  EIPNN_TRY(check_labels(configuration->natoms, energy, forces, virial));
  EIPNN_TRY(eipnn_dataset_reserve(dataset, dataset->count + 1,
                                  dataset->natom + (size_t)configuration->natoms));
  EIPNN_TRY(eipnn_dataset_add_labels(dataset, "dft", forces != NULL, virial != NULL, &dft));
  size_t n = dataset->count, first = dataset->natom;
  EIPNN_TRY(store(dataset, configuration));
  dft->energy[n] = energy;
  if (forces)
    memcpy(dft->forces + first, forces, (size_t)configuration->natoms * sizeof *dft->forces);
  if (virial) memcpy(dft->virial[n], virial, sizeof dft->virial[n]);
  return EIPNN_OK;
}

int eipnn_dataset_species(const eipnn_dataset *dataset, int number[EIPNN_ELEMENTS])
{
  uint8_t present[EIPNN_ELEMENTS + 1] = {0};
  int count = 0;
  for (size_t i = 0; i < dataset->natom; i++) present[dataset->number[i]] = 1;
  for (int z = 1; z <= EIPNN_ELEMENTS; z++)
    if (present[z]) number[count++] = z;
  return count;
}

double eipnn_dataset_reference_energy(const eipnn_dataset *dataset, int number, int *known)
{
  int set = number >= 1 && number <= EIPNN_ELEMENTS && dataset->reference_known[number];
  if (known) *known = set;
  return set ? dataset->reference[number] : 0.0;
}

eipnn_status eipnn_dataset_set_reference_energy(eipnn_dataset *dataset, int number, double energy)
{
  if (!eipnn_element_symbol(number))
    return eipnn_error(EIPNN_ERROR_ARGUMENT, "no element has atomic number %d", number);
  if (!isfinite(energy))
    return eipnn_error(EIPNN_ERROR_ARGUMENT, "the reference energy of %s is not finite",
                       eipnn_element_symbol(number));
  dataset->reference[number] = energy;
  dataset->reference_known[number] = 1;
  return EIPNN_OK;
}
