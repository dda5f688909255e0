/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "train/target_labels.h"

#include "base/error.h"
#include "base/memory.h"
#include "train/loss.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* Labels for one head, of the dataset or chosen; forces and virial NULL: none, or not wanted. */
typedef struct head_labels {
  int head;
  const double *energy;
  double (*forces)[3];
  double (*virial)[6];
} head_labels;

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

static void copy_finite(double *to, const double *from, size_t count, int keep)
{
  for (size_t k = 0; k < count; k++) to[k] = keep && isfinite(from[k]) ? from[k] : NAN;
}

static void copy_forces(eipnn_targets *targets, size_t slot, int head, const double *from, int keep)
{
  const size_t count = 3 * (targets->first[slot + 1] - targets->first[slot]);
  double *to = targets->forces[head][targets->first[slot]];
  copy_finite(to, from, count, keep);
  targets->labelled[EIPNN_KIND_FORCES][slot] += eipnn_loss_labelled(count, to);
}

static void copy_virial(eipnn_targets *targets, size_t slot, int head, const double *from, int keep)
{
  double *to = targets->virial[head][slot];
  copy_finite(to, from, 6, keep);
  targets->labelled[EIPNN_KIND_VIRIAL][slot] += eipnn_loss_labelled(6, to);
}

/* Labels of one configuration into slot `slot`; where the targets have room for forces or a virial
   that these labels lack, it is filled with NaN. */
static void take_slot(eipnn_targets *targets, size_t slot, const head_labels *labels, int hidden,
                      const eipnn_target_source *source)
{
  const size_t index = targets->index[slot];
  const size_t atom = eipnn_dataset_first_atom(source->dataset, index);
  const double label = labels->energy ? labels->energy[index] : NAN;
  const int learnt = !hidden && eipnn_dataset_energy_within(source->dataset, index, label,
                                                            source->options->energy_minimum,
                                                            source->options->energy_maximum);
  const double energy = learnt ? label : NAN;
  /* What the window rejects is rejected whole; forces without an energy are fine. */
  const int keep = !hidden && (isnan(label) || learnt);
  const int head = labels->head;
  targets->energy[slot * (size_t)targets->nheads + (size_t)head] = energy;
  targets->labelled[EIPNN_KIND_ENERGY][slot] += (size_t)learnt;
  if (targets->forces[head])
    copy_forces(targets, slot, head, labels->forces ? labels->forces[atom] : NULL,
                keep && labels->forces);
  if (targets->virial[head])
    copy_virial(targets, slot, head, labels->virial ? labels->virial[index] : NULL,
                keep && labels->virial);
}

/* Room for forces and virials of a head, where they are trained on and some of its labels have
   them. */
static eipnn_status allocate_head(eipnn_targets *targets, const head_labels *stored,
                                  const head_labels *chosen, const eipnn_target_source *source)
{
  if (source->purpose != EIPNN_PURPOSE_TRAIN) return EIPNN_OK;
  const int head = stored->head;
  const int forces = source->options->force_weight > 0 && (stored->forces || chosen->forces);
  const int virial = source->options->virial_weight > 0 && (stored->virial || chosen->virial);
  if (forces)
    targets->forces[head] = eipnn_calloc(targets->first[targets->count], sizeof **targets->forces);
  if (virial) targets->virial[head] = eipnn_calloc(targets->count, sizeof **targets->virial);
  if ((forces && !targets->forces[head]) || (virial && !targets->virial[head]))
    return eipnn_error(EIPNN_ERROR_MEMORY, "no memory for the labels of %zu configurations",
                       targets->count);
  return EIPNN_OK;
}

eipnn_status eipnn_target_labels_take(eipnn_targets *targets, int head,
                                      const eipnn_target_source *source)
{
  const eipnn_labels *set;
  const char *name = eipnn_model_head_name(source->model, head);
  EIPNN_TRY(find_labels(source->dataset, name, &set));
  const int dft = !strcmp(name, "dft");
  const eipnn_augmentation *augmentation = dft ? source->augmentation : NULL;
  const head_labels stored = {head, set->energy, set->forces, set->virial};
  head_labels chosen = {.head = head}; /* of other heads: no label at all */
  if (augmentation)
    chosen = (head_labels){head, augmentation->energy, augmentation->forces, augmentation->virial};
  EIPNN_TRY(allocate_head(targets, &stored, &chosen, source));
  for (size_t slot = 0; slot < targets->first_chosen; slot++) {
    /* The pool has no DFT, whatever the dataset knows. */
    const int hidden = dft && source->roles[targets->index[slot]] == EIPNN_ROLE_POOL;
    take_slot(targets, slot, &stored, hidden, source);
  }
  for (size_t slot = targets->first_chosen; slot < targets->count; slot++)
    take_slot(targets, slot, &chosen, 0, source);
  if (augmentation) targets->chosen_head = head;
  return EIPNN_OK;
}
