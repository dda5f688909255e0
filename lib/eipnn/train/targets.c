/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "train/targets.h"

#include "base/error.h"
#include "base/hash.h"
#include "base/memory.h"
#include "train/loss.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static eipnn_status out_of_memory(size_t count)
{
  return eipnn_error(EIPNN_ERROR_MEMORY, "no memory for the labels of %zu configurations", count);
}

/* The label set a head is named after. */
static eipnn_status find_labels(const eipnn_dataset *dataset, const char *head,
                                const eipnn_labels **labels)
{
  char name[sizeof((eipnn_labels *)0)->name];
  snprintf(name, sizeof name, strcmp(head, "dft") ? "eip/%s" : "%s", head);
  *labels = eipnn_dataset_labels(dataset, name);
  if (*labels) return EIPNN_OK;
  return eipnn_error(
      EIPNN_ERROR_ARGUMENT,
      "head '%s' of the model learns label set '%s', which the dataset does not have: "
      "label the dataset first, or train another model",
      head, name);
}

static int role_enters(uint8_t role, const eipnn_train_options *options, eipnn_purpose purpose)
{
  if (purpose == EIPNN_PURPOSE_VALIDATION) return role == EIPNN_ROLE_VALIDATION;
  return role == EIPNN_ROLE_TRAIN || (options->use_pool && role == EIPNN_ROLE_POOL);
}

/* Labels of one head, as arguments of the functions below. */
typedef struct head_source {
  const eipnn_labels *labels;
  int head;
  int hidden_in_pool;
  int forces, virial; /* wanted, and there */
} head_source;

/* NaN stays NaN; an energy outside the window becomes NaN. */
static double windowed_energy(double energy, int natoms, const eipnn_train_options *options)
{
  const double per_atom = energy / natoms;
  if (per_atom < options->energy_minimum || per_atom > options->energy_maximum) return NAN;
  return isfinite(energy) ? energy : NAN;
}

static void copy_finite(double *to, const double *from, size_t count, int keep)
{
  for (size_t k = 0; k < count; k++) to[k] = keep && isfinite(from[k]) ? from[k] : NAN;
}

/* Labels of one configuration for one head into slot `slot`. */
static void take_labels(eipnn_targets *targets, size_t slot, const head_source *source, int hidden,
                        const eipnn_dataset *dataset, const eipnn_train_options *options)
{
  const size_t index = targets->index[slot];
  const size_t atom = eipnn_dataset_first_atom(dataset, index);
  const size_t natoms = eipnn_dataset_first_atom(dataset, index + 1) - atom;
  const double label = source->labels->energy[index];
  const double energy = hidden ? NAN : windowed_energy(label, (int)natoms, options);
  /* What the window rejects is rejected whole; forces without an energy are fine. */
  const int keep = !hidden && (isnan(label) || !isnan(energy));
  targets->energy[slot * (size_t)targets->nheads + (size_t)source->head] = energy;
  targets->labelled[0][slot] += !isnan(energy);
  if (source->forces) {
    double *to = targets->forces[source->head][targets->first[slot]];
    copy_finite(to, source->labels->forces[atom], 3 * natoms, keep);
    targets->labelled[1][slot] += eipnn_loss_labelled(3 * natoms, to);
  }
  if (source->virial) {
    double *to = targets->virial[source->head][slot];
    copy_finite(to, source->labels->virial[index], 6, keep);
    targets->labelled[2][slot] += eipnn_loss_labelled(6, to);
  }
}

/* Room for every configuration whose role enters. */
static eipnn_status allocate(eipnn_targets *targets, const eipnn_dataset *dataset,
                             const uint8_t *roles, const eipnn_train_options *options,
                             eipnn_purpose purpose)
{
  size_t count = 0;
  for (size_t n = 0; n < eipnn_dataset_count(dataset); n++)
    count += (size_t)role_enters(roles[n], options, purpose);
  const size_t nheads = (size_t)targets->nheads;
  targets->index = eipnn_calloc(count, sizeof *targets->index);
  targets->first = eipnn_calloc(count + 1, sizeof *targets->first);
  targets->energy = eipnn_calloc(count, nheads * sizeof *targets->energy);
  targets->forces = eipnn_calloc(nheads, sizeof *targets->forces);
  targets->virial = eipnn_calloc(nheads, sizeof *targets->virial);
  int complete =
      targets->index && targets->first && targets->energy && targets->forces && targets->virial;
  for (int k = 0; k < 3; k++) {
    targets->labelled[k] = eipnn_calloc(count, sizeof **targets->labelled);
    complete = complete && targets->labelled[k];
  }
  if (!complete) return out_of_memory(count);
  for (size_t n = 0; n < eipnn_dataset_count(dataset); n++) {
    if (!role_enters(roles[n], options, purpose)) continue;
    const size_t slot = targets->count++;
    targets->index[slot] = n;
    targets->first[slot + 1] = targets->first[slot] + eipnn_dataset_first_atom(dataset, n + 1) -
                               eipnn_dataset_first_atom(dataset, n);
  }
  return EIPNN_OK;
}

/* Finds the labels of a head and makes room for its forces and virials. */
static eipnn_status open_head(eipnn_targets *targets, head_source *source, const eipnn_model *model,
                              const eipnn_dataset *dataset, const eipnn_train_options *options,
                              eipnn_purpose purpose)
{
  const char *head = eipnn_model_head_name(model, source->head);
  EIPNN_TRY(find_labels(dataset, head, &source->labels));
  source->hidden_in_pool = !strcmp(head, "dft");
  const int train = purpose == EIPNN_PURPOSE_TRAIN;
  source->forces = train && options->force_weight > 0 && source->labels->forces;
  source->virial = train && options->virial_weight > 0 && source->labels->virial;
  if (source->forces)
    targets->forces[source->head] =
        eipnn_calloc(targets->first[targets->count], sizeof **targets->forces);
  if (source->virial)
    targets->virial[source->head] = eipnn_calloc(targets->count, sizeof **targets->virial);
  if ((source->forces && !targets->forces[source->head]) ||
      (source->virial && !targets->virial[source->head]))
    return out_of_memory(targets->count);
  return EIPNN_OK;
}

/* Labels of one configuration that the loss would use. */
static size_t used_labels(const eipnn_targets *targets, size_t slot,
                          const eipnn_train_options *options, eipnn_purpose purpose)
{
  const int energies = purpose == EIPNN_PURPOSE_VALIDATION || options->energy_weight > 0;
  return (energies ? targets->labelled[0][slot] : 0) + targets->labelled[1][slot] +
         targets->labelled[2][slot];
}

/* Moves configuration `from` to the free slot `to` before it. */
static void move_slot(eipnn_targets *targets, size_t to, size_t from)
{
  const size_t nheads = (size_t)targets->nheads;
  const size_t natoms = targets->first[from + 1] - targets->first[from];
  const size_t atom = targets->first[to];
  memmove(targets->energy + to * nheads, targets->energy + from * nheads,
          nheads * sizeof *targets->energy);
  for (size_t head = 0; head < nheads; head++) {
    if (targets->forces[head])
      memmove(targets->forces[head][atom], targets->forces[head][targets->first[from]],
              natoms * sizeof **targets->forces);
    if (targets->virial[head])
      memmove(targets->virial[head][to], targets->virial[head][from], sizeof **targets->virial);
  }
  for (int k = 0; k < 3; k++) targets->labelled[k][to] = targets->labelled[k][from];
  targets->index[to] = targets->index[from];
  targets->first[to + 1] = atom + natoms;
}

/* Drops configurations without any label that the loss would use. */
static void drop_unlabelled(eipnn_targets *targets, const eipnn_train_options *options,
                            eipnn_purpose purpose)
{
  size_t kept = 0;
  for (size_t slot = 0; slot < targets->count; slot++) {
    if (!used_labels(targets, slot, options, purpose)) continue;
    if (kept < slot) move_slot(targets, kept, slot); /* first[slot + 1] and later stay intact */
    kept++;
  }
  targets->count = kept;
}

static eipnn_status check_head(const eipnn_targets *targets, int head, const char *name,
                               const eipnn_train_options *options)
{
  size_t labelled = 0;
  for (size_t slot = 0; slot < targets->count && options->energy_weight > 0; slot++)
    labelled += !isnan(targets->energy[slot * (size_t)targets->nheads + (size_t)head]);
  if (targets->forces[head])
    labelled += eipnn_loss_labelled(3 * targets->first[targets->count], targets->forces[head][0]);
  if (targets->virial[head])
    labelled += eipnn_loss_labelled(6 * targets->count, targets->virial[head][0]);
  if (labelled) return EIPNN_OK;
  return eipnn_error(EIPNN_ERROR_ARGUMENT,
                     "head '%s' has no label among the %zu training configurations of split '%s' "
                     "(missing, outside the energy window, or hidden in the pool)",
                     name, targets->count, options->split);
}

/* A weight on labels that no head has would train on something else than asked for. */
static eipnn_status check_weight(const eipnn_targets *targets, int kind, double weight,
                                 const char *name, const eipnn_train_options *options)
{
  if (weight <= 0) return EIPNN_OK;
  for (size_t slot = 0; slot < targets->count; slot++)
    if (targets->labelled[kind][slot]) return EIPNN_OK;
  return eipnn_error(EIPNN_ERROR_ARGUMENT,
                     "the weight of the %s is %g, but none of the %zu training configurations of "
                     "split '%s' has %s: set the weight to 0, or label them",
                     name, weight, targets->count, options->split, name);
}

static eipnn_status check_targets(const eipnn_targets *targets, const eipnn_model *model,
                                  const eipnn_train_options *options, eipnn_purpose purpose)
{
  if (targets->count == 0)
    return eipnn_error(
        EIPNN_ERROR_ARGUMENT,
        "split '%s' has no %s configuration with a label that the model learns inside "
        "the energy window: change the split or the window",
        options->split, purpose == EIPNN_PURPOSE_TRAIN ? "training" : "validation");
  if (purpose == EIPNN_PURPOSE_VALIDATION) return EIPNN_OK;
  for (int head = 0; head < targets->nheads; head++)
    EIPNN_TRY(check_head(targets, head, eipnn_model_head_name(model, head), options));
  EIPNN_TRY(check_weight(targets, 1, options->force_weight, "forces", options));
  return check_weight(targets, 2, options->virial_weight, "virials", options);
}

static eipnn_status fill(eipnn_targets *targets, const eipnn_model *model,
                         const eipnn_dataset *dataset, const uint8_t *roles,
                         const eipnn_train_options *options, eipnn_purpose purpose)
{
  EIPNN_TRY(allocate(targets, dataset, roles, options, purpose));
  for (int head = 0; head < targets->nheads; head++) {
    head_source source = {.head = head};
    EIPNN_TRY(open_head(targets, &source, model, dataset, options, purpose));
    for (size_t slot = 0; slot < targets->count; slot++) {
      const int hidden = source.hidden_in_pool && roles[targets->index[slot]] == EIPNN_ROLE_POOL;
      take_labels(targets, slot, &source, hidden, dataset, options);
    }
  }
  drop_unlabelled(targets, options, purpose);
  return check_targets(targets, model, options, purpose);
}

eipnn_status eipnn_targets_build(eipnn_targets *targets, const eipnn_model *model,
                                 const eipnn_dataset *dataset, const eipnn_train_options *options,
                                 eipnn_purpose purpose)
{
  memset(targets, 0, sizeof *targets);
  const uint8_t *roles = eipnn_dataset_split(dataset, options->split);
  if (!roles)
    return eipnn_error(EIPNN_ERROR_ARGUMENT,
                       "the dataset has no split '%s': make it with eipnn split", options->split);
  targets->nheads = eipnn_model_head_count(model);
  eipnn_status status = fill(targets, model, dataset, roles, options, purpose);
  if (status != EIPNN_OK) eipnn_targets_free(targets);
  return status;
}

void eipnn_targets_free(eipnn_targets *targets)
{
  for (int head = 0; head < targets->nheads; head++) {
    if (targets->forces) free(targets->forces[head]);
    if (targets->virial) free(targets->virial[head]);
  }
  free(targets->forces);
  free(targets->virial);
  free(targets->index);
  free(targets->first);
  free(targets->energy);
  for (int k = 0; k < 3; k++) free(targets->labelled[k]);
  memset(targets, 0, sizeof *targets);
}

static eipnn_status unknown_element(size_t configuration, int number)
{
  const char *symbol = eipnn_element_symbol(number);
  return eipnn_error(EIPNN_ERROR_ARGUMENT,
                     "configuration %zu holds %s (atomic number %d), which the model does not know; "
                     "`eipnn info MODEL.h5` lists its species",
                     configuration, symbol ? symbol : "no element", number);
}

eipnn_status eipnn_targets_count_species(const eipnn_targets *targets, size_t slot,
                                         const eipnn_model *model, const eipnn_dataset *dataset,
                                         int *count)
{
  eipnn_configuration configuration;
  EIPNN_TRY(eipnn_dataset_get(dataset, targets->index[slot], &configuration));
  memset(count, 0, (size_t)eipnn_model_species_count(model) * sizeof *count);
  for (int i = 0; i < configuration.natoms; i++) {
    const int species = eipnn_model_species_index(model, configuration.number[i]);
    if (species < 0) return unknown_element(targets->index[slot], configuration.number[i]);
    count[species]++;
  }
  return EIPNN_OK;
}

static void scale_array(double *values, size_t count, double scale)
{
  for (size_t k = 0; k < count; k++) values[k] /= scale;
}

eipnn_status eipnn_targets_scale(eipnn_targets *targets, const eipnn_model *model,
                                 const eipnn_dataset *dataset)
{
  const size_t nheads = (size_t)targets->nheads;
  const int nspecies = eipnn_model_species_count(model);
  int atoms[118]; /* of each species */
  for (size_t slot = 0; slot < targets->count; slot++) {
    EIPNN_TRY(eipnn_targets_count_species(targets, slot, model, dataset, atoms));
    for (size_t head = 0; head < nheads; head++)
      for (int s = 0; s < nspecies; s++)
        targets->energy[slot * nheads + head] -= atoms[s] * eipnn_model_shift(model, (int)head)[s];
  }
  for (size_t head = 0; head < nheads; head++) {
    const double scale = eipnn_model_scale(model, (int)head);
    for (size_t slot = 0; slot < targets->count; slot++)
      targets->energy[slot * nheads + head] /= scale;
    if (targets->forces[head])
      scale_array(targets->forces[head][0], 3 * targets->first[targets->count], scale);
    if (targets->virial[head]) scale_array(targets->virial[head][0], 6 * targets->count, scale);
  }
  return EIPNN_OK;
}

static uint64_t hash_configuration(uint64_t hash, const eipnn_configuration *configuration)
{
  hash = eipnn_hash_reals(hash, configuration->cell[0], 9);
  hash = eipnn_hash_reals(hash, configuration->position[0], 3 * (size_t)configuration->natoms);
  for (int i = 0; i < configuration->natoms; i++)
    hash = eipnn_hash_word(hash, (uint64_t)configuration->number[i]);
  for (int k = 0; k < 3; k++) hash = eipnn_hash_word(hash, (uint64_t)configuration->pbc[k]);
  return hash;
}

uint64_t eipnn_targets_hash(const eipnn_targets *targets, const eipnn_dataset *dataset,
                            uint64_t hash)
{
  for (size_t slot = 0; slot < targets->count; slot++) {
    eipnn_configuration configuration;
    if (eipnn_dataset_get(dataset, targets->index[slot], &configuration) == EIPNN_OK)
      hash = hash_configuration(hash, &configuration);
  }
  hash = eipnn_hash_reals(hash, targets->energy, targets->count * (size_t)targets->nheads);
  for (int head = 0; head < targets->nheads; head++) {
    if (targets->forces[head])
      hash = eipnn_hash_reals(hash, targets->forces[head][0], 3 * targets->first[targets->count]);
    if (targets->virial[head])
      hash = eipnn_hash_reals(hash, targets->virial[head][0], 6 * targets->count);
  }
  return hash;
}
