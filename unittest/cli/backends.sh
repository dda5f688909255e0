# SPDX-License-Identifier: GPL-2.0-or-later
# --backend: names that are not there, and a run that goes on with another one.
# $5: ON in a build with Kokkos.
. "$(dirname "$0")/common.sh"
kokkos=$5

"$make_silicon" 24 1 >si.xyz
expect 0 convert si.xyz si.h5
expect 0 split si.h5 --name a --train 0.6 --val 0.2 --test 0.2
two_eips
network="--hidden 8 --layers 1 --radial 8 --cutoff 4 --batch 4 --precision double"
expect 0 train si.h5 --split a $network --steps 2 --out model.h5
says out "backend cpu: 1 core"
expect 0 test model.h5 si.h5 --backend ref --precision double
says out "backend ref: 1 core"

# Too little address space for OpenBLAS, which would try for ever: a sentence, in the smallest space
# that holds the program. (That of a sanitizer has no limit.)
limited()
{
  (ulimit -v $limit && OPENBLAS_NUM_THREADS=1 OMP_NUM_THREADS=2 timeout 30 "$eipnn" "$@") >out 2>err
}
limit=60000
until limited --version || [ $? -eq 124 ] || [ $limit -gt 1000000 ]; do limit=$((limit + 60000)); done
# starts BACKEND: told at once, or the run is as without a limit, with room for no to three threads.
starts()
{
  smallest=$limit
  for more in 40000 170000 300000 430000; do
    limit=$((smallest + more))
    limited test model.h5 si.h5 --backend $1
    code=$?
    [ $code -eq 0 ] || [ $code -eq 1 ] || fail "$1: exit code $code with ulimit -v $limit"
    [ $code -eq 0 ] || says err "--backend $1: OpenBLAS wants 128 MB of address space"
  done
  limit=$smallest
}
if limited --version; then
  starts cpu
  if [ "$kokkos" = ON ]; then starts kokkos; fi
fi

# refused CODE TEXT OPTION...: by every command that evaluates networks.
refused()
{
  code=$1
  text=$2
  shift 2
  for command in "train si.h5 --split a --out new.h5" "pretrain si.h5 --eips eips.json --out new.h5" \
    "test model.h5 si.h5" "features model.h5 si.h5 --out new.csv" "select model.h5 si.h5 --split a"; do
    expect $code $command "$@"
    says err "$text"
    [ ! -e new.h5 ] && [ ! -e new.csv ] || fail "$command $* wrote a file"
  done
}
refused 2 "--backend gpu is not known; it takes one of: cpu|kokkos|kokkos-host|ref" --backend gpu
if [ "$kokkos" != ON ]; then
  refused 1 "built without Kokkos" --backend kokkos
  says err "-D EIPNN_KOKKOS=ON"
fi

# interrupt STEPS: a run on the cpu that a signal stops. False if it was over before.
interrupt()
{
  rm -f part.*
  "$eipnn" train si.h5 --split a $network --steps $1 --validate-every $(($1 / 10)) --out part.h5 \
    --log part.csv >out 2>err &
  child=$!
  while kill -0 $child 2>/dev/null; do
    [ -f part.csv ] && [ "$(wc -l <part.csv)" -ge 3 ] && break
    sleep 0.01
  done
  kill -TERM $child 2>/dev/null
  wait $child
  [ $? -eq 1 ]
}

# goes_on BACKEND: the rest of that run on another backend gives the model of the cpu to rounding.
goes_on()
{
  for steps in 200 2000 20000; do interrupt $steps && break; done
  [ -f part.checkpoint.h5 ] || fail "no checkpoint"
  run="--split a $network --steps $steps --validate-every $((steps / 10))"
  expect 0 train si.h5 $run --out part.h5 --resume --backend "$1"
  says err "the checkpoint was written with --backend cpu, this run goes on with $1"
  expect 0 train si.h5 $run --out whole.h5
  ! grep -q backend err || fail "a change of backend is told where there is none"
  for model in part whole; do
    expect 0 test $model.h5 si.h5 --precision double --json
    mae=$(number out config_mae)
    [ $model = part ] && part=$mae
  done
  holds "($part - $mae)^2 < 1e-12 * $mae^2"
}
goes_on ref
if [ "$kokkos" = ON ]; then goes_on kokkos; fi
