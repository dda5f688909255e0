#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Copies the styles into a LAMMPS source tree (or removes them), for LAMMPS' traditional make. With
# cmake eipnn.cmake does it without copies.
#   sh Install.sh LAMMPS/src            copy or update
#   sh Install.sh LAMMPS/src remove     take out again
# Styles for KOKKOS are copied where `make yes-kokkos` has been done before.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
if [ $# -lt 1 ] || [ ! -e "$1/lammps.h" ]; then
  echo "usage: sh Install.sh LAMMPS/src [remove]" >&2
  exit 2
fi
for file in "$here"/*.h "$here"/*.cpp; do
  name=$(basename "$file")
  target=$1/$name
  wanted=${2:-copy}
  case $name in
    eipnnplugin* | eipnn_plugin_fault* | eipnn_styles* | eipnn_kokkos_host* | lmp_eipnn*)
      continue # the plugin's own
      ;;
    *kokkos*) [ -e "$1/pair_kokkos.h" ] || wanted=remove ;;
  esac
  if [ "$wanted" = remove ]; then
    rm -f "$target"
  elif ! cmp -s "$file" "$target"; then
    cp "$file" "$target"
  fi
done
