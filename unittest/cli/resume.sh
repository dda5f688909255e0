# SPDX-License-Identifier: GPL-2.0-or-later
# A run that SIGTERM or SIGKILL stops goes on with --resume to the model of an undisturbed run.
. "$(dirname "$0")/common.sh"

"$make_silicon" 60 1 >si.xyz
expect 0 convert si.xyz si.h5
expect 0 split si.h5 --name a --train 0.6 --val 0.2 --test 0.2
network="--hidden 32 --layers 2 --radial 32 --cutoff 5 --batch 8"

# interrupt SIGNAL ROWS [--resume]: starts a run, sends the signal once the learning curve has that
# many lines. False if the run was over before.
interrupt()
{
  signal=$1
  rows=$2
  shift 2
  "$eipnn" train si.h5 $options --out part.h5 --log part.csv "$@" >out 2>err &
  child=$!
  while kill -0 $child 2>/dev/null; do
    [ -f part.csv ] && [ "$(wc -l <part.csv)" -ge "$rows" ] && break
    sleep 0.02
  done
  kill -"$signal" $child 2>/dev/null
  wait $child
  got=$?
  [ $got -ne 0 ]
}

# Longer runs where the machine is too fast for the signals.
for steps in 300 3000 30000; do
  options="--split a $network --steps $steps --validate-every $((steps / 30))"
  rm -f part.*
  interrupt TERM 4 || continue
  [ $got -eq 1 ] || fail "exit code $got after SIGTERM"
  says err "--resume goes on from there"
  [ -f part.checkpoint.h5 ] || fail "no checkpoint after SIGTERM"
  [ ! -e part.h5 ] || fail "a model was written"
  expect 0 info part.checkpoint.h5
  says out "part.checkpoint.h5: checkpoint"
  says out "training: at step"
  interrupt KILL 12 --resume && break
done
[ $got -eq 137 ] || fail "exit code $got after SIGKILL"
expect 0 train si.h5 $options --out part.h5 --log part.csv --resume
[ ! -e part.checkpoint.h5 ] || fail "the checkpoint is still there"
expect 0 test part.h5 si.h5 --split a --json
grep -v '"model"' out >part.json

expect 0 train si.h5 $options --out whole.h5 --log whole.csv
expect 0 test whole.h5 si.h5 --split a --json
grep -v '"model"' out | cmp -s - part.json || fail "the resumed run gives another model"
cut -d, -f1,5,6 whole.csv >whole.txt
cut -d, -f1,5,6 part.csv | cmp -s - whole.txt || fail "the learning curves differ"

expect 0 train si.h5 --split a --hidden 8 --layers 1 --steps 5 --batch 8 --out new.h5 --resume
says err "there is no checkpoint new.checkpoint.h5"
# A checkpoint of other options is refused and stays.
: >part.csv
interrupt TERM 4 || exit 0
cp part.checkpoint.h5 before.h5
expect 1 train si.h5 $options --lr 0.5 --out part.h5 --resume
cmp -s part.checkpoint.h5 before.h5 || fail "the checkpoint was changed"
