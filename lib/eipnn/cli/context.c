/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/error.h"
#include "cli/command.h"

#include <stdarg.h>
#include <stdio.h>

static int store_message(int code, const char *format, va_list arguments)
{
  char message[2048];
  vsnprintf(message, sizeof message, format, arguments);
  eipnn_error(EIPNN_ERROR_ARGUMENT, "%s", message);
  return code;
}

int cli_usage_error(const char *format, ...)
{
  va_list arguments;
  va_start(arguments, format);
  int code = store_message(CLI_USAGE, format, arguments);
  va_end(arguments);
  return code;
}

int cli_failure(const char *format, ...)
{
  va_list arguments;
  va_start(arguments, format);
  int code = store_message(CLI_FAILED, format, arguments);
  va_end(arguments);
  return code;
}

void cli_print(const cli_context *context, const char *format, ...)
{
  if (context->parallel->rank) return;
  va_list arguments;
  va_start(arguments, format);
  vprintf(format, arguments);
  va_end(arguments);
}

void cli_warn(const cli_context *context, const char *format, ...)
{
  if (context->parallel->rank) return;
  va_list arguments;
  va_start(arguments, format);
  fputs("eipnn: ", stderr);
  vfprintf(stderr, format, arguments);
  fputc('\n', stderr);
  va_end(arguments);
}

int cli_given(const cli_context *context, const char *option)
{
  const cli_group *group;
  size_t position;
  return cli_find_option(context->command, option, &group, &position) &&
         context->parsed->given[position];
}
