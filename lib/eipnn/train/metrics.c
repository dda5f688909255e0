/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/memory.h"

#include <eipnn/train.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Sums of errors; metrics are their means. */
typedef struct error_sums {
  size_t configurations, atoms, forces, virials, left_out;
  double config, config_square, atom, atom_square, shift;
  double force, force_square, virial, virial_square;
} error_sums;

/* Differences in energy (eV) of a configuration. */
static void add_energy(error_sums *sums, double error, int natoms)
{
  sums->configurations++;
  sums->atoms += (size_t)natoms;
  sums->config += fabs(error);
  sums->config_square += error * error;
  sums->atom += fabs(error) / natoms;
  sums->atom_square += (error / natoms) * (error / natoms);
  sums->shift += error / natoms;
}

/* NaN on either side: not compared. */
static void add_components(const double *predicted, const double *label, size_t n, double factor,
                           size_t *count, double *sum, double *square)
{
  for (size_t k = 0; k < n; k++) {
    const double error = factor * (predicted[k] - label[k]);
    if (isnan(error)) continue;
    ++*count;
    *sum += fabs(error);
    *square += error * error;
  }
}

static void add_forces(error_sums *sums, const double (*predicted)[3], const double (*label)[3],
                       int natoms)
{
  add_components(predicted[0], label[0], 3 * (size_t)natoms, 1.0, &sums->forces, &sums->force,
                 &sums->force_square);
}

static void add_virial(error_sums *sums, const double *predicted, const double *label, int natoms)
{
  add_components(predicted, label, 6, 1.0 / natoms, &sums->virials, &sums->virial,
                 &sums->virial_square);
}

/* NaN where nothing was compared. */
static eipnn_metrics means(const error_sums *s)
{
  const double configurations = (double)s->configurations, forces = (double)s->forces;
  const double virials = (double)s->virials;
  return (eipnn_metrics){
      .configurations = s->configurations,
      .atoms = s->atoms,
      .config_mae = s->config / configurations,
      .atom_mae = s->atom / configurations,
      .atom_shift = s->shift / configurations,
      .config_rmse = sqrt(s->config_square / configurations),
      .atom_rmse = sqrt(s->atom_square / configurations),
      .forces = s->forces,
      .force_mae = s->forces ? s->force / forces : NAN,
      .force_rmse = s->forces ? sqrt(s->force_square / forces) : NAN,
      .virials = s->virials,
      .left_out = s->left_out,
      .virial_mae = s->virials ? s->virial / virials : NAN,
      .virial_rmse = s->virials ? sqrt(s->virial_square / virials) : NAN,
  };
}

/* Which configurations are compared. */
typedef struct selection {
  const uint8_t *roles; /* NULL: all */
  eipnn_role role;
  double minimum, maximum;
  const eipnn_labels *dft;
} selection;

static eipnn_status select_role(selection *chosen, const eipnn_dataset *dataset, const char *split,
                                eipnn_role role, double minimum, double maximum)
{
  *chosen = (selection){.role = role, .minimum = minimum, .maximum = maximum};
  if (split) {
    chosen->roles = eipnn_dataset_split(dataset, split);
    if (!chosen->roles)
      return eipnn_error(EIPNN_ERROR_ARGUMENT, "the dataset has no split '%s'", split);
  }
  chosen->dft = eipnn_dataset_labels(dataset, "dft");
  if (chosen->dft) return EIPNN_OK;
  return eipnn_error(EIPNN_ERROR_ARGUMENT, "the dataset has no DFT labels to compare with");
}

static int has_role(const selection *chosen, size_t index)
{
  return !chosen->roles || chosen->roles[index] == chosen->role;
}

/* 1: labelled and inside the window. */
static int is_compared(const selection *chosen, const eipnn_dataset *dataset, size_t index)
{
  return eipnn_dataset_energy_within(dataset, index, chosen->dft->energy[index], chosen->minimum,
                                     chosen->maximum);
}

/* What eipnn_evaluate works with, configuration after configuration. */
typedef struct evaluation {
  const eipnn_model *model;
  eipnn_calculator *calculator;
  double *energy;      /* [nheads] */
  double (*forces)[3]; /* room for the largest configuration so far */
  size_t capacity;
} evaluation;

static int any_finite(const double *values, size_t count)
{
  for (size_t k = 0; k < count; k++)
    if (isfinite(values[k])) return 1;
  return 0;
}

/* What the network says, and what runs beside it. */
static eipnn_status predict(evaluation *e, const eipnn_dataset *dataset, size_t index,
                            const eipnn_configuration *configuration, double (*forces)[3],
                            double *virial)
{
  eipnn_status status =
      eipnn_calculator_configuration(e->calculator, configuration, e->energy, forces, virial);
  if (status != EIPNN_OK)
    return eipnn_error(status, "configuration %zu: %s", index, eipnn_last_error());
  return eipnn_model_add_baseline(e->model, dataset, index, e->energy, forces, virial);
}

/* Predicts one configuration and, where it is compared, adds its errors. */
static eipnn_status evaluate_one(evaluation *e, const selection *chosen,
                                 const eipnn_dataset *dataset, size_t index, error_sums *sums,
                                 double *predicted)
{
  eipnn_configuration configuration;
  EIPNN_TRY(eipnn_dataset_get(dataset, index, &configuration));
  const int natoms = configuration.natoms;
  const int compared = is_compared(chosen, dataset, index);
  if (!compared && (!predicted || !isnan(chosen->dft->energy[index]))) return EIPNN_OK;
  double baseline = 0;
  EIPNN_TRY(eipnn_model_add_baseline(e->model, dataset, index, &baseline, NULL, NULL));
  if (isnan(baseline)) {
    sums->left_out++;
    return EIPNN_OK;
  }
  const double(*force_label)[3] = NULL;
  const double *virial_label = NULL;
  if (compared && chosen->dft->forces)
    force_label =
        (const double(*)[3])chosen->dft->forces + eipnn_dataset_first_atom(dataset, index);
  if (compared && chosen->dft->virial) virial_label = chosen->dft->virial[index];
  if (force_label && !any_finite(force_label[0], 3 * (size_t)natoms)) force_label = NULL;
  if (virial_label && !any_finite(virial_label, 6)) virial_label = NULL;
  EIPNN_TRY(eipnn_grow((void **)&e->forces, &e->capacity, (size_t)natoms, sizeof *e->forces));
  double virial[6];
  EIPNN_TRY(predict(e, dataset, index, &configuration, force_label ? e->forces : NULL,
                    virial_label ? virial : NULL));
  if (predicted) predicted[index] = e->energy[0];
  if (compared) add_energy(sums, e->energy[0] - chosen->dft->energy[index], natoms);
  if (force_label) add_forces(sums, (const double(*)[3])e->forces, force_label, natoms);
  if (virial_label) add_virial(sums, virial, virial_label, natoms);
  return EIPNN_OK;
}

static eipnn_status evaluate_all(evaluation *e, const eipnn_model *model,
                                 const eipnn_calculator_options *options, const selection *chosen,
                                 const eipnn_dataset *dataset, error_sums *sums, double *predicted)
{
  e->model = model;
  e->energy = eipnn_calloc((size_t)eipnn_model_head_count(model), sizeof *e->energy);
  if (!e->energy) return eipnn_error(EIPNN_ERROR_MEMORY, "no memory for the energies of a model");
  EIPNN_TRY(eipnn_calculator_create(model, options, &e->calculator));
  for (size_t index = 0; index < eipnn_dataset_count(dataset); index++)
    if (has_role(chosen, index))
      EIPNN_TRY(evaluate_one(e, chosen, dataset, index, sums, predicted));
  return EIPNN_OK;
}

static eipnn_status nothing_compared(const char *split, eipnn_role role, size_t left_out)
{
  static const char *const name[] = {"unused", "train", "validation", "test", "pool"};
  if (left_out)
    return eipnn_error(EIPNN_ERROR_ARGUMENT,
                       "none of the configurations has the EIP labels of the model's baseline (%zu "
                       "lack some)",
                       left_out);
  if (!split)
    return eipnn_error(EIPNN_ERROR_ARGUMENT,
                       "no configuration has a DFT energy inside the energy window");
  return eipnn_error(
      EIPNN_ERROR_ARGUMENT,
      "no configuration of role %s of split '%s' has a DFT energy inside the energy window",
      (int)role >= 0 && (int)role < 5 ? name[role] : "?", split);
}

eipnn_status eipnn_evaluate(const eipnn_model *model, const eipnn_dataset *dataset,
                            const char *split, eipnn_role role, double energy_minimum,
                            double energy_maximum, const eipnn_calculator_options *options,
                            eipnn_metrics *metrics, double *predicted)
{
  selection chosen;
  EIPNN_TRY(select_role(&chosen, dataset, split, role, energy_minimum, energy_maximum));
  for (size_t n = 0; predicted && n < eipnn_dataset_count(dataset); n++) predicted[n] = NAN;
  error_sums sums = {0};
  evaluation work = {0};
  eipnn_status status = evaluate_all(&work, model, options, &chosen, dataset, &sums, predicted);
  eipnn_calculator_free(&work.calculator);
  free(work.energy);
  free(work.forces);
  if (status == EIPNN_OK && sums.configurations == 0)
    status = nothing_compared(split, role, sums.left_out);
  if (status == EIPNN_OK) *metrics = means(&sums);
  return status;
}

eipnn_status eipnn_evaluate_energies(const eipnn_dataset *dataset, const char *split,
                                     eipnn_role role, double energy_minimum, double energy_maximum,
                                     const double *energy, size_t stride, eipnn_metrics *metrics)
{
  selection chosen;
  EIPNN_TRY(select_role(&chosen, dataset, split, role, energy_minimum, energy_maximum));
  error_sums sums = {0};
  for (size_t index = 0; index < eipnn_dataset_count(dataset); index++) {
    const double error = energy[index * stride] - chosen.dft->energy[index];
    if (has_role(&chosen, index) && is_compared(&chosen, dataset, index) && isfinite(error))
      add_energy(&sums, error, eipnn_dataset_natoms(dataset, index));
  }
  *metrics = means(&sums);
  return EIPNN_OK;
}

/* The EIP's energy counted from DFT's zero. */
static eipnn_status eip_energy(const eipnn_dataset *dataset, const eipnn_labels *labels,
                               size_t index, double *energy)
{
  eipnn_configuration configuration;
  EIPNN_TRY(eipnn_dataset_get(dataset, index, &configuration));
  *energy = labels->energy[index];
  for (int i = 0; i < configuration.natoms; i++)
    *energy += eipnn_dataset_reference_energy(dataset, configuration.number[i], NULL);
  return EIPNN_OK;
}

static eipnn_status evaluate_eip(const eipnn_dataset *dataset, const selection *chosen,
                                 const eipnn_labels *labels, error_sums *sums)
{
  for (size_t index = 0; index < eipnn_dataset_count(dataset); index++) {
    const size_t atom = eipnn_dataset_first_atom(dataset, index);
    const int natoms = eipnn_dataset_natoms(dataset, index);
    if (!has_role(chosen, index) || !is_compared(chosen, dataset, index) ||
        !isfinite(labels->energy[index]))
      continue;
    double energy;
    EIPNN_TRY(eip_energy(dataset, labels, index, &energy));
    add_energy(sums, energy - chosen->dft->energy[index], natoms);
    if (labels->forces && chosen->dft->forces)
      add_forces(sums, (const double(*)[3])labels->forces + atom,
                 (const double(*)[3])chosen->dft->forces + atom, natoms);
    if (labels->virial && chosen->dft->virial)
      add_virial(sums, labels->virial[index], chosen->dft->virial[index], natoms);
  }
  return EIPNN_OK;
}

static eipnn_status evaluate_each(const eipnn_dataset *dataset, const selection *chosen,
                                  eipnn_metrics *metrics, const char **names, int *count, int *best)
{
  for (size_t n = 0; n < eipnn_dataset_labels_count(dataset); n++) {
    const eipnn_labels *labels = eipnn_dataset_labels_at(dataset, n);
    if (!eipnn_labels_is_eip(labels->name)) continue;
    error_sums sums = {0};
    EIPNN_TRY(evaluate_eip(dataset, chosen, labels, &sums));
    metrics[*count] = means(&sums);
    names[*count] = labels->name;
    if (sums.configurations &&
        (*best < 0 || metrics[*count].config_mae < metrics[*best].config_mae))
      *best = *count;
    ++*count;
  }
  return EIPNN_OK;
}

eipnn_status eipnn_evaluate_eips(const eipnn_dataset *dataset, const char *split, eipnn_role role,
                                 double energy_minimum, double energy_maximum,
                                 eipnn_metrics **metrics, const char ***names, int *count,
                                 int *best)
{
  *metrics = NULL;
  *names = NULL;
  *count = 0;
  *best = -1;
  selection chosen;
  EIPNN_TRY(select_role(&chosen, dataset, split, role, energy_minimum, energy_maximum));
  const size_t room = eipnn_dataset_labels_count(dataset);
  *metrics = eipnn_calloc(room, sizeof **metrics);
  *names = eipnn_calloc(room, sizeof **names);
  eipnn_status status = *metrics && *names
                            ? evaluate_each(dataset, &chosen, *metrics, *names, count, best)
                            : eipnn_error(EIPNN_ERROR_MEMORY, "no memory for metrics");
  if (status == EIPNN_OK) return EIPNN_OK;
  free(*metrics);
  free((void *)*names);
  *metrics = NULL;
  *names = NULL;
  return status;
}
