/* SPDX-License-Identifier: GPL-2.0-or-later */
#define _DEFAULT_SOURCE
#include "cli/progress.h"

#include "base/clock.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

/* Seconds between lines. */
static const double plain_interval = 5.0, terminal_interval = 0.1;

void cli_progress_begin(cli_progress *progress)
{
  *progress = (cli_progress){.terminal = isatty(STDERR_FILENO), .last = eipnn_clock()};
}

/* Longer lines would wrap, and a carriage return only goes back to the last row. */
static void cut_to_terminal(char *text)
{
  struct winsize window;
  if (ioctl(STDERR_FILENO, TIOCGWINSZ, &window) || window.ws_col < 2) return;
  if (strlen(text) >= window.ws_col) text[window.ws_col - 1] = '\0';
}

void cli_progress_line(cli_progress *progress, int final, const char *format, ...)
{
  char text[256];
  va_list arguments;
  va_start(arguments, format);
  vsnprintf(text, sizeof text, format, arguments);
  va_end(arguments);
  if (!final &&
      eipnn_clock() - progress->last < (progress->terminal ? terminal_interval : plain_interval))
    return;
  progress->last = eipnn_clock();
  if (progress->terminal) {
    if (!final) cut_to_terminal(text);
    fprintf(stderr, "\r%-*s%s", progress->width, text, final ? "\n" : "");
    progress->width = final ? 0 : (int)strlen(text);
  } else {
    fprintf(stderr, "%s\n", text);
  }
  fflush(stderr);
}

void cli_progress_end(cli_progress *progress)
{
  if (progress->terminal && progress->width) fprintf(stderr, "\r%*s\r", progress->width, "");
  progress->width = 0;
}

const char *cli_duration(double seconds, char text[32])
{
  if (!isfinite(seconds) || seconds < 0 || seconds > 1e9) return "?";
  long whole = lround(seconds);
  if (whole < 120)
    snprintf(text, 32, "%ld s", whole);
  else if (whole < 3600)
    snprintf(text, 32, "%ld min %02ld s", whole / 60, whole % 60);
  else
    snprintf(text, 32, "%ld h %02ld min", whole / 3600, whole / 60 % 60);
  return text;
}
