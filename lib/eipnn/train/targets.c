/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "train/targets.h"

#include "base/error.h"
#include "base/hash.h"
#include "base/memory.h"
#include "train/loss.h"
#include "train/target_labels.h"

#include <eipnn/classifier.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

static int role_enters(uint8_t role, const eipnn_target_source *source)
{
  if (source->purpose == EIPNN_PURPOSE_VALIDATION) return role == EIPNN_ROLE_VALIDATION;
  return role == EIPNN_ROLE_TRAIN || (source->options->use_pool && role == EIPNN_ROLE_POOL);
}

/* Only the pool's labels may be chosen: elsewhere they would displace DFT, or leak. */
static int has_chosen_label(size_t n, const eipnn_target_source *source)
{
  return source->augmentation && source->roles[n] == EIPNN_ROLE_POOL &&
         !isnan(source->augmentation->energy[n]);
}

/* Room for `count` slots. */
static eipnn_status allocate(eipnn_targets *targets, size_t count, int classes)
{
  const size_t nheads = (size_t)targets->nheads;
  targets->index = eipnn_calloc(count, sizeof *targets->index);
  targets->weight = eipnn_calloc(count, sizeof *targets->weight);
  targets->first = eipnn_calloc(count + 1, sizeof *targets->first);
  if (classes)
    targets->category = eipnn_calloc(count, sizeof *targets->category);
  else
    targets->energy = eipnn_calloc(count, nheads * sizeof *targets->energy);
  targets->forces = eipnn_calloc(nheads, sizeof *targets->forces);
  targets->virial = eipnn_calloc(nheads, sizeof *targets->virial);
  int complete = targets->index && targets->weight && targets->first &&
                 (targets->energy || targets->category) && targets->forces && targets->virial;
  for (int k = 0; k < EIPNN_LABEL_KINDS; k++) {
    targets->labelled[k] = eipnn_calloc(count, sizeof **targets->labelled);
    complete = complete && targets->labelled[k];
  }
  if (complete) return EIPNN_OK;
  return eipnn_error(EIPNN_ERROR_MEMORY, "no memory for the labels of %zu configurations", count);
}

static void add_slot(eipnn_targets *targets, const eipnn_dataset *dataset, size_t index,
                     double weight)
{
  const size_t slot = targets->count++;
  targets->index[slot] = index;
  targets->weight[slot] = weight;
  targets->first[slot + 1] = targets->first[slot] + (size_t)eipnn_dataset_natoms(dataset, index);
}

/* A slot for every configuration whose role enters, then for every chosen label. */
static eipnn_status make_slots(eipnn_targets *targets, const eipnn_target_source *source)
{
  const size_t configurations = eipnn_dataset_count(source->dataset);
  size_t count = 0;
  for (size_t n = 0; n < configurations; n++)
    count += (size_t)(role_enters(source->roles[n], source) + has_chosen_label(n, source));
  EIPNN_TRY(allocate(targets, count, source->options->category != NULL));
  for (size_t n = 0; n < configurations; n++)
    if (role_enters(source->roles[n], source)) add_slot(targets, source->dataset, n, 1.0);
  targets->first_chosen = targets->count;
  for (size_t n = 0; n < configurations; n++)
    if (has_chosen_label(n, source))
      add_slot(targets, source->dataset, n, source->augmentation->weight[n]);
  return EIPNN_OK;
}

/* Labels of one configuration that the loss would use. */
static size_t used_labels(const eipnn_targets *targets, size_t slot,
                          const eipnn_target_source *source)
{
  const int energies =
      source->purpose == EIPNN_PURPOSE_VALIDATION || source->options->energy_weight > 0;
  return (energies ? targets->labelled[EIPNN_KIND_ENERGY][slot] : 0) +
         targets->labelled[EIPNN_KIND_FORCES][slot] + targets->labelled[EIPNN_KIND_VIRIAL][slot];
}

/* Moves configuration `from` to the free slot `to` before it. */
static void move_slot(eipnn_targets *targets, size_t to, size_t from)
{
  const size_t nheads = (size_t)targets->nheads;
  const size_t natoms = targets->first[from + 1] - targets->first[from];
  const size_t atom = targets->first[to];
  if (targets->category) targets->category[to] = targets->category[from];
  if (targets->energy)
    memmove(targets->energy + to * nheads, targets->energy + from * nheads,
            nheads * sizeof *targets->energy);
  for (size_t head = 0; head < nheads; head++) {
    if (targets->forces[head])
      memmove(targets->forces[head][atom], targets->forces[head][targets->first[from]],
              natoms * sizeof **targets->forces);
    if (targets->virial[head])
      memmove(targets->virial[head][to], targets->virial[head][from], sizeof **targets->virial);
  }
  for (int k = 0; k < EIPNN_LABEL_KINDS; k++) targets->labelled[k][to] = targets->labelled[k][from];
  targets->index[to] = targets->index[from];
  targets->weight[to] = targets->weight[from];
  targets->first[to + 1] = atom + natoms;
}

/* Drops configurations without any label that the loss would use. */
static void drop_unlabelled(eipnn_targets *targets, const eipnn_target_source *source)
{
  size_t kept = 0, kept_stored = 0;
  for (size_t slot = 0; slot < targets->count; slot++) {
    if (!used_labels(targets, slot, source)) continue;
    if (kept < slot) move_slot(targets, kept, slot); /* first[slot + 1] and later stay intact */
    kept++;
    if (slot < targets->first_chosen) kept_stored = kept;
  }
  targets->count = kept;
  targets->first_chosen = kept_stored;
}

static eipnn_status check_head(const eipnn_targets *targets, int head, const char *name,
                               const eipnn_train_options *options)
{
  size_t labelled = 0;
  for (size_t slot = 0; slot < targets->first_chosen && options->energy_weight > 0; slot++)
    labelled += !isnan(targets->energy[slot * (size_t)targets->nheads + (size_t)head]);
  if (targets->forces[head])
    labelled +=
        eipnn_loss_labelled(3 * targets->first[targets->first_chosen], targets->forces[head][0]);
  if (targets->virial[head])
    labelled += eipnn_loss_labelled(6 * targets->first_chosen, targets->virial[head][0]);
  if (labelled) return EIPNN_OK;
  return eipnn_error(EIPNN_ERROR_ARGUMENT,
                     "head '%s' has no label among the %zu training configurations of split '%s' "
                     "(missing, outside the energy window, or hidden in the pool)",
                     name, targets->first_chosen, options->split);
}

/* A weight on labels that no head has would train on something else than asked for. */
static eipnn_status check_weight(const eipnn_targets *targets, eipnn_label_kind kind, double weight,
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

static eipnn_status check_targets(const eipnn_targets *targets, const eipnn_target_source *source)
{
  const eipnn_train_options *options = source->options;
  const int train = source->purpose == EIPNN_PURPOSE_TRAIN;
  if (targets->first_chosen == 0)
    return eipnn_error(EIPNN_ERROR_ARGUMENT,
                       "split '%s' has no %s configuration with %s: change the split or the %s",
                       options->split, train ? "training" : "validation",
                       targets->category ? "a known class"
                                         : "a label that the model learns inside the energy window",
                       targets->category ? "classes" : "window");
  if (!train) return EIPNN_OK;
  for (int head = 0; head < targets->nheads && !targets->category; head++)
    EIPNN_TRY(check_head(targets, head, eipnn_model_head_name(source->model, head), options));
  EIPNN_TRY(check_weight(targets, EIPNN_KIND_FORCES, options->force_weight, "forces", options));
  return check_weight(targets, EIPNN_KIND_VIRIAL, options->virial_weight, "virials", options);
}

/* Chosen labels need a head that learns them, and must belong to this dataset. */
static eipnn_status check_augmentation(const eipnn_target_source *source)
{
  const eipnn_augmentation *augmentation = source->augmentation;
  if (!augmentation) return EIPNN_OK;
  const size_t count = eipnn_dataset_count(source->dataset);
  if (augmentation->count != count)
    return eipnn_error(EIPNN_ERROR_ARGUMENT,
                       "labels were chosen for a dataset of %zu configurations, this one has %zu",
                       augmentation->count, count);
  for (size_t n = 0; n < count; n++)
    if (has_chosen_label(n, source) &&
        !(isfinite(augmentation->weight[n]) && augmentation->weight[n] >= 0))
      return eipnn_error(EIPNN_ERROR_ARGUMENT,
                         "the chosen label of configuration %zu has weight %g: give a number that "
                         "is not negative",
                         n, augmentation->weight[n]);
  for (int head = 0; head < eipnn_model_head_count(source->model); head++)
    if (!strcmp(eipnn_model_head_name(source->model, head), "dft")) return EIPNN_OK;
  return eipnn_error(EIPNN_ERROR_ARGUMENT,
                     "chosen labels stand in for DFT, but the model has no head 'dft'");
}

/* Classes are for classifiers, which learn nothing else. */
static eipnn_status check_task(const eipnn_target_source *source)
{
  const int classifier = eipnn_model_is_classifier(source->model);
  if (classifier != (source->options->category != NULL))
    return eipnn_error(EIPNN_ERROR_ARGUMENT,
                       classifier
                           ? "the model is a classifier: give the class of each configuration"
                           : "the model gives energies: only a classifier can learn classes");
  if (!classifier) return check_augmentation(source);
  if (!source->augmentation) return EIPNN_OK;
  return eipnn_error(EIPNN_ERROR_ARGUMENT,
                     "a classifier learns no energies: chosen labels are for a model of energies");
}

static eipnn_status take_categories(eipnn_targets *targets, const eipnn_target_source *source)
{
  for (size_t slot = 0; slot < targets->count; slot++) {
    const size_t index = targets->index[slot];
    const int category = source->options->category[index];
    if (category < -1 || category >= targets->nheads)
      return eipnn_error(EIPNN_ERROR_ARGUMENT,
                         "configuration %zu is of class %d: give 0 to %d, or -1 where unknown",
                         index, category, targets->nheads - 1);
    const int known = category >= 0 && source->roles[index] != EIPNN_ROLE_POOL;
    targets->category[slot] = known ? category : -1;
    targets->labelled[EIPNN_KIND_ENERGY][slot] = (size_t)known;
  }
  return EIPNN_OK;
}

static eipnn_status fill(eipnn_targets *targets, const eipnn_target_source *source)
{
  EIPNN_TRY(check_task(source));
  EIPNN_TRY(make_slots(targets, source));
  if (targets->category) EIPNN_TRY(take_categories(targets, source));
  for (int head = 0; head < targets->nheads && !targets->category; head++)
    EIPNN_TRY(eipnn_target_labels_take(targets, head, source));
  drop_unlabelled(targets, source);
  return check_targets(targets, source);
}

eipnn_status eipnn_targets_build(eipnn_targets *targets, const eipnn_model *model,
                                 const eipnn_dataset *dataset, const eipnn_train_options *options,
                                 eipnn_purpose purpose)
{
  memset(targets, 0, sizeof *targets);
  eipnn_target_source source = {.model = model,
                                .dataset = dataset,
                                .options = options,
                                .purpose = purpose,
                                .roles = eipnn_dataset_split(dataset, options->split)};
  if (!source.roles)
    return eipnn_error(EIPNN_ERROR_ARGUMENT,
                       "the dataset has no split '%s': make it with eipnn split", options->split);
  if (purpose == EIPNN_PURPOSE_TRAIN) source.augmentation = options->augmentation;
  targets->nheads = eipnn_model_head_count(model);
  targets->chosen_head = -1;
  eipnn_status status = fill(targets, &source);
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
  free(targets->weight);
  free(targets->first);
  free(targets->energy);
  free(targets->category);
  for (int k = 0; k < EIPNN_LABEL_KINDS; k++) free(targets->labelled[k]);
  memset(targets, 0, sizeof *targets);
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
  if (targets->energy)
    hash = eipnn_hash_reals(hash, targets->energy, targets->count * (size_t)targets->nheads);
  for (size_t slot = 0; targets->category && slot < targets->count; slot++)
    hash = eipnn_hash_word(hash, (uint64_t)targets->category[slot]);
  for (int head = 0; head < targets->nheads; head++) {
    if (targets->forces[head])
      hash = eipnn_hash_reals(hash, targets->forces[head][0], 3 * targets->first[targets->count]);
    if (targets->virial[head])
      hash = eipnn_hash_reals(hash, targets->virial[head][0], 6 * targets->count);
  }
  if (targets->first_chosen == targets->count) return hash;
  hash = eipnn_hash_word(hash, targets->first_chosen);
  return eipnn_hash_reals(hash, targets->weight, targets->count);
}
