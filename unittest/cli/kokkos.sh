# SPDX-License-Identifier: GPL-2.0-or-later
# eipnn on the backend kokkos: results of the cpu, no bit of which depends on the number of threads or
# on a kill; ranks share the work. $4: mpiexec or "", $6: program that compares models bit by bit.
. "$(dirname "$0")/common.sh"
mpiexec=$4
same=$6
export OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1 OMPI_MCA_rmaps_base_oversubscribe=1
export OMP_PROC_BIND=false OMP_NUM_THREADS=1

"$make_silicon" 40 1 >si.xyz
expect 0 convert si.xyz si.h5
expect 0 split si.h5 --name a --train 0.6 --val 0.2 --test 0.2
network="--hidden 16 --layers 2 --radial 16 --cutoff 5 --batch 8"
run="train si.h5 --split a $network"

# agrees MODEL.h5 BACKEND TOLERANCE: its test error is that of cpu.h5 on the cpu.
agrees()
{
  expect 0 test "$1" si.h5 --split a --precision double --backend "$2" --json
  mae=$(number out config_mae)
  holds "($mae - $reference)^2 < $3^2 * $reference^2"
}

expect 0 $run --steps 30 --precision double --out cpu.h5
expect 0 test cpu.h5 si.h5 --split a --precision double --json
reference=$(number out config_mae)
agrees cpu.h5 kokkos 1e-10
expect 0 $run --steps 30 --precision double --out kk.h5 --backend kokkos
! grep -qi kokkos err || fail "Kokkos is heard"
grep -q "^backend kokkos: [A-Za-z]*, 1 thread$" out || grep -q "^backend kokkos: [A-Z]*, ..*" out ||
  fail "the device is not named"
agrees kk.h5 cpu 1e-9
for backend in cpu kokkos; do
  expect 0 features cpu.h5 si.h5 --precision double --backend $backend --out $backend.csv
done
paste -d, cpu.csv kokkos.csv | awk -F, 'NR > 1 { for (k = 4; k <= NF / 2; k++) {
  d = $k - $(k + NF / 2); if (d * d > 1e-16) bad = 1 } n++ } END { exit bad || n != 40 }' ||
  fail "features differ"

# More threads than Kokkos has room for, and none: a sentence where Kokkos is that of OpenMP.
for threads in 0 1000; do
  KOKKOS_NUM_THREADS=$threads "$eipnn" test cpu.h5 si.h5 --split a --backend kokkos >out 2>err
  code=$?
  [ $code -eq 0 ] || { [ $code -eq 1 ] && says err "Kokkos runs 1 to 512 threads, not $threads"; } ||
    fail "exit code $code with $threads threads"
done

for precision in single mixed; do
  for threads in 1 2; do
    OMP_NUM_THREADS=$threads expect 0 $run --steps 30 --force-weight 0.1 --precision $precision \
      --backend kokkos --out $precision$threads.h5
  done
  "$same" ${precision}1.h5 ${precision}2.h5 >out || fail "$precision: the threads change the result"
done

# A kill, and on from the last checkpoint.
long="$run --validate-every 1 --checkpoint-every 0 --backend kokkos --steps 150"
expect 0 $long --out whole.h5
"$eipnn" $long --out part.h5 --log part.csv >out 2>err &
child=$!
while kill -0 $child 2>/dev/null; do
  [ -f part.csv ] && [ "$(wc -l <part.csv)" -ge 20 ] && break
  sleep 0.01
done
kill -KILL $child 2>/dev/null
wait $child
if [ $? -eq 137 ]; then
  [ -f part.checkpoint.h5 ] || fail "no checkpoint after a kill"
  expect 0 $long --out part.h5 --resume
fi
"$same" whole.h5 part.h5 >out || fail "the resumed run gives another model"

[ -n "$mpiexec" ] || exit 0
"$mpiexec" -n 2 "$eipnn" $run --steps 30 --precision double --backend kokkos --out ranks.h5 >out 2>err ||
  fail "two ranks"
agrees ranks.h5 cpu 1e-9
