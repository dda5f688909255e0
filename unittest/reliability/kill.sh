# SPDX-License-Identifier: GPL-2.0-or-later
# Commands that are killed (SIGKILL to every process of the run) at random moments, again and again:
# after each kill every file is readable, and going on gives the bits of an undisturbed run.
#   sh kill.sh EIPNN MAKE_SILICON FOLDER KILLS MPIEXEC|no CASE...
# KILLS per case; a case is one of label pretrain none mp both la mp+la, with the number of ranks behind
# a colon, e.g. none:2. In the environment, SEED: another series of moments; SCALE: runs that many times
# longer.
. "$(dirname "$0")/../cli/common.sh"
kills=$4
scale=${SCALE:-1}
mpiexec=$5
shift 5
same=$(dirname "$make_silicon")/../reliability/same
export OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1 OMPI_MCA_rmaps_base_oversubscribe=1

# uniform HIGH: a random number in [0, HIGH).
draws=0
uniform()
{
  draws=$((draws + 1))
  awk -v seed="${SEED:-1}$draws" -v high="$1" 'BEGIN { srand(seed); rand(); print rand() * high }'
}

# A process and everything below it: mpiexec gives each rank a session and a group of its own.
family()
{
  ps -e -o pid= -o ppid= | awk -v root="$1" '
    { parent[$1] = $2 }
    function belongs(p) { return p == root || (p > 1 && p in parent && belongs(parent[p])) }
    END { for (p in parent) if (belongs(p)) print p }'
}

# Kills them all, and waits until the last is gone.
kill_family()
{
  members=$(family "$1")
  kill -KILL $members 2>/dev/null
  wait "$1" 2>/dev/null
  for process in $members; do
    while kill -0 "$process" 2>/dev/null; do sleep 0.01; done
  done
}

readable()
{
  for file in run/*.h5; do
    [ -e "$file" ] || continue
    "$eipnn" info "$file" >info.out 2>info.err || fail "unreadable after a kill: $(cat info.err)"
  done
}

# on RANKS argument...
on()
{
  ranks=$1
  shift
  if [ "$ranks" -eq 1 ]; then
    exec "$eipnn" "$@"
  else
    exec "$mpiexec" -n "$ranks" "$eipnn" "$@"
  fi
}

# Starts the command in case.sh and kills it after $1 seconds; false if it was over before.
run_and_kill()
{
  sh case.sh >out 2>err &
  child=$!
  sleep "$1"
  kill -0 $child 2>/dev/null || { wait $child; return 1; }
  kill_family $child
}

# Arguments of a case, without --resume.
arguments()
{
  network="--hidden 16 --layers 2 --radial 16 --cutoff 5 --batch 8 --checkpoint-every 0.02"
  length="--steps $((500 * scale)) --validate-every 20"
  case $1 in
    label) echo "label run/si.h5 --eips eips.json --forces --save-every 0.02" ;;
    pretrain) echo "pretrain si.h5 --eips eips.json --out run/model.h5 $network $length" ;;
    none) echo "train si.h5 --split a --out run/model.h5 --log run/log.csv $network $length" ;;
    mp) echo "train si.h5 --split a --method mp --pretrained pre.h5 --out run/model.h5 --batch 8" \
      "--checkpoint-every 0.02 $length" ;;
    both) echo "train si.h5 --split a --method mp --eips eips.json --out run/model.h5 $network" \
      "--pretrain-steps $((300 * scale)) --steps $((300 * scale))" ;;
    la) echo "train si.h5 --split a --method la --out run/model.h5 $network $length" \
      "--classifier-steps $((300 * scale)) --error-limit 0.2" ;;
    mp+la) echo "train si.h5 --split a --method mp+la --out run/model.h5 $network" \
      "--pretrain-steps $((200 * scale)) --classifier-steps $((200 * scale)) --error-limit 0.2" \
      "--steps $((50 * scale)) --alpha auto" ;;
    *) fail "unknown case $1" ;;
  esac
}

seconds()
{
  date +%s.%N
}

# One case: an undisturbed run, then runs that are killed until the kills are spent.
disturb()
{
  name=$1
  ranks=$2
  result=run/model.h5
  [ "$name" = label ] && result=run/si.h5
  fresh
  words=$(arguments "$name")
  begin=$(seconds)
  (on "$ranks" $words) >out 2>err || fail "undisturbed: $words"
  length=$(echo "$(seconds) $begin" | awk '{ print $1 - $2 }')
  mv $result reference.h5
  window=$length
  done=0
  runs=0
  while [ $done -lt "$kills" ]; do
    fresh
    runs=$((runs + 1))
    burst=0
    resume=
    # Up to five kills on the way to one result.
    while [ $done -lt "$kills" ] && [ $burst -lt 5 ]; do
      command_of "$ranks" "$words $resume"
      run_and_kill "$(uniform "$window")" || {
        window=$(echo "$window" | awk '{ print 0.7 * $1 }') # this run was faster
        break
      }
      done=$((done + 1))
      burst=$((burst + 1))
      readable
      [ "$name" = label ] || resume=--resume
    done
    (on "$ranks" $words $resume) >out 2>err || fail "$name after $burst kills: $words $resume"
    "$same" $result reference.h5 >out || fail "$name on $ranks ranks after $burst kills"
  done
  echo "$name on $ranks ranks: $done kills in $runs runs of $length s, every file readable, every" \
    "result the same"
}

fresh()
{
  rm -rf run
  mkdir run
  cp unlabelled.h5 run/si.h5
  [ "$name" = label ] || rm run/si.h5
}

command_of()
{
  if [ "$1" -eq 1 ]; then
    echo "exec '$eipnn' $2"
  else
    echo "exec '$mpiexec' -n $1 '$eipnn' $2"
  fi >case.sh
}

cat >eips.json <<END
[{"name": "edip", "species": ["Si"], "provider": "kim",
  "model": "EDIP_JustoBazantKaxiras_1998_Si__MO_958932894036_002"},
 {"name": "sw", "species": ["Si"], "provider": "kim",
  "model": "SW_BalamaneHaliciogluTiller_1992_Si__MO_113686039439_004"}]
END
"$make_silicon" $((1000 * scale)) 1 >si.xyz
expect 0 convert si.xyz unlabelled.h5
"$make_silicon" 100 1 >si.xyz
expect 0 convert si.xyz si.h5
expect 0 split si.h5 --name a --train 0.3 --val 0.2 --test 0.1 --rest pool
case " $* " in
  *\ pretrain*|*\ mp*|*\ both*|*\ la*)
    expect 0 label si.h5 --eips eips.json --align
    expect 0 pretrain si.h5 --eips eips.json --out pre.h5 --hidden 16 --layers 2 --radial 16 \
      --cutoff 5 --batch 8 --steps 100
    ;;
esac
for case; do disturb "${case%:*}" "${case#*:}"; done
