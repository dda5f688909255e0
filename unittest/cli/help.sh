# SPDX-License-Identifier: GPL-2.0-or-later
# What the program itself adds to test_command_lines.c: exit codes, standard output and error.
. "$(dirname "$0")/common.sh"

expect 0 --help
commands=$(sed -n 's/^  \([a-z]*\)  *.*/\1/p' out)
for command in convert eips info label perturb split pretrain train select test features plot; do
  says out "  $command "
done
expect 0 --version
says out "eipnn "
expect 2
says err "usage: eipnn COMMAND"
expect 2 nothing
says err "the commands are: $(echo $commands | sed 's/ /, /g')"

expect 0 train --help
says out "usage: eipnn train "
silent err
expect 2 train a b --no-such-option
says err "eipnn: error: eipnn train has no option --no-such-option; it knows --"
silent out
