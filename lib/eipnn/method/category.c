/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "method/category.h"

#include "method/eip_energies.h"

#include <eipnn/augmentation.h>

#include <math.h>

int eipnn_augmentation_likeliest(int neips, const double *energy, const double *probability)
{
  int likeliest = isfinite(probability[neips]) ? neips : -1;
  for (int k = 0; k < neips; k++)
    if (isfinite(energy[k]) && isfinite(probability[k]) &&
        (likeliest < 0 || probability[k] > probability[likeliest]))
      likeliest = k;
  return likeliest;
}

int eipnn_best_eip(int neips, const double *energy, double dft)
{
  int best = -1;
  for (int k = 0; k < neips; k++)
    if (isfinite(energy[k]) && (best < 0 || fabs(energy[k] - dft) < fabs(energy[best] - dft)))
      best = k;
  return best;
}

eipnn_status eipnn_augmentation_classes(const eipnn_dataset *dataset, int neips,
                                        const double *energy, double limit, int *category)
{
  const eipnn_labels *dft = eipnn_dataset_labels(dataset, "dft");
  if (neips < 1) return eipnn_error(EIPNN_ERROR_ARGUMENT, "%d EIPs have no classes", neips);
  if (!(limit > 0))
    return eipnn_error(EIPNN_ERROR_ARGUMENT,
                       "the error limit of the classes is %g eV/atom; it must be above 0", limit);
  for (size_t n = 0; n < eipnn_dataset_count(dataset); n++) {
    const double *mine = energy + n * (size_t)neips;
    category[n] = -1;
    if (!isfinite(dft->energy[n])) continue;
    const int best = eipnn_best_eip(neips, mine, dft->energy[n]);
    if (best < 0) continue;
    const double error = fabs(mine[best] - dft->energy[n]) / eipnn_dataset_natoms(dataset, n);
    category[n] = error > limit ? neips : best;
  }
  return EIPNN_OK;
}
