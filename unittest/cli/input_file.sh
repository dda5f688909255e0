# SPDX-License-Identifier: GPL-2.0-or-later
# Options from a JSON file: checked like those of the command line, which win.
. "$(dirname "$0")/common.sh"

try()
{
  printf '%s' "$1" >input.json
  shift
  expect "$@"
}

train="train none.h5 --input input.json"
try '{"split": "a", "hiden": 3}' 2 $train
says err 'input.json'
says err 'unknown key "hiden"'
says err 'lr-final-ratio'
try '{"split": "a", "hidden": "3x"}' 2 $train
says err '--hidden needs a whole number'
try '{"split": "a", "hidden": 0}' 2 $train
says err '--hidden needs a whole number from 1 to 8192'
try '{"split": "a", "hidden": 2.5}' 2 $train
says err '"hidden" takes a whole number'
try '{"split": 3}' 2 $train
says err '"split" takes a text'
try '{"residual": "maybe"}' 2 $train
says err 'it takes one of: no|yes'
try '{"residual": 1}' 2 $train
says err '"residual" takes no|yes'
try '{"resume": "yes"}' 2 $train
says err 'true or false'
try '{"input": "other.json"}' 2 $train
says err 'unknown key "input"'
try '{"seed": 1, "seed": 2}' 2 $train
says err 'input.json'
try '{"seed": 1' 2 $train
says err 'input.json'
try '[1, 2]' 2 $train
says err 'input.json'
try '' 2 $train
says err 'input.json'
expect 1 train none.h5 --input missing.json
says err 'missing.json'

# All is well up to the dataset that does not exist; what the command line gives wins.
try '{"split": "a", "out": "m.h5", "steps": 10, "lr": 1e-3, "residual": true, "table": "off",
      "resume": false, "energy-max": -4}' 1 $train
says err 'none.h5'
try '{"split": "a", "out": "m.h5", "method": "la", "alpha": "auto", "classifier-steps": 5,
      "confidence-weights": true, "hidden": 8}' 1 $train
says err 'none.h5'
try '{"split": "a", "out": "m.h5", "method": "la", "alpha": 0.5}' 1 $train
says err 'none.h5'
try '{"split": "a", "method": "la", "alpha": "much"}' 2 $train
says err '--alpha needs auto or a number'
try '{"split": "a", "method": "la", "alpha": true}' 2 $train
says err '"alpha" takes a number or "auto"'
try '{"split": "a", "out": "m.h5", "alpha": 1}' 2 $train
says err '--alpha is for --method la and mp+la'
try '{"split": "a", "out": "m.h5", "method": "lo"}' 2 $train
says err 'it takes one of: none|la|mp|mp+la'
try '{"split": "a", "out": "m.h5", "method": "la"}' 1 $train --method none
says err 'none.h5'
