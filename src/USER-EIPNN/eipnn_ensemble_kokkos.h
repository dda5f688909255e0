/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef LMP_EIPNN_ENSEMBLE_KOKKOS_H
#define LMP_EIPNN_ENSEMBLE_KOKKOS_H

/* The models of an ensemble evaluated in the memory of DeviceType: their mean and, per atom, the
   standard deviation over the models. In eV and Angstrom. */

#include "eipnn_chunks_kokkos.h"
#include "eipnn_ensemble.h"

#include <functional>
#include <vector>

namespace LAMMPS_NS
{

template <class DeviceType> class EIPNNEnsembleKokkos
{
public:
  using Ints = EIPNNInts<DeviceType>;
  using Doubles = EIPNNDoubles<DeviceType>;
  using Rows = EIPNNRowsKokkos<DeviceType>;
  using Map = EIPNNAtomMapKokkos<DeviceType>;
  using Chunks = EIPNNChunksKokkos<DeviceType>;

  explicit EIPNNEnsembleKokkos(const EIPNNEnsemble &models) : models_(models)
  {
  }

  struct Source {
    const Map *map;
    Chunks *chunks;
    const double *x; // component k of atom a at x[a*x_stride[0] + k*x_stride[1]]
    ptrdiff_t x_stride[2];
    typename ArrayTypes<DeviceType>::t_int_1d type;
  };
  struct Wanted {
    bool energy, virial, atom_energy, atom_virial, centroid_virial;
  };
  /* What a model, or a part of it, adds up; by row. */
  struct Arrays {
    Doubles energy;          // [nowned]
    Doubles forces;          // [nrow][3]
    Doubles atom_virial;     // [nrow][6]
    Doubles centroid_virial; // [nrow][9]
  };
  /* Means, and variances for more than one model. Forces and virials of ghost rows are scratch. */
  struct Result {
    std::vector<double> energy; // of each model, this rank's atoms
    double virial[6];
    Arrays mean;
    Doubles energy_variance, force_variance; // [nowned]
  };
  using UseRows = std::function<void(const Rows &)>; // rows of the exchange from now on
  using Collect = std::function<void(double *rows, int columns)>; // ghosts summed into owners

  void set_models(); // after the models have changed
  /* Bytes of device memory that the library wants for the largest chunk. EIPNN_ERROR_MEMORY where
     no memory is enough. Throws what Kokkos does. */
  eipnn_status measure(const Source &source, double *bytes);
  /* After every reneighbouring: all memory that compute needs. Throws what Kokkos does. */
  eipnn_status bind(const Source &source);
  /* Before compute: memory of what no step before has wanted. Throws what Kokkos does. */
  void reserve(const Source &source, const Wanted &wanted);
  eipnn_status compute(const Source &source, const Wanted &wanted, const UseRows &use_rows,
                       const Collect &collect);
  const Result &result() const
  {
    return result_;
  }
  double bytes() const;

private:
  const EIPNNEnsemble &models_;
  std::vector<Ints> species_of_type_;                  // of each model
  Ints species_;                                       // [nowned] of the rows in use
  bool atom_virial_ = false, centroid_virial_ = false; // some step has asked for it
  Result result_ = {};
  Arrays member_, chunk_; // one of several models; one of several chunks

  void reserve_arrays(Arrays &arrays, size_t nowned, size_t nrow);
  void reserve_results(const Source &source);
  void clear(const Arrays &arrays, const Wanted &wanted);
  eipnn_device_atoms describe(const Source &source, const Rows &rows, size_t model);
  void start(const Wanted &wanted);
  eipnn_status evaluate(const Source &source, size_t model, const Wanted &wanted,
                        const UseRows &use_rows);
  eipnn_status evaluate_rows(const Source &source, const Rows &rows, size_t model,
                             const Wanted &wanted, const Arrays &arrays);
  void add_chunk(const Rows &rows, const Wanted &wanted, const Arrays &to);
  void add_model(size_t model, int nowned);
  void finish(const Source &source, const Wanted &wanted);
};

} // namespace LAMMPS_NS

#endif
