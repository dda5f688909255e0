#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Sources of Kokkos, from packages of PyPI that bring them along; prints the folder.
#   tools/get-kokkos.sh 3.4.01|4.5.01        -> build-kokkos/kokkos-VERSION
# 3.4.01 belongs to LAMMPS 29Sep2021, 4.5.01 to LAMMPS 4Feb2025.
set -eu
cd "$(dirname "$0")/.."

version=${1:-}
case $version in
  3.4.01)
    name=pykokkos-base number=0.0.7 inside=external/kokkos
    sha256=6339daced1e81a2748f381847d8717cd77d824407da3c263b9491b5630c642b0
    ;;
  4.5.01)
    name=pycompadre number=1.7.6 inside=kokkos
    sha256=c766ec4d445ce076069be4b8c51a23ffac4ee79ea949ca86446bfd8c299b154c
    ;;
  *)
    echo "usage: tools/get-kokkos.sh 3.4.01|4.5.01" >&2
    exit 2
    ;;
esac
folder=$PWD/build-kokkos/kokkos-$version
if [ -f "$folder/CMakeLists.txt" ]; then
  echo "$folder"
  exit 0
fi

# pip asks a source package for its metadata, which wants the package's build tools; without
# isolation those are the few that metadata needs.
work=$PWD/build-kokkos/download
mkdir -p "$work"
if [ ! -f "$work/venv/ready" ]; then
  python3 -m venv "$work/venv"
  "$work/venv/bin/pip" install -q --disable-pip-version-check \
    wheel setuptools setuptools_scm scikit-build cmake >&2
  touch "$work/venv/ready"
fi
archive=$work/$name-$number.tar.gz
"$work/venv/bin/pip" download -q --disable-pip-version-check --no-deps --no-binary :all: \
  --no-build-isolation -d "$work" "$name==$number" >&2
if ! echo "$sha256  $archive" | sha256sum --check --quiet >&2; then
  echo "get-kokkos: $archive is not the file expected" >&2
  exit 1
fi
rm -rf "${work:?}/$name" "$folder"
mkdir "$work/$name"
tar xzf "$archive" -C "$work/$name" --strip-components=1
mv "$work/$name/$inside" "$folder"
rm -rf "${work:?}/$name"
echo "$folder"
