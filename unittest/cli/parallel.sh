# SPDX-License-Identifier: GPL-2.0-or-later
# On several MPI ranks: the same results, one voice, one exit code. $4: mpiexec.
. "$(dirname "$0")/common.sh"
mpiexec=$4
# Open MPI: also as root, also with more ranks than cores.
export OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1 OMPI_MCA_rmaps_base_oversubscribe=1

# on RANKS CODE argument...
on()
{
  ranks=$1
  code=$2
  shift 2
  "$mpiexec" -n "$ranks" "$eipnn" "$@" >out 2>err
  got=$?
  [ $got -eq "$code" ] || fail "exit code $got instead of $code on $ranks ranks: eipnn $*"
}

"$make_silicon" 60 1 >si.xyz
on 2 0 convert si.xyz si.h5
[ "$(wc -l <out)" -eq 2 ] || fail "more than one rank printed"
on 2 0 split si.h5 --name a --train 0.6 --val 0.2 --test 0.2
network="--hidden 16 --layers 2 --radial 16 --batch 8 --precision double"
for ranks in 1 2 3; do
  on $ranks 0 train si.h5 --split a $network --steps 40 --out model.h5
  [ "$(grep -c '^backend cpu: ' out) $(wc -l <out)" = "1 2" ] || fail "more than one rank printed"
  on 1 0 test model.h5 si.h5 --split a --precision double --json
  mae=$(number out config_mae)
  [ $ranks -eq 1 ] && reference=$mae
  holds "($mae - $reference)^2 < 1e-18 * $reference^2"
done

for ranks in 1 3; do
  on $ranks 0 features model.h5 si.h5 --precision double --out features$ranks.csv
  [ "$(wc -l <out)" -eq 1 ] || fail "more than one rank printed"
done
paste -d, features1.csv features3.csv | awk -F, 'NR > 1 { for (k = 5; k <= NF / 2; k++) {
  d = $k - $(k + NF / 2); if (d * d > 1e-14) bad = 1 } n++ } END { exit bad || n != 60 }' ||
  fail "features depend on the number of ranks"

on 2 2 train si.h5 --split a
[ "$(grep -c 'eipnn: error' err)" -eq 1 ] || fail "the error is not told once"
says err "--out MODEL.h5 is required"
on 2 1 train missing.h5 --split a --out model.h5
says err "missing.h5"
[ "$(grep -c 'eipnn: error' err)" -eq 1 ] || fail "the error is not told once"
on 2 1 train si.h5 --split none --out model.h5
says err 'no split "none"'
printf '{"split": "a", "stepz": 1}' >input.json
on 2 2 train si.h5 --input input.json --out model.h5
says err 'unknown key "stepz"'
on 2 1 info missing.h5
on 2 0 train --help
[ "$(grep -c '^usage' out)" -eq 1 ] || fail "the help is printed by more than one rank"
