/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "models/kokkos/device_calculator.h"

#include "tensor/kokkos/memory.h"
#include "tensor/kokkos/structure.h"

extern "C" {
#include "models/model_data.h"
}

#include <algorithm>
#include <climits>
#include <cmath>
#include <new>

namespace eipnn
{

template <class Exec, class Real> class DeviceCalculatorOn final : public DeviceCalculator
{
public:
  explicit DeviceCalculatorOn(eipnn_calculator *calculator) : calculator_(calculator)
  {
  }
  DeviceCalculatorOn(const DeviceCalculatorOn &) = delete;
  DeviceCalculatorOn &operator=(const DeviceCalculatorOn &) = delete;
  ~DeviceCalculatorOn() override
  {
    release_all();
  }

  eipnn_status bind(const eipnn_device_atoms &atoms) override;
  eipnn_status count_pairs(const eipnn_device_atoms &atoms, std::int64_t *npair) override;
  eipnn_status measure(int nowned, int nrow, int npair, std::size_t *bytes) override;
  eipnn_status compute(const eipnn_device_atoms &atoms, const eipnn_device_result &result) override;

private:
  std::size_t own_bytes(int nowned, int npair) const;
  void release_all();
  eipnn_status grow(std::size_t own, std::size_t wanted);
  eipnn_status reserve(const eipnn_device_atoms &atoms, int npair);
  eipnn_status connect(const eipnn_device_atoms &atoms);
  eipnn_status attach(const eipnn_device_atoms &atoms);
  eipnn_status no_memory(const eipnn_device_atoms &atoms, std::int64_t npair);
  eipnn_structure structure_of(const eipnn_device_atoms &atoms) const;
  Outputs<Real> outputs_of(const eipnn_device_atoms &atoms) const;
  Gradients<Real> gradients_of() const;
  eipnn_status run(const eipnn_device_atoms &atoms, bool backward);
  void add_arrays(const eipnn_device_atoms &atoms, const eipnn_device_result &result) const;
  eipnn_status fetch_totals(const eipnn_device_atoms &atoms, const eipnn_device_result &result);
  eipnn_status report_fault(const Fault &fault);
  void forget_fault();

  eipnn_calculator *calculator_;
  DeviceMemory memory_ = {};
  char *block_ = nullptr; /* what memory_ points into */
  std::size_t block_bytes_ = 0;
  std::size_t reserved_ = 0; /* bytes measured for what is held */
  eipnn_device_atoms bound_ = {};
  bool is_bound_ = false;
};

/* Bytes of block_ for as many. */
template <class Exec, class Real>
std::size_t DeviceCalculatorOn<Exec, Real>::own_bytes(int nowned, int npair) const
{
  DeviceMemory memory;
  return lay_out(nullptr, nowned, npair, calculator_->description->nspecies, &memory);
}

/* A tenth to spare, as the executor's arena has. */
static std::size_t with_margin(std::size_t bytes)
{
  return bytes + bytes / 10;
}

template <class Exec, class Real> void DeviceCalculatorOn<Exec, Real>::release_all()
{
  is_bound_ = false;
  eipnn_executor_unbind(calculator_->executor);
  if (block_) release<Exec>(block_);
  block_ = nullptr;
  block_bytes_ = reserved_ = calculator_->device_bytes = 0;
}

template <class Exec, class Real>
eipnn_status DeviceCalculatorOn<Exec, Real>::measure(int nowned, int nrow, int npair,
                                                     std::size_t *bytes)
{
  eipnn_structure extents = {};
  extents.natom = nowned;
  extents.nall = nrow;
  extents.npair = npair;
  extents.nconfig = 1;
  EIPNN_TRY(eipnn_executor_measure(calculator_->executor, &extents, bytes));
  *bytes += with_margin(own_bytes(nowned, npair)) + structure_bytes(nowned, nrow, npair);
  return EIPNN_OK;
}

/* Everything is given back before more is asked for: the peak is what is wanted now. A fault that
   is not reported yet moves along. */
template <class Exec, class Real>
eipnn_status DeviceCalculatorOn<Exec, Real>::grow(std::size_t own, std::size_t wanted)
{
  Fault fault = clean_fault;
  if (block_) copy_out<Exec>(&fault, &memory_.report->fault, sizeof fault);
  own = std::max(own, block_bytes_); /* so that binding to one and another in turn comes to rest */
  release_all();
  const std::size_t free = free_memory<Exec>();
  if (free && wanted > free) return EIPNN_ERROR_MEMORY;
  block_ = static_cast<char *>(allocate<Exec>(own));
  if (!block_) return EIPNN_ERROR_MEMORY;
  block_bytes_ = own;
  reserved_ = wanted;
  lay_out(block_, 0, 0, 0, &memory_);
  copy_in<Exec>(&memory_.report->fault, &fault, sizeof fault);
  return EIPNN_OK;
}

template <class Exec, class Real>
eipnn_status DeviceCalculatorOn<Exec, Real>::reserve(const eipnn_device_atoms &atoms, int npair)
{
  std::size_t wanted;
  EIPNN_TRY(measure(atoms.nowned, atoms.nrow, npair, &wanted));
  const std::size_t own = own_bytes(atoms.nowned, npair);
  if (own > block_bytes_ || wanted > with_margin(reserved_))
    EIPNN_TRY(grow(with_margin(own), wanted));
  lay_out(block_, atoms.nowned, npair, calculator_->description->nspecies, &memory_);
  calculator_->device_bytes = block_bytes_ + structure_bytes(atoms.nowned, atoms.nrow, npair);
  return EIPNN_OK;
}

/* config, from which atoms contribute. */
template <class Exec> void mark_contributing(const eipnn_device_atoms &atoms, int *config)
{
  const int *const contributes = atoms.contributes;
  for_each<Exec>(
      "eipnn config", atoms.nowned,
      KOKKOS_LAMBDA(std::int64_t i) { config[i] = !contributes || contributes[i] ? 0 : -1; });
}

template <class Exec, class Real> void DeviceCalculatorOn<Exec, Real>::forget_fault()
{
  copy_in<Exec>(&memory_.report->fault, &clean_fault, sizeof clean_fault);
}

template <class Exec, class Real>
eipnn_structure DeviceCalculatorOn<Exec, Real>::structure_of(const eipnn_device_atoms &atoms) const
{
  eipnn_structure s = {};
  s.natom = atoms.nowned;
  s.nall = atoms.nrow;
  s.npair = memory_.pairs.capacity;
  s.nconfig = 1;
  s.pair_i = memory_.pairs.i;
  s.pair_j = memory_.pairs.j;
  s.pair_config = memory_.pairs.config;
  s.atom_config = memory_.config;
  s.atom_species = atoms.species;
  s.in_backend = 1;
  s.npair_used = memory_.pairs.first + atoms.nlist;
  return s;
}

/* Reserves tensors and maps by binding to no pairs at all, and makes the radial tables. */
template <class Exec, class Real>
eipnn_status DeviceCalculatorOn<Exec, Real>::connect(const eipnn_device_atoms &atoms)
{
  clear_pairs<Exec>(atoms, memory_.pairs, calculator_->description->options.cutoff);
  const eipnn_structure structure = structure_of(atoms);
  EIPNN_TRY(eipnn_executor_bind(calculator_->executor, &structure));
  return eipnn_executor_run(calculator_->executor, 0, 0);
}

template <class Exec, class Real>
eipnn_status DeviceCalculatorOn<Exec, Real>::attach(const eipnn_device_atoms &atoms)
{
  const eipnn_model *model = calculator_->description;
  mark_contributing<Exec>(atoms, memory_.config);
  copy_in<Exec>(memory_.shift, model->shift, std::size_t(model->nspecies) * sizeof *model->shift);
  EIPNN_TRY(connect(atoms));
  bound_ = atoms;
  is_bound_ = true;
  return EIPNN_OK;
}

/* Gives everything back and says so. */
template <class Exec, class Real>
eipnn_status DeviceCalculatorOn<Exec, Real>::no_memory(const eipnn_device_atoms &atoms,
                                                       std::int64_t npair)
{
  std::size_t wanted = 0;
  release_all();
  if (npair <= INT_MAX) EIPNN_TRY(measure(atoms.nowned, atoms.nrow, int(npair), &wanted));
  const std::size_t free = free_memory<Exec>();
  if (npair > INT_MAX)
    return eipnn_error(EIPNN_ERROR_MEMORY,
                       "%lld pairs are more than one call computes: bind fewer atoms at once",
                       static_cast<long long>(npair));
  if (!free)
    return eipnn_error(EIPNN_ERROR_MEMORY,
                       "%d atoms with up to %d pairs want %.0f MB of the device's memory, which "
                       "cannot be had: bind fewer atoms at once",
                       atoms.nrow, int(npair), 1e-6 * double(wanted));
  return eipnn_error(EIPNN_ERROR_MEMORY,
                     "%d atoms with up to %d pairs want %.0f MB of the device's memory, of which "
                     "%.0f MB are free: bind fewer atoms at once",
                     atoms.nrow, int(npair), 1e-6 * double(wanted), 1e-6 * double(free));
}

static eipnn_status check_rows(const eipnn_calculator *calculator, const eipnn_device_atoms &atoms)
{
  if (atoms.nlist < 0 || atoms.nowned < atoms.nlist || atoms.nrow < atoms.nowned || atoms.natom < 0)
    return eipnn_error(EIPNN_ERROR_ARGUMENT,
                       "%d rows with a neighbour list, %d owned, %d in all, of %d atoms: each may "
                       "not be more than the next",
                       atoms.nlist, atoms.nowned, atoms.nrow, atoms.natom);
  if (atoms.nrow > atoms.nowned && !calculator->has_halo)
    return eipnn_error(EIPNN_ERROR_ARGUMENT,
                       "%d rows of other ranks, but no halo exchange was given",
                       atoms.nrow - atoms.nowned);
  return EIPNN_OK;
}

template <class Exec, class Real>
eipnn_status DeviceCalculatorOn<Exec, Real>::count_pairs(const eipnn_device_atoms &atoms,
                                                         std::int64_t *npair)
{
  EIPNN_TRY(check_rows(calculator_, atoms));
  return count_lists<Exec>(atoms, calculator_->description->nspecies, npair);
}

template <class Exec, class Real>
eipnn_status DeviceCalculatorOn<Exec, Real>::bind(const eipnn_device_atoms &atoms)
{
  is_bound_ = false;
  std::int64_t npair;
  EIPNN_TRY(count_pairs(atoms, &npair));
  if (npair > INT_MAX) return no_memory(atoms, npair);
  eipnn_status status = reserve(atoms, int(npair));
  if (status == EIPNN_OK) status = attach(atoms);
  return status == EIPNN_ERROR_MEMORY ? no_memory(atoms, npair) : status;
}

template <class Exec, class Real>
Outputs<Real> DeviceCalculatorOn<Exec, Real>::outputs_of(const eipnn_device_atoms &atoms) const
{
  const eipnn_model *model = calculator_->description;
  return {atoms.nowned,
          model->nheads,
          static_cast<const Real *>(
              eipnn_executor_data(calculator_->executor, calculator_->potential.atom_output)),
          memory_.config,
          atoms.species,
          model->scale[0],
          memory_.shift};
}

template <class Exec, class Real>
Gradients<Real> DeviceCalculatorOn<Exec, Real>::gradients_of() const
{
  return {bound_.nowned,
          bound_.nrow,
          *eipnn_executor_structure(calculator_->executor)->adjacency,
          static_cast<const Real *>(
              eipnn_executor_data(calculator_->executor, calculator_->potential.vec_gradient)),
          calculator_->description->scale[0],
          &memory_.report->fault};
}

/* Nothing is planned or allocated, and vec stays where it is: the extents are those of bind, unless
   the calculator was given atoms in host memory since. */
template <class Exec, class Real>
eipnn_status DeviceCalculatorOn<Exec, Real>::run(const eipnn_device_atoms &atoms, bool backward)
{
  eipnn_executor *executor = calculator_->executor;
  const eipnn_potential &potential = calculator_->potential;
  if (eipnn_executor_structure(executor)->pair_i != memory_.pairs.i) EIPNN_TRY(connect(atoms));
  select_pairs<Exec>(atoms, memory_.pairs, calculator_->description->options.cutoff,
                     &memory_.report->fault,
                     static_cast<Real *>(eipnn_executor_data(executor, potential.vec)));
  const eipnn_structure structure = structure_of(atoms);
  EIPNN_TRY(eipnn_executor_bind(executor, &structure));
  EIPNN_TRY(eipnn_executor_run(executor, 0, potential.forward_end));
  if (!backward) return EIPNN_OK;
  return eipnn_executor_run(executor, potential.forward_end, eipnn_graph_size(potential.graph));
}

template <class Exec, class Real>
void DeviceCalculatorOn<Exec, Real>::add_arrays(const eipnn_device_atoms &atoms,
                                                const eipnn_device_result &result) const
{
  if (result.atom_energy) add_atom_energies<Exec>(outputs_of(atoms), result.atom_energy);
  if (result.forces) add_forces<Exec>(gradients_of(), result.forces);
  if (result.atom_virial)
    add_virials<Exec>(gradients_of(), atoms, memory_.pairs, result.atom_virial);
  if (result.centroid_virial)
    add_virials<Exec>(gradients_of(), atoms, memory_.pairs, result.centroid_virial);
}

template <class Exec, class Real>
eipnn_status DeviceCalculatorOn<Exec, Real>::report_fault(const Fault &fault)
{
  const double(*x)[3] = fault.position;
  forget_fault();
  return eipnn_error(EIPNN_ERROR_NUMERIC,
                     "atoms at %g %g %g and %g %g %g: they coincide, or a position is not finite",
                     x[0][0], x[0][1], x[0][2], x[1][0], x[1][1], x[1][2]);
}

template <class Exec, class Real>
eipnn_status DeviceCalculatorOn<Exec, Real>::fetch_totals(const eipnn_device_atoms &atoms,
                                                          const eipnn_device_result &result)
{
  Report report;
  const Gradients<Real> gradients = gradients_of();
  sum_totals<Exec>(outputs_of(atoms), result.virial ? &gradients : nullptr, atoms, memory_.pairs,
                   memory_.scratch, memory_.report);
  copy_out<Exec>(&report, memory_.report, sizeof report);
  if (report.fault.recorded) return report_fault(report.fault);
  if (!std::isfinite(report.sum[0]))
    return eipnn_error(EIPNN_ERROR_NUMERIC,
                       "the energy is not finite: look for atoms on top of each other");
  if (result.energy) *result.energy = report.sum[0];
  for (int k = 0; k < 6 && result.virial; k++) result.virial[k] = report.sum[1 + k];
  return EIPNN_OK;
}

template <class Exec, class Real>
eipnn_status DeviceCalculatorOn<Exec, Real>::compute(const eipnn_device_atoms &atoms,
                                                     const eipnn_device_result &result)
{
  if (!is_bound_ || atoms.natom != bound_.natom || atoms.nowned != bound_.nowned ||
      atoms.nrow != bound_.nrow || atoms.nlist != bound_.nlist)
    return eipnn_error(EIPNN_ERROR_ARGUMENT,
                       "%d atoms in %d rows are not what the calculator is bound to: bind it first",
                       atoms.natom, atoms.nrow);
  const bool backward =
      result.virial || result.forces || result.atom_virial || result.centroid_virial;
  EIPNN_TRY(run(atoms, backward));
  add_arrays(atoms, result);
  return result.energy || result.virial ? fetch_totals(atoms, result) : EIPNN_OK;
}

template <class Exec> static DeviceCalculator *make_on(eipnn_calculator *calculator)
{
  if (calculator->precision == EIPNN_PRECISION_DOUBLE)
    return new (std::nothrow) DeviceCalculatorOn<Exec, double>(calculator);
  return new (std::nothrow) DeviceCalculatorOn<Exec, float>(calculator);
}

DeviceCalculator *make_device_calculator(eipnn_calculator *calculator)
{
  if (calculator->backend == eipnn_backend_kokkos()) return make_on<Device>(calculator);
  return make_on<Host>(calculator);
}

} // namespace eipnn
