/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef EIPNN_MODELS_KOKKOS_DEVICE_CALCULATOR_H
#define EIPNN_MODELS_KOKKOS_DEVICE_CALCULATOR_H

/* What a calculator of a Kokkos backend adds for atoms in device memory. */

#include "models/kokkos/device_memory.h"

extern "C" {
#include "models/calculator_data.h"
}

namespace eipnn
{

/* See the functions of eipnn/device.h. */
class DeviceCalculator
{
public:
  virtual ~DeviceCalculator() = default;
  virtual eipnn_status bind(const eipnn_device_atoms &atoms) = 0;
  virtual eipnn_status count_pairs(const eipnn_device_atoms &atoms, std::int64_t *npair) = 0;
  virtual eipnn_status measure(int nowned, int nrow, int npair, std::size_t *bytes) = 0;
  virtual eipnn_status compute(const eipnn_device_atoms &atoms,
                               const eipnn_device_result &result) = 0;
};

/* On the execution space and in the precision of the calculator; which must outlive it. nullptr: no
   memory. */
DeviceCalculator *make_device_calculator(eipnn_calculator *calculator);

} // namespace eipnn

#endif
