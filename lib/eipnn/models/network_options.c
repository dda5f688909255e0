/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "models/network_options.h"

#include <string.h>

#define NUMBER(member) #member, offsetof(eipnn_network_options, member)

/* The order is that of the checksum of model files. */
const eipnn_network_number eipnn_network_numbers[EIPNN_NETWORK_NUMBERS] = {
    {NUMBER(cutoff), 1, EIPNN_RANGE_CUTOFF, "a distance in Angstrom"},
    {NUMBER(radial_gamma), 1, EIPNN_RANGE_RADIAL_GAMMA,
     "an exponent in 1/A^2, or 0 for nradial/cutoff"},
    {NUMBER(hidden), 0, EIPNN_RANGE_HIDDEN, "features per atom"},
    {NUMBER(layers), 0, EIPNN_RANGE_LAYERS, "interactions"},
    {NUMBER(nradial), 0, EIPNN_RANGE_NRADIAL, "radial basis functions"},
    {NUMBER(residual), 0, 0, 1, "no or yes"},
    {NUMBER(filter_ssp), 0, 0, 1, "no or yes"},
    {NUMBER(padded), 0, 0, 1, "no or yes"},
};

static const char *const cutoff_names[] = {
    [EIPNN_CUTOFF_NONE] = "none",
    [EIPNN_CUTOFF_COSINE] = "cosine",
    [EIPNN_CUTOFF_POLYNOMIAL] = "polynomial",
};

void eipnn_network_options_default(eipnn_network_options *options)
{
  *options = (eipnn_network_options){.network = "schnet",
                                     .cutoff = 5.0,
                                     .hidden = 128,
                                     .layers = 5,
                                     .nradial = 128,
                                     .radial_gamma = 0.0,
                                     .cutoff_function = EIPNN_CUTOFF_COSINE,
                                     .residual = 1,
                                     .filter_ssp = 0,
                                     .padded = 0};
}

double eipnn_network_number_get(const eipnn_network_options *options,
                                const eipnn_network_number *number)
{
  const char *place = (const char *)options + number->offset;
  if (number->real) return *(const double *)(const void *)place;
  return *(const int *)(const void *)place;
}

static eipnn_status check_range(const eipnn_network_number *number, double value)
{
  if (value >= number->minimum && value <= number->maximum) return EIPNN_OK;
  return eipnn_error(EIPNN_ERROR_ARGUMENT, "%s is %.9g; use %g to %g (%s)", number->name, value,
                     number->minimum, number->maximum, number->meaning);
}

eipnn_status eipnn_network_number_set(eipnn_network_options *options,
                                      const eipnn_network_number *number, double value)
{
  char *place = (char *)options + number->offset;
  EIPNN_TRY(check_range(number, value));
  if (number->real)
    *(double *)(void *)place = value;
  else
    *(int *)(void *)place = (int)value;
  return EIPNN_OK;
}

eipnn_status eipnn_network_numbers_check(const eipnn_network_options *options)
{
  for (int k = 0; k < EIPNN_NETWORK_NUMBERS; k++)
    EIPNN_TRY(check_range(&eipnn_network_numbers[k],
                          eipnn_network_number_get(options, &eipnn_network_numbers[k])));
  if ((int)options->cutoff_function >= EIPNN_CUTOFF_NONE &&
      options->cutoff_function <= EIPNN_CUTOFF_POLYNOMIAL)
    return EIPNN_OK;
  return eipnn_error(EIPNN_ERROR_ARGUMENT, "cutoff_function is %d, which is none of the known ones",
                     (int)options->cutoff_function);
}

const char *eipnn_network_options_difference(const eipnn_network_options *a,
                                             const eipnn_network_options *b)
{
  if (strcmp(a->network, b->network)) return "network";
  if (a->cutoff_function != b->cutoff_function) return "cutoff_function";
  for (int k = 0; k < EIPNN_NETWORK_NUMBERS; k++) {
    const eipnn_network_number *number = &eipnn_network_numbers[k];
    if (eipnn_network_number_get(a, number) != eipnn_network_number_get(b, number))
      return number->name;
  }
  return NULL;
}

const char *eipnn_cutoff_function_name(eipnn_cutoff_function function)
{
  if ((int)function < EIPNN_CUTOFF_NONE || function > EIPNN_CUTOFF_POLYNOMIAL) return "unknown";
  return cutoff_names[function];
}

eipnn_status eipnn_cutoff_function_from_name(const char *name, eipnn_cutoff_function *function)
{
  for (int k = EIPNN_CUTOFF_NONE; k <= EIPNN_CUTOFF_POLYNOMIAL; k++)
    if (!strcmp(cutoff_names[k], name)) {
      *function = (eipnn_cutoff_function)k;
      return EIPNN_OK;
    }
  return eipnn_error(EIPNN_ERROR_ARGUMENT,
                     "unknown cutoff function '%s'; known: none, cosine, polynomial", name);
}
