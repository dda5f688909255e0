/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "models/kokkos/device_memory.h"

namespace eipnn
{

/* Takes count elements off a block, 64-byte aligned. */
template <class Element>
static void take(char *block, std::size_t *used, std::size_t count, Element **part)
{
  *part = block ? reinterpret_cast<Element *>(block + *used) : nullptr;
  *used += (count * sizeof(Element) + 63) / 64 * 64;
}

std::size_t lay_out(char *block, int nowned, int npair, int nspecies, DeviceMemory *memory)
{
  const std::size_t rows = std::size_t(nowned), capacity = std::size_t(npair);
  std::size_t used = 0;
  memory->pairs.capacity = npair;
  take(block, &used, 1, &memory->report);
  take(block, &used, rows + 1, &memory->pairs.first);
  take(block, &used, capacity, &memory->pairs.i);
  take(block, &used, capacity, &memory->pairs.j);
  take(block, &used, capacity, &memory->pairs.config);
  take(block, &used, capacity, &memory->pairs.atom_j);
  take(block, &used, rows, &memory->config);
  take(block, &used, std::size_t(nspecies), &memory->shift);
  take(block, &used, total_scratch, &memory->scratch);
  return used;
}

} // namespace eipnn
