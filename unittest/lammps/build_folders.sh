# SPDX-License-Identifier: GPL-2.0-or-later
# sh build_folders.sh CMAKE GENERATOR SOURCE WORK: configuring for a build folder of LAMMPS that gives no
# plugin says why.
cmake=$1 generator=$2 source=$3 work=$4
rm -rf "$work"
mkdir -p "$work/lammps" "$work/other"
failed=0

# says FOLDER SENTENCE...: in messages without line ends.
says() {
  folder=$1
  shift
  rm -rf "$work/build"
  if "$cmake" -G "$generator" -S "$source" -B "$work/build" -D EIPNN_KOKKOS=ON \
    -D EIPNN_LAMMPS_BUILD="$folder" >"$work/out" 2>&1; then
    echo "FAILED: configured for $folder"
    failed=1
  fi
  for sentence in "$@"; do
    tr -s ' \n' ' ' <"$work/out" | grep -q -e "$sentence" && continue
    echo "FAILED: for $folder no message '$sentence' in:"
    cat "$work/out"
    failed=1
  done
}

says "$work/nothing" "has no CMakeCache.txt; name the folder in which LAMMPS was built"
echo "CMAKE_BUILD_TYPE:STRING=Release" >"$work/other/CMakeCache.txt"
says "$work/other" "is no build folder of LAMMPS"
cat >"$work/lammps/CMakeCache.txt" <<END
lammps_SOURCE_DIR:STATIC=$work/src/cmake
LAMMPS_SIZES:STRING=smallbig
PKG_PLUGIN:BOOL=OFF
PKG_KOKKOS:BOOL=OFF
BUILD_SHARED_LIBS:BOOL=OFF
END
says "$work/lammps" "configured without -D PKG_PLUGIN=on" "without -D BUILD_SHARED_LIBS=on" \
  "lacks the KOKKOS package; configure that LAMMPS with -D PKG_KOKKOS=on"
exit $failed
