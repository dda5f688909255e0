/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef EIPNN_CLI_INTERRUPT_H
#define EIPNN_CLI_INTERRUPT_H

/* From now on the first SIGINT or SIGTERM asks for a clean stop; the second ends
   the process at once. */
void cli_interrupt_watch(void);

/* 1 once a stop has been asked for. */
int cli_interrupted(void);

#endif
