#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Builds a LAMMPS that eipnn/kk can be tested with: KOKKOS with few styles, PLUGIN, and pair style sw.
#   tools/build-lammps-kokkos.sh 29Sep2021 OPENMP        with Kokkos 3.4.01 and Debian's Open MPI
#   tools/build-lammps-kokkos.sh 4Feb2025 ARCHITECTURE   with the Kokkos 4.5.01 of build-kokkos.sh, for a
#                                                        GPU or OPENMP, and the MPICH of install-deps.sh
# The build folder is build-kokkos/lammps-VERSION-ARCHITECTURE/build. Sources are those of get-source.sh.
# A finished build is left alone; an interrupted one goes on.
set -eu
cd "$(dirname "$0")/.."

fail() {
  echo "build-lammps-kokkos: $*" >&2
  exit 1
}

version=${1:-} architecture=${2:-}
case $version-$architecture in
  29Sep2021-OPENMP) mpicxx=mpicxx.openmpi mpiexec=mpiexec.openmpi ;;
  4Feb2025-?*) mpicxx=$PWD/.venv/bin/mpicxx mpiexec=$PWD/.venv/bin/mpiexec ;;
  *)
    echo "usage: tools/build-lammps-kokkos.sh 29Sep2021 OPENMP, or 4Feb2025 ARCHITECTURE" >&2
    exit 2
    ;;
esac
for command in $mpicxx $mpiexec cmake ninja; do
  command -v "$command" >/dev/null ||
    fail "$command is missing; run tools/install-deps.sh libopenmpi-dev openmpi-bin xz-utils"
done

# For tests: -O1 takes half the compile time of -O3, and device code is optimised in any case.
OPTIONS="-D CMAKE_BUILD_TYPE=Release -D CMAKE_CXX_FLAGS_RELEASE=-O1 -D BUILD_SHARED_LIBS=on
  -D LAMMPS_EXCEPTIONS=on -D BUILD_MPI=on -D PKG_KOKKOS=on -D PKG_PLUGIN=on -D PKG_MANYBODY=on
  -D WITH_JPEG=off -D WITH_PNG=off -D WITH_FFMPEG=off -D WITH_GZIP=off -D WITH_CURL=off"
if [ "$architecture" = OPENMP ]; then
  OPTIONS="$OPTIONS -D BUILD_OMP=on -D Kokkos_ENABLE_SERIAL=on -D Kokkos_ENABLE_OPENMP=on"
else
  OPTIONS="$OPTIONS -D BUILD_OMP=off -D CMAKE_CXX_COMPILER_LAUNCHER=$PWD/tools/nvcc-where-needed.sh"
  # The driver's library, which liblammps wants, is on machines with a GPU only.
  OPTIONS="$OPTIONS -D CMAKE_EXE_LINKER_FLAGS=-Wl,--allow-shlib-undefined"
fi
if [ "$version" = 4Feb2025 ]; then
  kokkos=$(tools/build-kokkos.sh "$architecture")
  OPTIONS="$OPTIONS -D EXTERNAL_KOKKOS=on -D CMAKE_TOOLCHAIN_FILE=$kokkos/toolchain.cmake"
fi
# Styles of the packages KOKKOS and MANYBODY that the tests use. The others are left out: they would be
# more than half of the compile time.
STYLES="pair_hybrid* pair_lj_cut_kokkos.* pair_zbl_kokkos.* pair_sw.* pair_sw_kokkos.*
  atom_vec_kokkos.* atom_vec_atomic_kokkos.* compute_temp_kokkos.* fix_deform_kokkos.*
  fix_minimize_kokkos.* fix_neigh_history_kokkos.* fix_nh_kokkos.* fix_npt_kokkos.* fix_nve_kokkos.*
  fix_property_atom_kokkos.*"

# Sources in one tree; complete as soon as it is called src.
prepare_sources() {
  rm -rf "$folder/src" "$folder/src.part"
  cp -a "$(tools/get-source.sh lammps "$version")" "$folder/src.part"
  if [ "$version" = 29Sep2021 ]; then
    cp -a "$(tools/get-source.sh kokkos 3.4.01)" "$folder/src.part/lib/kokkos"
  fi
  set -f
  kept=""
  for style in $STYLES; do
    kept="$kept ! -name $style"
  done
  # shellcheck disable=SC2086
  find "$folder/src.part/src/KOKKOS" "$folder/src.part/src/MANYBODY" -regextype posix-extended -regex \
    '.*/((angle|atom_vec|bond|compute|dihedral|fix|improper|pair|region)_.*_kokkos\.|MANYBODY/.*\.)(cpp|h)' \
    $kept -delete
  set +f
  echo "$STYLES" >"$folder/src.part/styles"
  mv "$folder/src.part" "$folder/src"
}

build() {
  # shellcheck disable=SC2086
  if ! {
    cmake -G Ninja -S "$folder/src/cmake" -B "$folder/build" --log-level=WARNING --no-warn-unused-cli \
      $OPTIONS -D MPI_CXX_COMPILER="$(command -v "$mpicxx")" \
      -D MPIEXEC_EXECUTABLE="$(command -v "$mpiexec")" &&
      ninja -C "$folder/build" lmp
  } >"$folder/build.log" 2>&1; then
    grep -E -m 20 -A 2 'error:|error #|CMake Error|FAILED:' "$folder/build.log" >&2 || true
    fail "LAMMPS did not build, see $folder/build.log"
  fi
}

folder=$PWD/build-kokkos/lammps-$version-$architecture
mkdir -p "$folder"
exec 9>"$folder/lock"
flock 9 # one at a time; the second finds everything done
wanted="$STYLES $OPTIONS $(c++ --version | head -n 1)"
if [ "$(cat "$folder/finished" 2>/dev/null)" = "$wanted" ] && [ -x "$folder/build/lmp" ]; then
  echo "build-lammps-kokkos: $folder/build/lmp is there"
  exit 0
fi
rm -f "$folder/finished"
if [ "$(cat "$folder/src/styles" 2>/dev/null)" != "$STYLES" ]; then
  echo "build-lammps-kokkos: sources of LAMMPS $version into $folder"
  prepare_sources
fi
if [ "$(cat "$folder/started" 2>/dev/null)" != "$wanted" ]; then
  rm -rf "$folder/build"
  echo "$wanted" >"$folder/started"
fi
echo "build-lammps-kokkos: compiling LAMMPS $version, $architecture, some minutes" \
  "(log: $folder/build.log)"
build
echo "$wanted" >"$folder/finished"
