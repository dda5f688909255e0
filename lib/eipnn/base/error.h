/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef EIPNN_BASE_ERROR_H
#define EIPNN_BASE_ERROR_H

#include <eipnn/status.h>

/* Stores the message (printf style) for eipnn_last_error and returns status,
   so that a failure is one line: return eipnn_error(EIPNN_ERROR_IO, ...). */
eipnn_status eipnn_error(eipnn_status status, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Returns from the calling function if the expression failed. */
#define EIPNN_TRY(expression)                        \
  do {                                               \
    eipnn_status eipnn_try_status = (expression);    \
    if (eipnn_try_status != EIPNN_OK) return eipnn_try_status; \
  } while (0)

#endif
