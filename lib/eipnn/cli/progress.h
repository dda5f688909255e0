/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef EIPNN_CLI_PROGRESS_H
#define EIPNN_CLI_PROGRESS_H

/* Progress of long work on standard error: on a terminal one line that is
   rewritten, in a file a plain line every few seconds. */
typedef struct cli_progress {
  int terminal;
  int width;   /* characters of the line on the terminal */
  double last; /* time of the last line, seconds */
} cli_progress;

void cli_progress_begin(cli_progress *progress);

/* final: shown whatever the time, and left on the terminal. */
void cli_progress_line(cli_progress *progress, int final, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* Clears the line of a terminal. */
void cli_progress_end(cli_progress *progress);

/* Seconds as "42 s", "3 min 20 s", "2 h 05 min", "?" if unknown. */
const char *cli_duration(double seconds, char text[32]);

#endif
