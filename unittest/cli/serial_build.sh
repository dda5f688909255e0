# SPDX-License-Identifier: GPL-2.0-or-later
# Built without MPI and started by a launcher of MPI jobs: an error instead of the same work twice.
. "$(dirname "$0")/common.sh"

for variable in PMI_SIZE OMPI_COMM_WORLD_SIZE; do
  env $variable=2 "$eipnn" --version >out 2>err
  [ $? -eq 1 ] || fail "exit code with $variable=2"
  says err "EIPNN_MPI=ON"
  env $variable=1 "$eipnn" --version >out 2>err || fail "exit code with $variable=1"
done
