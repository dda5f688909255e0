/* SPDX-License-Identifier: GPL-2.0-or-later */
#define _POSIX_C_SOURCE 200809L
#include "cli/figure.h"

#include "base/error.h"
#include "cli/dataset_file.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

void cli_figure_quote(cli_figure *figure, const char *text)
{
  fputc('\'', figure->script);
  for (; *text; text++) {
    if (*text == '\'') fputc('\'', figure->script);
    if (*text != '\n' && *text != '\r') fputc(*text, figure->script);
  }
  fputc('\'', figure->script);
}

eipnn_status cli_figure_begin(cli_figure *figure, const char *out, int width, int height)
{
  *figure = (cli_figure){0};
  int png = cli_has_suffix(out, ".png");
  if (!png && !cli_has_suffix(out, ".svg"))
    return eipnn_error(EIPNN_ERROR_ARGUMENT, "%s: pictures end in .svg or .png", out);
  figure->script_path = malloc(strlen(out) + sizeof ".gnuplot");
  if (!figure->script_path) return eipnn_error(EIPNN_ERROR_MEMORY, "no memory for a file name");
  sprintf(figure->script_path, "%s.gnuplot", out);
  figure->script = fopen(figure->script_path, "w");
  if (!figure->script) {
    eipnn_status status =
        eipnn_error(EIPNN_ERROR_IO, "cannot write %s: %s", figure->script_path, strerror(errno));
    cli_figure_discard(figure);
    return status;
  }
  fprintf(figure->script,
          "set encoding utf8\nset terminal %s size %d,%d font 'Helvetica,%d' linewidth 1.2\n"
          "set output ",
          png ? "pngcairo background '#ffffff'" : "svg background '#ffffff'", width, height,
          png ? 11 : 14);
  cli_figure_quote(figure, out);
  /* Colours of Okabe and Ito (2008), which colour-blind readers can tell apart. */
  static const char *const colour[] = {"#0072b2", "#d55e00", "#009e73",
                                       "#cc79a7", "#e69f00", "#56b4e9"};
  fputc('\n', figure->script);
  for (int k = 0; k < 6; k++)
    fprintf(figure->script, "set linetype %d linecolor rgb '%s' linewidth 2 pointtype 7\n", k + 1,
            colour[k]);
  fputs("set linetype cycle 6\nset border 3 linecolor rgb '#404040'\nset tics nomirror out\n"
        "set grid linecolor rgb '#e0e0e0' linewidth 0.8 linetype 1\n"
        "set key noenhanced Left reverse samplen 2 spacing 1.2\n",
        figure->script);
  return EIPNN_OK;
}

/* Exit status of `gnuplot SCRIPT`, 127 where there is no such program. */
static int run_gnuplot(const char *script)
{
  int result;
  pid_t child = fork();
  if (child < 0) return -1;
  if (child == 0) {
    execlp("gnuplot", "gnuplot", script, (char *)NULL);
    _exit(127);
  }
  while (waitpid(child, &result, 0) < 0)
    if (errno != EINTR) return -1;
  return WIFEXITED(result) ? WEXITSTATUS(result) : -1;
}

eipnn_status cli_figure_finish(cli_figure *figure, const char *out, int keep)
{
  int failed = ferror(figure->script);
  failed |= fclose(figure->script);
  figure->script = NULL;
  eipnn_status status = EIPNN_OK;
  if (failed) status = eipnn_error(EIPNN_ERROR_IO, "cannot write %s", figure->script_path);
  int code = failed ? 0 : run_gnuplot(figure->script_path);
  if (code == 127)
    status = eipnn_error(EIPNN_ERROR_UNSUPPORTED,
                         "the program gnuplot is not installed (Debian: apt-get install "
                         "gnuplot-nox); script and data are in %s, draw %s later with `gnuplot %s`",
                         figure->script_path, out, figure->script_path);
  else if (code)
    status = eipnn_error(EIPNN_ERROR_IO, "gnuplot could not draw %s; its script is %s", out,
                         figure->script_path);
  if (status == EIPNN_OK && !keep) unlink(figure->script_path);
  free(figure->script_path);
  figure->script_path = NULL;
  return status;
}

void cli_figure_discard(cli_figure *figure)
{
  if (figure->script) {
    fclose(figure->script);
    unlink(figure->script_path);
  }
  free(figure->script_path);
  *figure = (cli_figure){0};
}

void cli_figure_label(const char *path, char *label, size_t size)
{
  const char *name = strrchr(path, '/');
  name = name ? name + 1 : path;
  size_t length = strlen(name);
  if (cli_has_suffix(name, ".csv")) length -= 4;
  snprintf(label, size, "%.*s", (int)length, name);
}
