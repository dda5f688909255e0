# SPDX-License-Identifier: GPL-2.0-or-later
# Both methods on several MPI ranks: the same labels, the same model. $4: mpiexec.
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

two_eips
"$make_silicon" 60 1 >si.xyz
on 1 0 convert si.xyz si.h5
on 1 0 split si.h5 --name a --train 0.3 --val 0.2 --test 0.2 --rest pool
on 2 0 label si.h5 --eips eips.json --align
network="--hidden 16 --layers 2 --radial 16 --batch 8 --precision double"
for ranks in 1 2 3; do
  on $ranks 0 train si.h5 --split a --method mp+la $network --pretrain-steps 40 \
    --classifier-steps 40 --steps 40 --calibrate affine --out model$ranks.h5
  grep '^labels: ' out >labels$ranks
  [ "$(wc -l <labels$ranks)" -eq 1 ] || fail "more than one rank printed"
  cmp -s labels1 labels$ranks || fail "other labels on $ranks ranks"
  on $ranks 0 select model1.classifier.h5 si.h5 --split a --precision double --csv $ranks.csv
  cmp -s 1.csv $ranks.csv || fail "eipnn select differs on $ranks ranks"
  on 1 0 test model$ranks.h5 si.h5 --split a --precision double --json
  mae=$(number out config_mae)
  [ $ranks -eq 1 ] && reference=$mae
  holds "($mae - $reference)^2 < 1e-14 * $reference^2"
done
on 2 0 train si.h5 --split a --method mp+la $network --pretrain-steps 40 --classifier-steps 40 \
  --steps 40 --calibrate affine --out model2.h5 --resume
says err "model2.pretrained.h5 is finished, it is used again"
on 1 0 test model2.h5 si.h5 --split a --precision double --json
mae=$(number out config_mae)
holds "($mae - $reference)^2 < 1e-14 * $reference^2"
on 2 0 train si.h5 --split a --method la --classifier model1.classifier.h5 --delta ridge \
  --alpha auto $network --steps 10 --out delta.h5
says out "is the best on validation"
[ "$(grep -c '^delta: ' out)" -eq 1 ] || fail "more than one rank printed"
