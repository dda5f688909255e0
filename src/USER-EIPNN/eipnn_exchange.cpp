/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "eipnn_exchange.h"

#include <cstring>

using namespace LAMMPS_NS;

static char *element(const EIPNNRowBlock &block, int row)
{
  return block.rows + row * block.row_bytes + block.offset;
}

static void send(const EIPNNRowBlock &block, int row, double *slot)
{
  if (row >= 0)
    memcpy(slot, element(block, row), block.bytes);
  else
    memset(slot, 0, block.bytes);
}

/* A ghost may be sent on to a third rank: then the row is the one received before,
   or that of the owner where the ghost is an image of an atom of this rank. */
int EIPNNExchange::gather_listed(const EIPNNRowBlock &block, int n, const int *list,
                                 double *buffer) const
{
  const size_t stride = block.stride();
  for (int k = 0; k < n; k++) send(block, (*source_row_)[list[k]], buffer + k * stride);
  return (int)(n * stride);
}

void EIPNNExchange::store_range(const EIPNNRowBlock &block, int n, int first,
                                const double *buffer) const
{
  const size_t stride = block.stride();
  for (int k = 0; k < n; k++) {
    const int row = (*ghost_row_)[first + k];
    if (row >= 0) memcpy(element(block, row), buffer + k * stride, block.bytes);
  }
}

/* What came back for an image is already in its owner's row: it sends zero. */
int EIPNNExchange::gather_range(const EIPNNRowBlock &block, int n, int first, double *buffer) const
{
  const size_t stride = block.stride();
  for (int k = 0; k < n; k++) send(block, (*ghost_row_)[first + k], buffer + k * stride);
  return (int)(n * stride);
}

template <class T> static void add(char *to, const double *from, size_t bytes)
{
  T *sum = reinterpret_cast<T *>(to);
  const T *term = reinterpret_cast<const T *>(from);
  for (size_t k = 0; k < bytes / sizeof(T); k++) sum[k] += term[k];
}

void EIPNNExchange::add_listed(const EIPNNRowBlock &block, int n, const int *list,
                               const double *buffer) const
{
  const size_t stride = block.stride();
  for (int k = 0; k < n; k++) {
    const int row = (*source_row_)[list[k]];
    if (row < 0) continue;
    if (block.is_float)
      add<float>(element(block, row), buffer + k * stride, block.bytes);
    else
      add<double>(element(block, row), buffer + k * stride, block.bytes);
  }
}
