#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Builds the LAMMPS that eipnn/kk is tested with: 29Sep2021 with KOKKOS (Kokkos 3.4.01, OpenMP) and
# Debian's OpenMPI; sources through get-lammps.sh and get-kokkos.sh.
#   tools/build-lammps-kokkos.sh [FOLDER]        default build-kokkos/lammps; lmp is FOLDER/build/lmp
# A finished build is left alone; an interrupted one goes on.
set -eu
cd "$(dirname "$0")/.."
tools=$PWD/tools
# For tests: -O1 takes half the compile time of -O3.
OPTIONS="-D CMAKE_BUILD_TYPE=Release -D CMAKE_CXX_FLAGS_RELEASE=-O1 -D BUILD_SHARED_LIBS=on
  -D LAMMPS_EXCEPTIONS=on -D BUILD_MPI=on -D BUILD_OMP=on
  -D PKG_KOKKOS=on -D Kokkos_ENABLE_SERIAL=on -D Kokkos_ENABLE_OPENMP=on
  -D PKG_PLUGIN=on -D PKG_MANYBODY=on
  -D WITH_JPEG=off -D WITH_PNG=off -D WITH_FFMPEG=off -D WITH_GZIP=off"
# Pair styles of the packages KOKKOS and MANYBODY that the tests use. The others are left out: they
# would be a third of the compile time.
PAIR_STYLES="pair_hybrid* pair_lj_cut_kokkos* pair_zbl_kokkos* pair_sw.* pair_sw_kokkos*"

mkdir -p "${1:-build-kokkos/lammps}"
cd "${1:-build-kokkos/lammps}"
folder=$PWD

fail() {
  echo "build-lammps-kokkos: $*" >&2
  exit 1
}

# Sources of both in one tree; complete as soon as it is called src.
prepare_sources() {
  lammps=$("$tools/get-lammps.sh" 29Sep2021)
  kokkos=$("$tools/get-kokkos.sh" 3.4.01)
  rm -rf src src.part
  cp -a "$lammps" src.part
  cp -a "$kokkos" src.part/lib/kokkos
  unused="-name pair_*_kokkos.* -o -path */MANYBODY/*.cpp -o -path */MANYBODY/*.h"
  kept=""
  for style in $PAIR_STYLES; do
    kept="$kept ! -name $style"
  done
  set -f
  # shellcheck disable=SC2086
  find src.part/src/KOKKOS src.part/src/MANYBODY \( $unused \) $kept -delete
  set +f
  echo "$PAIR_STYLES" >src.part/pair-styles
  mv src.part src
}

build() {
  # shellcheck disable=SC2086
  cmake -G Ninja -S src/cmake -B build --log-level=WARNING --no-warn-unused-cli $OPTIONS \
    -D MPI_CXX_COMPILER="$(command -v mpicxx.openmpi)" \
    -D MPIEXEC_EXECUTABLE="$(command -v mpiexec.openmpi)" >build.log 2>&1 &&
    ninja -C build lmp >>build.log 2>&1 || {
    tail -n 30 build.log >&2
    fail "LAMMPS did not build, see $folder/build.log"
  }
}

exec 9>lock
flock 9 # one at a time; the second finds everything done
wanted="$PAIR_STYLES $OPTIONS $(c++ --version | head -n 1)"
if [ "$(cat finished 2>/dev/null)" = "$wanted" ] && [ -x build/lmp ]; then
  echo "build-lammps-kokkos: $folder/build/lmp is there"
  exit 0
fi
rm -f finished
for command in mpicxx.openmpi mpiexec.openmpi cmake ninja; do
  command -v $command >/dev/null ||
    fail "$command is missing; run tools/install-deps.sh libopenmpi-dev openmpi-bin xz-utils"
done
if [ "$(cat src/pair-styles 2>/dev/null)" != "$PAIR_STYLES" ]; then
  echo "build-lammps-kokkos: sources of LAMMPS and Kokkos into $folder"
  prepare_sources
fi
if [ "$(cat started 2>/dev/null)" != "$wanted" ]; then
  rm -rf build
  echo "$wanted" >started
fi
echo "build-lammps-kokkos: compiling, some minutes (log: $folder/build.log)"
build
echo "$wanted" >finished
