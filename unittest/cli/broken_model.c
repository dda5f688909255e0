/* SPDX-License-Identifier: GPL-2.0-or-later */
#define _POSIX_C_SOURCE 200809L
#include <stdlib.h>
#include <unistd.h>

/* A KIM model that takes the process with it as soon as it is loaded. */
__attribute__((constructor)) static void misbehave(void)
{
  BEHAVIOUR;
}
