/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef EIPNN_BASE_CHILD_H
#define EIPNN_BASE_CHILD_H

#include "base/error.h"

#include <stddef.h>

/* A program that runs beside this process and is spoken to through its standard
   input and output: what it does to itself (exit, crash, hang) and what it links
   (another MPI library) never reaches this process. It runs in a process group of
   its own, with standard error joined to its output. */
typedef struct eipnn_child eipnn_child;

/* program: path of an executable; argument, environment: NULL-terminated, copied
   by the system. On failure *child is NULL. */
eipnn_status eipnn_child_start(const char *program, char *const *argument, char *const *environment,
                               eipnn_child **child);

/* Sends text[0..length) and reads the output until it holds `end` followed by the
   rest of a line. *answer (owned by the child, valid until the next call): all that was
   read, NUL-terminated; also on failure. EIPNN_ERROR_IO: the program ended, or said
   nothing complete within so many seconds or 1 GiB; it can then only be closed. */
eipnn_status eipnn_child_ask(eipnn_child *child, const char *text, size_t length, const char *end,
                             double seconds, const char **answer);

/* Closes its input, gives it a moment to end, then kills its process group. Accepts NULL
   and sets the handle to NULL. */
void eipnn_child_close(eipnn_child **child);

#endif
