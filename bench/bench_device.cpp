/* SPDX-License-Identifier: GPL-2.0-or-later */

/* Energies and forces of 32,000 silicon atoms that lie on the device of Kokkos, as an MD program
   computes them: SchNet with hidden 128, 5 layers, 50 Gaussians, cutoff 5 Angstrom, radial tables.
     bench_device MODEL.h5 single|mixed|double [STEPS [BACKEND]]
   Prints atom-steps/s, bytes of device memory per atom, and the device. bench_model writes the
   model; backend kokkos-host stays on the host's cores. */

#include "silicon.h"

#include <eipnn/device.h>
#include <eipnn/neighbor.h>

#include <Kokkos_Core.hpp>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <stdexcept>
#include <vector>

namespace
{

const double cutoff = 5.0, skin = 1.0;
const int repeat[3] = {20, 20, 10}, natom = 8 * 20 * 20 * 10;

void check(eipnn_status status)
{
  if (status != EIPNN_OK) throw std::runtime_error(eipnn_last_error());
}

/* The atoms, their images, and full neighbour lists, entries of one position side by side. */
template <class Memory> struct System {
  template <class T> using Array = Kokkos::View<T *, Kokkos::LayoutRight, Memory>;
  Array<double> position;
  Array<int> species, row, count, neighbor;
  Array<double> forces;
  eipnn_device_atoms atoms = {};

  template <class T> static Array<T> on_device(const std::vector<T> &host)
  {
    Array<T> device("system", host.size());
    Kokkos::deep_copy(
        device, Kokkos::View<const T *, Kokkos::LayoutRight, Kokkos::HostSpace,
                             Kokkos::MemoryTraits<Kokkos::Unmanaged>>(host.data(), host.size()));
    return device;
  }

  explicit System(const eipnn_ghost_list &list)
  {
    const int total = list.ntotal;
    int longest = 0;
    for (int i = 0; i < natom; i++)
      if (list.first[i + 1] - list.first[i] > longest) longest = list.first[i + 1] - list.first[i];
    std::vector<int> length(total), entry(std::size_t(longest) * total);
    for (int i = 0; i < natom; i++) {
      length[i] = list.first[i + 1] - list.first[i];
      for (int m = 0; m < length[i]; m++)
        entry[std::size_t(m) * total + i] = list.neighbor[list.first[i] + m];
    }
    const double *x = &list.position[0][0];
    position = on_device(std::vector<double>(x, x + 3 * std::size_t(total)));
    row = on_device(std::vector<int>(list.owner, list.owner + total));
    count = on_device(length);
    neighbor = on_device(entry);
    species = Array<int>("species", natom);
    forces = Array<double>("forces", 3 * natom);
    describe(total);
  }

  void describe(int total)
  {
    atoms.natom = total;
    atoms.nowned = atoms.nrow = atoms.nlist = natom;
    atoms.species = species.data();
    atoms.center = row.data(); /* the first natom rows are the atoms themselves */
    atoms.row = row.data();
    atoms.position = position.data();
    atoms.position_stride[0] = 3;
    atoms.position_stride[1] = 1;
    atoms.count = count.data();
    atoms.neighbor = neighbor.data();
    atoms.neighbor_stride[0] = 1;
    atoms.neighbor_stride[1] = total;
    atoms.neighbor_mask = -1;
  }
};

void build_list(eipnn_ghost_list *list)
{
  std::vector<double> position(3 * natom);
  std::vector<int> number(natom, 14);
  unsigned seed = 1;
  silicon_block(repeat, &seed, reinterpret_cast<double(*)[3]>(position.data()));
  eipnn_configuration configuration = {};
  configuration.natoms = natom;
  configuration.number = number.data();
  configuration.position = reinterpret_cast<const double(*)[3]>(position.data());
  for (int k = 0; k < 3; k++) {
    configuration.pbc[k] = 1;
    configuration.cell[k][k] = SILICON_CELL * repeat[k];
  }
  check(eipnn_ghost_list_build(list, &configuration, cutoff + skin, cutoff + skin, 0));
}

/* The best of three passes of `steps` steps, the last of each with the energy, which waits. */
template <class Exec> double measure(eipnn_calculator *calculator, int steps)
{
  eipnn_ghost_list list = {};
  build_list(&list);
  System<typename Exec::memory_space> system(list);
  eipnn_ghost_list_free(&list);
  double energy = 0.0, best = 0.0;
  eipnn_device_result result = {};
  result.forces = reinterpret_cast<double(*)[3]>(system.forces.data());
  check(eipnn_device_bind(calculator, &system.atoms));
  for (int pass = 0; pass < 4; pass++) { /* the first one warms up */
    const auto start = std::chrono::steady_clock::now();
    for (int step = 1; step <= steps; step++) {
      result.energy = step == steps ? &energy : nullptr;
      check(eipnn_device_compute(calculator, &system.atoms, &result));
    }
    Kokkos::fence();
    const std::chrono::duration<double> taken = std::chrono::steady_clock::now() - start;
    const double rate = double(natom) * steps / taken.count();
    if (pass > 0 && rate > best) best = rate;
  }
  return best;
}

eipnn_precision precision_of(const char *name)
{
  if (strcmp(name, "single") == 0) return EIPNN_PRECISION_SINGLE;
  if (strcmp(name, "mixed") == 0) return EIPNN_PRECISION_MIXED;
  if (strcmp(name, "double") == 0) return EIPNN_PRECISION_DOUBLE;
  throw std::runtime_error("precision is single, mixed or double");
}

template <class Exec> void report(eipnn_calculator *calculator, int steps)
{
  const double rate = measure<Exec>(calculator, steps);
  printf("%.6g %.6g %s\n", rate, double(eipnn_calculator_bytes(calculator)) / natom, Exec::name());
}

void run(const char *path, const char *precision, int steps, const char *backend)
{
  eipnn_calculator_options options;
  eipnn_calculator_options_default(&options);
  options.precision = precision_of(precision);
  options.backend = backend;
  eipnn_model *model = nullptr;
  eipnn_calculator *calculator = nullptr;
  check(eipnn_model_read(path, &model));
  check(eipnn_calculator_create(model, &options, &calculator));
  if (strcmp(backend, "kokkos-host") == 0)
    report<Kokkos::DefaultHostExecutionSpace>(calculator, steps);
  else
    report<Kokkos::DefaultExecutionSpace>(calculator, steps);
  eipnn_calculator_free(&calculator);
  eipnn_model_free(&model);
}

} // namespace

int main(int argc, char **argv)
{
  const int steps = argc > 3 ? atoi(argv[3]) : 20;
  if (argc < 3 || steps < 1) {
    fprintf(stderr, "usage: bench_device MODEL.h5 single|mixed|double [STEPS [BACKEND]]\n");
    return 2;
  }
  try {
    run(argv[1], argv[2], steps, argc > 4 ? argv[4] : "kokkos");
  } catch (const std::exception &error) {
    fprintf(stderr, "bench_device: %s\n", error.what());
    return 1;
  }
  return 0;
}
