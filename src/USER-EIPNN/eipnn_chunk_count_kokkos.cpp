/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "eipnn_chunk_count_kokkos.h"

#include "comm.h"
#include "error.h"
#include "kokkos.h"
#include "utils.h"

#include <algorithm>
#include <climits>
#include <cmath>
#include <cstdio>
#include <vector>

namespace LAMMPS_NS
{

/* Share of the device's memory that is left to LAMMPS, whose buffers and lists grow at times. */
static constexpr double RESERVE = 0.1;
/* So many parts are tried before it is asked whether more of them help. */
static constexpr int MANY_CHUNKS = 8;

static std::string megabytes(double bytes)
{
  char text[32];
  snprintf(text, sizeof text, "%.1f MB", bytes / 1048576.0);
  return text;
}

template <class DeviceType>
EIPNNChunkCountKokkos<DeviceType>::EIPNNChunkCountKokkos(LAMMPS *lmp, const EIPNNEnsemble &models,
                                                         Ensemble &ensemble, Chunks &chunks)
    : Pointers(lmp), models_(models), ensemble_(ensemble), chunks_(chunks)
{
}

template <class DeviceType> void EIPNNChunkCountKokkos<DeviceType>::reset()
{
  nchunks_ = announced_ = 1;
  sharing_ = count_sharing();
}

/* The largest of all ranks. */
template <class DeviceType> double EIPNNChunkCountKokkos<DeviceType>::most_of(double mine) const
{
  double most;
  MPI_Allreduce(&mine, &most, 1, MPI_DOUBLE, MPI_MAX, world);
  return most;
}

/* Ranks on this computer per device. */
template <class DeviceType> int EIPNNChunkCountKokkos<DeviceType>::count_sharing() const
{
  char name[MPI_MAX_PROCESSOR_NAME];
  int length;
  MPI_Get_processor_name(name, &length);
  int mine = (int)(std::hash<std::string>()(std::string(name, length)) & INT_MAX);
  std::vector<int> all(comm->nprocs);
  MPI_Allgather(&mine, 1, MPI_INT, all.data(), 1, MPI_INT, world);
  const int ranks = (int)std::count(all.begin(), all.end(), mine);
  const bool on_device = ExecutionSpaceFromDevice<DeviceType>::space == Device;
  const int devices = std::max(on_device ? lmp->kokkos->ngpus : 1, 1);
  return (ranks + devices - 1) / devices;
}

template <class DeviceType> void EIPNNChunkCountKokkos<DeviceType>::choose(const Task &task)
{
  const double nowned = most_of(task.source.map->rows().nowned);
  int n = nchunks_;
  if (task.chunksize) n = std::max(n, (int)std::ceil(nowned / task.chunksize));
  double wanted_before = HUGE_VAL;
  Memory memory = {0.0, 0.0};
  for (;;) {
    if (!make_chunks(task, n)) stop(task, n, memory);
    if (reserve(task, &memory)) break;
    /* Where half of the atoms want nearly as much, their neighbourhoods are the whole system. */
    if (n >= nowned || (n >= MANY_CHUNKS && memory.wanted > 0.95 * wanted_before))
      stop(task, n, memory);
    wanted_before = memory.wanted;
    n = nchunks_ = 2 * n;
  }
  announce(task, memory);
}

/* false, on every rank: memory is short on some. */
template <class DeviceType>
bool EIPNNChunkCountKokkos<DeviceType>::make_chunks(const Task &task, int n)
{
  const bool ready = eipnn_had_memory([&] {
    if (n > 1) chunks_.reserve(*task.source.map);
  });
  if (most_of(!ready) > 0.0) return false;
  const typename Ensemble::Source &step = task.source;
  const typename Chunks::Source source = {
      step.map, step.x, {step.x_stride[0], step.x_stride[1]}, task.hop, models_.hops()};
  return most_of(!chunks_.build(source, n, task.spread)) == 0.0;
}

/* Takes the memory of all chunks; false, on every rank: some rank has too little. */
template <class DeviceType>
bool EIPNNChunkCountKokkos<DeviceType>::reserve(const Task &task, Memory *memory)
{
  const auto check = [&](eipnn_status status) {
    task.check(status == EIPNN_ERROR_MEMORY ? EIPNN_OK : status);
  };
  double mine = HUGE_VAL;
  eipnn_status status = EIPNN_ERROR_MEMORY;
  eipnn_had_memory([&] { status = ensemble_.measure(task.source, &mine); });
  check(status);
  const double held = models_.bytes();
  const double unused = (double)eipnn_device_free_memory(models_.calculator(0)); // 0: not known
  const double available = unused > 0.0 ? unused / sharing_ + held : HUGE_VAL;
  *memory = {most_of(mine), -most_of(-available)};
  const bool fits = status == EIPNN_OK && (mine <= held || mine <= (1.0 - RESERVE) * available);
  if (most_of(!fits) > 0.0) return false;
  status = EIPNN_ERROR_MEMORY;
  eipnn_had_memory([&] { status = ensemble_.bind(task.source); });
  check(status);
  return most_of(status != EIPNN_OK) == 0.0;
}

/* Says once that energies come in parts, and again when these become more. */
template <class DeviceType>
void EIPNNChunkCountKokkos<DeviceType>::announce(const Task &task, const Memory &memory)
{
  if (chunks_.size() <= announced_) return;
  announced_ = chunks_.size();
  const std::string why = nchunks_ == 1
                              ? "chunksize " + std::to_string(task.chunksize)
                              : "device memory is short, " + megabytes(memory.free) + " free";
  if (comm->me == 0)
    utils::logmesg(lmp, task.style + ": energies in " + std::to_string(chunks_.size()) +
                            " parts (" + why + "), " + megabytes(memory.wanted) + " per rank\n");
}

template <class DeviceType>
void EIPNNChunkCountKokkos<DeviceType>::stop(const Task &task, int n, const Memory &memory)
{
  error->all(FLERR, "Pair style " + task.style + ": " + megabytes(memory.wanted) +
                        " of device memory are wanted per rank even with energies in " +
                        std::to_string(n) + " parts, " + megabytes(memory.free) +
                        " are free; use more devices, fewer atoms or models, or precision mixed");
}

template class EIPNNChunkCountKokkos<LMPDeviceType>;
#ifdef LMP_KOKKOS_GPU
template class EIPNNChunkCountKokkos<LMPHostType>;
#endif

} // namespace LAMMPS_NS
