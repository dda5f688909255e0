#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# hipBLAS to compile and link against where ROCm lacks it (Debian 12 has HIP 5.2.3 without it), out of
# Debian 13; prints the prefix, build-kokkos/hipblas/usr. The libraries below it, half a gigabyte, are
# empty functions here: programs start, and compute nothing.
set -eu
cd "$(dirname "$0")/.."
folder=$PWD/build-kokkos/hipblas
if [ ! -f "$folder/ready" ]; then
  mkdir -p "$folder"
  (cd "$folder" && ../../tools/apt-suite.sh trixie download libhipblas-dev libhipblas0 >&2)
  for package in "$folder"/*.deb; do
    dpkg-deb -x "$package" "$folder"
  done
  libraries=$folder/usr/lib/$(dpkg-architecture -q DEB_HOST_MULTIARCH)
  nm -D -u "$libraries/libhipblas.so.0" |
    awk '$2 ~ /^roc/ { sub(/@.*/, "", $2); print "void " $2 "(void) {}" }' >"$folder/empty.c"
  for name in librocblas librocsolver; do
    cc -w -shared -fPIC -Wl,-soname,$name.so.0 -o "$libraries/$name.so.0" "$folder/empty.c"
  done
  touch "$folder/ready"
fi
echo "$folder/usr"
