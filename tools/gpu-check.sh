#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Builds eipnn for a GPU, tests it there, and prints a table of speeds: operations against references
# and differences, training, eipnn/kk against eipnn in LAMMPS 4Feb2025, which is built too (once). Needs
# the CUDA toolkit or ROCm, what tools/install-deps.sh installs, and to run, a GPU.
usage="usage: tools/gpu-check.sh [option ...]
  --arch ARCHITECTURE   GPU, in the words of Kokkos (HOPPER90, AMPERE80, AMD_GFX90A, ...; default
                        HOPPER90), or OPENMP: on this machine's cores
  --lammps BUILD        build folder of a LAMMPS with its KOKKOS package, to be taken instead; Kokkos,
                        compiler and flags are that LAMMPS' then
  --no-lammps           without LAMMPS
  --kokkos PREFIX       an installed Kokkos, for any of its back ends, and no LAMMPS
  --python PYTHON       a Python with torch and schnetpack, to be timed beside eipnn
  --folder FOLDER       default build-kokkos/check
  --build               build only: no GPU is needed. What --run needs is packed into FOLDER.tar.gz
  --run                 run only what --build made, perhaps on another machine"
set -eu
cd "$(dirname "$0")/.."

fail() {
  echo "gpu-check: $*" >&2
  exit 1
}

architecture=HOPPER90 kokkos='' lammps='' python=python3 folder=build-kokkos/check build=1 run=1
with_lammps=1
while [ $# -gt 0 ]; do
  case $1 in
    --arch | --kokkos | --lammps | --python | --folder)
      [ $# -gt 1 ] || fail "$1 wants a value"
      case $1 in
        --arch) architecture=$2 ;;
        --kokkos) kokkos=$2 with_lammps=0 ;;
        --lammps) lammps=$2 ;;
        --python) python=$2 ;;
        --folder) folder=$2 ;;
      esac
      shift
      ;;
    --no-lammps) with_lammps=0 ;;
    --build) run=0 ;;
    --run) build=0 ;;
    --help)
      echo "$usage"
      exit 0
      ;;
    *)
      echo "gpu-check: unknown option $1" >&2
      echo "$usage" >&2
      exit 2
      ;;
  esac
  shift
done
mkdir -p "$folder"
folder=$(realpath "$folder")

# cached NAME: what the LAMMPS was configured with.
cached() {
  sed -n "s/^$1:[A-Z]*=//p" "$lammps/CMakeCache.txt"
}

# Where the libraries lie that --run finds on no other machine: HDF5, BLAS, ...
libraries=$folder/libraries

build_eipnn() {
  if [ -n "$lammps" ]; then
    [ -f "$lammps/CMakeCache.txt" ] || fail "$lammps is no folder in which LAMMPS was built with cmake"
    set -- -D EIPNN_LAMMPS_BUILD="$(realpath "$lammps")" \
      -D CMAKE_CXX_COMPILER="$(cached CMAKE_CXX_COMPILER)" \
      -D CMAKE_CXX_FLAGS="$(cached CMAKE_CXX_FLAGS)"
  elif [ $with_lammps -eq 1 ]; then
    tools/build-lammps-kokkos.sh 4Feb2025 "$architecture"
    set -- -D CMAKE_TOOLCHAIN_FILE="$(tools/build-kokkos.sh "$architecture")/toolchain.cmake" \
      -D EIPNN_LAMMPS_BUILD="$PWD/build-kokkos/lammps-4Feb2025-$architecture/build"
  elif [ -z "$kokkos" ]; then
    set -- -D CMAKE_TOOLCHAIN_FILE="$(tools/build-kokkos.sh "$architecture")/toolchain.cmake"
  elif grep -q 'define KOKKOS_ENABLE_CUDA' "$kokkos/include/KokkosCore_config.h"; then
    command -v nvcc >/dev/null || fail "$kokkos is for CUDA, and no nvcc is on the PATH"
    set -- -D Kokkos_ROOT="$(realpath "$kokkos")" -D CMAKE_CXX_COMPILER="$(realpath "$kokkos")/bin/nvcc_wrapper"
  else
    set -- -D Kokkos_ROOT="$(realpath "$kokkos")"
  fi
  native=ON
  [ $run -eq 1 ] || native=OFF # for the processor of another machine, perhaps
  echo "gpu-check: building eipnn in $folder"
  # Python of the system: --run has it at the same place. RPATH, not RUNPATH: libraries of libraries too.
  if ! {
    cmake -G Ninja -S . -B "$folder" -D CMAKE_BUILD_TYPE=Release -D EIPNN_KOKKOS=ON \
      -D EIPNN_NATIVE=$native -D EIPNN_KIM=OFF -D EIPNN_TESTS=ON -D EIPNN_BENCH=ON \
      -D Python3_EXECUTABLE=/usr/bin/python3 -D CMAKE_BUILD_RPATH="$libraries" \
      -D CMAKE_EXE_LINKER_FLAGS=-Wl,-s,--disable-new-dtags \
      -D CMAKE_MODULE_LINKER_FLAGS=-Wl,-s,--disable-new-dtags "$@" &&
      cmake --build "$folder" --target kokkos_tests bench_model bench_device bench_training
  } >"$folder/build.log" 2>&1; then
    grep -E -m 20 -A 2 'error:|error #|CMake Error|FAILED:' "$folder/build.log" >&2 || true
    fail "eipnn did not build; all messages are in $folder/build.log"
  fi
}

# Programs and plugins that were built.
programs() {
  find "$folder" -type f -executable ! -path '*/CMakeFiles/*' ! -path "$libraries/*" ! -name '*.sh'
}

# A file for a machine without network: built programs, what they link but the C library, the compiler's
# and the GPU's, LAMMPS with its MPI, scripts. All paths stay.
pack() {
  rm -rf "$libraries"
  mkdir -p "$libraries"
  programs | xargs ldd 2>/dev/null | awk '$3 ~ /^\// { print $3 }' | sort -u |
    grep -vE '/(ld-|lib(c|m|dl|rt|pthread|resolv|util|stdc\+\+|gcc_s|cuda|cudart|cublas|cublasLt|amd[a-z0-9]*|roc[a-z]*|hip[a-z]*|hsa-runtime64|lammps|mpi)[.-])' |
    xargs cp -L -t "$libraries"
  set -- "$PWD/tools" "$PWD/bench" "$PWD/unittest" "$folder"
  lammps=$(built_with)
  if [ -n "$lammps" ]; then
    set -- "$@" "$lammps/CMakeCache.txt" "$lammps/lmp" "$lammps"/liblammps*.so*
    if [ "$(cached MPIEXEC_EXECUTABLE)" = "$PWD/.venv/bin/mpiexec" ]; then
      set -- "$@" "$PWD/.venv/bin/mpiexec" "$PWD/.venv/bin/hydra_pmi_proxy" \
        "$PWD/.venv/lib/libmpi.so.12"
    fi
  fi
  tar czPf "$folder.tar.gz" --exclude=CMakeFiles --exclude='*.a' "$@"
  echo "gpu-check: to run on another machine: copy $folder.tar.gz" \
    "($(du -m "$folder.tar.gz" | cut -f 1) MB) there, unpack it with tar xzPf (paths stay the same), and" \
    "run $PWD/tools/gpu-check.sh --run. It needs no network, but Python 3 in /usr/bin, ctest, the driver" \
    "of the GPU, and where this machine has it, the toolkit"
}

# LAMMPS that eipnn in $folder was built with, if any.
built_with() {
  sed -n 's/^EIPNN_LAMMPS_BUILD:[A-Z]*=//p' "$folder/CMakeCache.txt"
}

# row WHAT UNIT COMMAND...: a line of the table with the first number that COMMAND prints.
row() {
  what=$1 unit=$2
  shift 2
  if figure=$("$@" 2>>"$folder/run.log" | awk 'NF { print $1; exit }') && [ -n "$figure" ]; then
    printf '%-58s %14.6g %s\n' "$what" "$figure" "$unit"
  else
    printf '%-58s %14s %s\n' "$what" '-' "(see $folder/run.log)"
  fi
}

# Atom-steps/s of a style in LAMMPS, from the line "Loop time of T on P procs for N steps with A atoms".
lammps_speed() {
  printf 'plugin load %s\ninclude bench/in.silicon\n' "$folder/src/USER-EIPNN/eipnnplugin.so" \
    >"$folder/in.silicon"
  "$lammps/lmp" -in "$folder/in.silicon" -log none -var model "$folder/model.h5" \
    -var repeat 20 -var depth 10 -var steps "$steps" -var precision "$@" |
    tee -a "$folder/run.log" | awk '/^Loop time/ { printf "%.6g\n", $9 * $12 / $4 }'
}

device_of() {
  "$folder/bench/bench_device" "$folder/model.h5" single 1 | cut -d ' ' -f 3
}

table() {
  echo "SchNet, hidden 128, 5 layers, 50 Gaussians, cutoff 5 Angstrom; MD: 32,000 Si atoms, energies"
  echo "and forces; training: 32 configurations of 64 Si atoms per step; eipnn on $device"
  steps=2 training_steps=20 # seconds on cores, and on a GPU
  [ -z "$gpu" ] || steps=200 training_steps=200
  for precision in single mixed double; do
    row "MD, library alone, $precision" atom-steps/s \
      "$folder/bench/bench_device" "$folder/model.h5" $precision $steps
    if [ -n "$lammps" ]; then
      # shellcheck disable=SC2086
      row "MD, LAMMPS, eipnn/kk, $precision" atom-steps/s lammps_speed $precision $kokkos_switches
    fi
  done
  row "MD, schnetpack$([ $torch_device = cuda ] || echo " (1,000 atoms, one core)")" atom-steps/s \
    "$python" bench/schnetpack_peer.py md "$torch_device"
  for labels in energies forces; do
    row "training on $labels" configurations/s \
      "$folder/bench/bench_training" $training_steps kokkos $labels
  done
  row "training on energies, schnetpack" configurations/s \
    "$python" bench/schnetpack_peer.py training "$torch_device"
}

run_checks() {
  : >"$folder/run.log"
  "$folder/bench/bench_model" "$folder/model.h5"
  device=$(device_of)
  [ -n "$device" ] || fail "the backend kokkos does not start here"
  gpu='' torch_device=cpu kokkos_switches="-k on t $(nproc) -sf kk"
  case $device in
    Cuda) gpu=$(nvidia-smi --query-gpu=name,driver_version --format=csv,noheader | head -n 1) ;;
    HIP) gpu="a GPU of AMD" ;;
  esac
  if [ -n "$gpu" ]; then
    torch_device=cuda kokkos_switches="-k on g 1 -sf kk" # torch calls AMD's GPUs cuda as well
    export EIPNN_GPUS=1
    echo "gpu-check: on $gpu"
  else
    echo "gpu-check: on $(nproc) cores ($device), not on a GPU"
  fi
  echo "gpu-check: tests (operations against references and differences, atoms on the device," \
    "training$([ -z "$lammps" ] || echo ", eipnn/kk against eipnn"))"
  # Those of an installed library compile, and --run may have no compiler.
  if ! ctest --test-dir "$folder" -L kokkos -E '^test_install' --output-on-failure \
    >"$folder/tests.log" 2>&1; then
    tail -n 40 "$folder/tests.log" >&2
    fail "tests failed; all messages are in $folder/tests.log"
  fi
  grep 'tests passed' "$folder/tests.log"
  "$folder/unittest/tensor/test_operations" --bench >"$folder/operations.txt"
  echo "gpu-check: times of single operations are in $folder/operations.txt"
  table | tee "$folder/table.txt"
}

# need_gpu REASON: ends where there is no GPU of NVIDIA.
need_gpu() {
  nvidia-smi -L 2>/dev/null | grep -q GPU ||
    fail "$1, and no GPU is here (nvidia-smi lists none): --build builds on this machine for --run on" \
      "one with a GPU; --arch OPENMP checks the cores"
}

if [ $build -eq 1 ]; then
  case $run-$kokkos$lammps-$architecture in
    1--VOLTA* | 1--TURING* | 1--AMPERE* | 1--ADA* | 1--HOPPER*) need_gpu "--arch $architecture" ;;
  esac
  build_eipnn
fi
if [ $run -eq 0 ]; then
  pack
  exit 0
fi
[ -x "$folder/bench/bench_device" ] || fail "nothing was built in $folder; run with --build first"
lammps=$(built_with)
if ldd "$folder/bench/bench_device" | grep -q 'libcuda\.so'; then need_gpu "built for CUDA"; fi
run_checks
