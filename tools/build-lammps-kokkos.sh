#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Builds the LAMMPS that eipnn/kk is tested with: 29Sep2021 with KOKKOS (Kokkos 3.4.01, OpenMP) and
# Debian's OpenMPI. Sources come from Debian's source package and from PyPI, which has Kokkos inside
# the source package of pykokkos-base.
#   tools/build-lammps-kokkos.sh [FOLDER]        default build-kokkos/lammps; lmp is FOLDER/build/lmp
# A finished build is left alone; an interrupted one goes on.
set -eu
cd "$(dirname "$0")/.."
LAMMPS=20220106.git7586adbb6a+ds1 # what Debian 12 calls 29Sep2021 with its second update
LAMMPS_SHA256=65146c615ad24d8b8bc64f4e05e86226a7f1fdb45c0b5ea9416562b9f3863082
KOKKOS=0.0.7 # the pykokkos-base that carries Kokkos 3.4.01
KOKKOS_SHA256=6339daced1e81a2748f381847d8717cd77d824407da3c263b9491b5630c642b0
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

checked() {
  echo "$2  $1" | sha256sum --check --quiet >/dev/null 2>&1
}

# apt with lists and cache of its own and only the deb-src line of bookworm, whose mirror is taken
# from this machine's configuration.
private_apt() {
  apt-get -q -o Dir::Etc::SourceList="$folder/apt/sources.list" -o Dir::Etc::SourceParts=- \
    -o Dir::State::Lists="$folder/apt/lists" -o Dir::Cache="$folder/apt/cache" \
    -o APT::Sandbox::User="$(id -un)" "$@"
}

fetch_lammps() {
  rm -rf "$lammps_archive" apt
  mirror=$(apt-get indextargets --format '$(RELEASE) $(COMPONENT) $(REPO_URI)' 'Identifier: Packages' |
    awk '$1 == "bookworm" && $2 == "main" { print $3; exit }')
  [ -n "$mirror" ] || fail "apt on this machine has no source of Debian 12 (bookworm)"
  mkdir -p apt/lists/partial apt/cache/archives/partial
  key=/usr/share/keyrings/debian-archive-keyring.gpg
  echo "deb-src [signed-by=$key] $mirror bookworm main" >apt/sources.list
  private_apt update >/dev/null
  private_apt source --tar-only --download-only "lammps=$LAMMPS-2" >/dev/null
  rm -r apt
  checked "$lammps_archive" $LAMMPS_SHA256 || fail "$folder/$lammps_archive is not the file expected"
}

# pip keeps the file only after it has asked the package's build system for its name.
fetch_kokkos() {
  rm -rf "$kokkos_archive" venv
  python3 -m venv venv
  pip="venv/bin/pip -q --disable-pip-version-check"
  $pip install wheel setuptools setuptools_scm scikit-build cmake
  $pip download --no-deps --no-binary :all: --no-build-isolation "pykokkos-base==$KOKKOS"
  rm -r venv
  checked "$kokkos_archive" $KOKKOS_SHA256 || fail "$folder/$kokkos_archive is not the file expected"
}

# Only what compiles; complete as soon as it is called src.
unpack() {
  rm -rf src src.part
  mkdir -p src.part/lib/kokkos
  tar -xJf "$lammps_archive" -C src.part --strip-components=1 --wildcards \
    '*/LICENSE' 'lammps-*/cmake' 'lammps-*/doc/lammps.1' 'lammps-*/lib' 'lammps-*/potentials' \
    'lammps-*/python' 'lammps-*/src' 'lammps-*/tools'
  tar -xzf "$kokkos_archive" -C src.part/lib/kokkos --strip-components=3 \
    "pykokkos-base-$KOKKOS/external/kokkos"
  unused="-name pair_*_kokkos.* -o -path */MANYBODY/*.cpp -o -path */MANYBODY/*.h"
  kept=""
  for style in $PAIR_STYLES; do
    kept="$kept ! -name $style"
  done
  set -f
  # shellcheck disable=SC2086
  find src.part/src/KOKKOS src.part/src/MANYBODY \( $unused \) $kept -delete
  set +f
  echo "$sources" >src.part/eipnn-sources
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
lammps_archive=lammps_$LAMMPS.orig.tar.xz
kokkos_archive=pykokkos-base-$KOKKOS.tar.gz
sources="$LAMMPS_SHA256 $KOKKOS_SHA256 $PAIR_STYLES"
wanted="$sources $OPTIONS $(c++ --version | head -n 1)"
if [ "$(cat finished 2>/dev/null)" = "$wanted" ] && [ -x build/lmp ]; then
  echo "build-lammps-kokkos: $folder/build/lmp is there"
  exit 0
fi
rm -f finished
for command in mpicxx.openmpi mpiexec.openmpi cmake ninja python3 xz; do
  command -v $command >/dev/null ||
    fail "$command is missing; run tools/install-deps.sh libopenmpi-dev openmpi-bin xz-utils"
done
if [ "$(cat src/eipnn-sources 2>/dev/null)" != "$sources" ]; then
  echo "build-lammps-kokkos: sources of LAMMPS and Kokkos into $folder"
  checked "$lammps_archive" $LAMMPS_SHA256 || fetch_lammps
  checked "$kokkos_archive" $KOKKOS_SHA256 || fetch_kokkos
  unpack
fi
if [ "$(cat started 2>/dev/null)" != "$wanted" ]; then
  rm -rf build
  echo "$wanted" >started
fi
echo "build-lammps-kokkos: compiling, some minutes (log: $folder/build.log)"
build
echo "$wanted" >finished
