/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Energy and virial of all rows: what lies in the rows of filler pairs does not count. */
#include "device_memory.h"

#include "models/kokkos/results.h"

#include <cmath>
#include <csetjmp>
#include <cstdarg>
#include <cstddef>
#include <vector>

extern "C" {
#include <cmocka.h>
}

using eipnn::Device;

static std::vector<void *> held;

template <class T> static T *on_device(const T *values, int n)
{
  held.push_back(device_copy(values, n * sizeof(T)));
  return static_cast<T *>(held.back());
}
template <class T, int n> static T *on_device(const T (&values)[n])
{
  return on_device(&values[0], n);
}
static void release_all()
{
  for (void *memory : held) device_free(memory);
  held.clear();
}

/* Two atoms with lists, one pair each, room for five. */
static eipnn_device_atoms two_rows()
{
  const double position[12] = {0.0, 0.0, 0.0, 1.0, 2.0, 3.0, 1.0, 1.0, 1.0, 2.0, 1.5, 0.0};
  const int center[2] = {0, 2};
  eipnn_device_atoms atoms = {};
  atoms.natom = 4;
  atoms.nowned = atoms.nrow = atoms.nlist = 2;
  atoms.center = on_device(center);
  atoms.position = on_device(position);
  atoms.position_stride[0] = 3;
  atoms.position_stride[1] = 1;
  return atoms;
}

static eipnn::Pairs two_pairs()
{
  const int first[3] = {0, 1, 2}, i[5] = {0, 1, 1, 1, 1}, j[5] = {1, 1, 0, 0, 0},
            config[5] = {0, 0, -1, -1, -1}, atom_j[5] = {1, 3, 0, 0, 0};
  return {5, on_device(first), on_device(i), on_device(j), on_device(config), on_device(atom_j)};
}

template <class Real> static void filler_does_not_count(void **)
{
  const Real output[2] = {Real(0.5), Real(0.25)}, nan = Real(NAN);
  const Real gradient[15] = {Real(0.5), Real(1), Real(-1), Real(2), Real(4), Real(-0.25), nan, nan,
                             nan,       nan,     nan,      nan,     nan,     nan,         nan};
  const int config[2] = {0, -1}, species[2] = {0, 0};
  const double shift[1] = {1.0};
  const eipnn::Outputs<Real> outputs = {
      2, 1, on_device(output), on_device(config), on_device(species), 2.0, on_device(shift)};
  eipnn::Gradients<Real> gradients = {};
  gradients.nowned = gradients.nrow = 2;
  gradients.gradient = on_device(gradient);
  gradients.scale = 2.0;
  auto *report = on_device<eipnn::Report>(nullptr, 1);
  auto *scratch = on_device<double>(nullptr, eipnn::total_scratch);
  eipnn::sum_totals<Device>(outputs, &gradients, two_rows(), two_pairs(), scratch, report);
  eipnn::Report found;
  device_read(&found, report, sizeof found);
  release_all();
  /* Vectors (1, 2, 3) and (1, 0.5, -1): -2 times the sum of vector times gradient. */
  const double expected[7] = {2.0, -5.0, -8.0, 5.5, -10.0, 2.5, 4.25};
  for (int k = 0; k < 7; k++) assert_true(std::fabs(found.sum[k] - expected[k]) < 1e-12);
}

int main()
{
  const struct CMUnitTest tests[] = {cmocka_unit_test(filler_does_not_count<float>),
                                     cmocka_unit_test(filler_does_not_count<double>)};
  return cmocka_run_group_tests_name("totals", tests, nullptr, nullptr);
}
