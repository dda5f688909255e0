/* SPDX-License-Identifier: GPL-2.0-or-later */
#define _POSIX_C_SOURCE 200809L
#include "cli/interrupt.h"

#include <signal.h>
#include <stddef.h>

static volatile sig_atomic_t stop_requested;

static void request_stop(int number)
{
  (void)number;
  stop_requested = 1;
}

void cli_interrupt_watch(void)
{
  struct sigaction action = {.sa_handler = request_stop,
                             .sa_flags = (int)SA_RESETHAND | SA_RESTART};
  sigemptyset(&action.sa_mask);
  sigaction(SIGINT, &action, NULL);
  sigaction(SIGTERM, &action, NULL);
}

int cli_interrupted(void)
{
  return stop_requested;
}
