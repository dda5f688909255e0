# SPDX-License-Identifier: GPL-2.0-or-later
# Stopped in any stage, --resume goes on to the model of an undisturbed run.
. "$(dirname "$0")/common.sh"

two_eips
"$make_silicon" 120 1 >si.xyz
expect 0 convert si.xyz si.h5
expect 0 split si.h5 --name a --train 0.3 --val 0.2 --test 0.2 --rest pool
expect 0 label si.h5 --eips eips.json --align
options="--split a --method mp+la --hidden 16 --layers 2 --radial 16 --cutoff 5 --batch 8
  --checkpoint-every 0.05 --pretrain-steps 400 --classifier-steps 400 --steps 60 --error-limit 0.2
  --alpha auto"

# stop SIGNAL FILE [--resume]: a run that gets the signal once the file is there.
stop()
{
  signal=$1
  file=$2
  shift 2
  "$eipnn" train si.h5 $options --out part.h5 "$@" >out 2>err &
  child=$!
  while kill -0 $child 2>/dev/null && [ ! -e "$file" ]; do sleep 0.01; done
  kill -"$signal" $child 2>/dev/null
  wait $child
}

expect 0 train si.h5 $options --out whole.h5
stop TERM part.pretraining.checkpoint.h5
stop KILL part.classifier.checkpoint.h5 --resume
stop TERM part.alpha-0.05.h5 --resume
stop KILL part.alpha-1.h5 --resume
expect 0 train si.h5 $options --out part.h5 --resume
says err "part.pretrained.h5 is finished, it is used again"
says err "part.classifier.h5 is finished, it is used again"
[ -z "$(ls part*alpha*.h5 part*checkpoint.h5 2>/dev/null)" ] || fail "files of the search are left"
for model in whole part; do
  expect 0 test $model.h5 si.h5 --split a --json --predictions $model.csv
done
cmp -s whole.csv part.csv || fail "the resumed run gives another model"

# Stages of another run are not used.
expect 0 split si.h5 --name b --train 0.3 --val 0.2 --test 0.2 --rest pool --seed 7
expect 1 train si.h5 $(echo $options | sed 's/--split a/--split b/') --out part.h5 --resume
says err "part.pretrained.h5 is of another run (its split differs)"
