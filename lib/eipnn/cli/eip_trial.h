/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef EIPNN_CLI_EIP_TRIAL_H
#define EIPNN_CLI_EIP_TRIAL_H

#include <eipnn/eip.h>

typedef enum cli_verdict {
  CLI_EIP_USABLE,
  CLI_EIP_FOREIGN, /* does not cover the species of the entry */
  CLI_EIP_BROKEN
} cli_verdict;

/* Opens the EIP and evaluates small crystals of its species in a process of its own, so
   that code that crashes, hangs or ends the process does it there. Usable: fcc or diamond
   is bound at some neighbour distance from 1.6 to 4 Angstrom (-0.05 to -100 eV/atom),
   and forces are the derivative of the energy. reason: why it is broken. */
cli_verdict cli_try_eip(const eipnn_eip_entry *entry, double timeout, char *reason, size_t size);

#endif
