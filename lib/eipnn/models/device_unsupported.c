/* SPDX-License-Identifier: GPL-2.0-or-later */
/* eipnn/device.h in builds without Kokkos. */
#include "base/error.h"

#include <eipnn/device.h>

static eipnn_status unsupported(void)
{
  return eipnn_error(EIPNN_ERROR_UNSUPPORTED,
                     "this build computes no atoms in device memory: configure eipnn with "
                     "-D EIPNN_KOKKOS=ON");
}

eipnn_status eipnn_device_bind(eipnn_calculator *calculator, const eipnn_device_atoms *atoms)
{
  (void)calculator, (void)atoms;
  return unsupported();
}

eipnn_status eipnn_device_count_pairs(eipnn_calculator *calculator, const eipnn_device_atoms *atoms,
                                      int64_t *npair)
{
  (void)calculator, (void)atoms, (void)npair;
  return unsupported();
}

eipnn_status eipnn_device_measure(eipnn_calculator *calculator, int nowned, int nrow, int npair,
                                  size_t *bytes)
{
  (void)calculator, (void)nowned, (void)nrow, (void)npair, (void)bytes;
  return unsupported();
}

size_t eipnn_device_free_memory(const eipnn_calculator *calculator)
{
  (void)calculator;
  return 0;
}

eipnn_status eipnn_device_compute(eipnn_calculator *calculator, const eipnn_device_atoms *atoms,
                                  const eipnn_device_result *result)
{
  (void)calculator, (void)atoms, (void)result;
  return unsupported();
}
