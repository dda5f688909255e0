/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/error.h"

#include <stdarg.h>
#include <stdio.h>

/* The one per-thread variable of the library: the text behind a status. */
static _Thread_local char last_error[2048];

eipnn_status eipnn_error(eipnn_status status, const char *format, ...)
{
  char message[sizeof last_error]; /* arguments may quote the previous message */
  va_list arguments;
  va_start(arguments, format);
  vsnprintf(message, sizeof message, format, arguments);
  va_end(arguments);
  snprintf(last_error, sizeof last_error, "%s", message);
  return status;
}

const char *eipnn_last_error(void)
{
  return last_error;
}

const char *eipnn_status_name(eipnn_status status)
{
  switch (status) {
    case EIPNN_OK: return "ok";
    case EIPNN_ERROR_ARGUMENT: return "argument error";
    case EIPNN_ERROR_IO: return "input/output error";
    case EIPNN_ERROR_FORMAT: return "format error";
    case EIPNN_ERROR_MEMORY: return "out of memory";
    case EIPNN_ERROR_UNSUPPORTED: return "not supported";
    case EIPNN_ERROR_NUMERIC: return "numerical error";
    case EIPNN_ERROR_CALLBACK: return "host callback error";
  }
  return "unknown status";
}
