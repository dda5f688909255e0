/* SPDX-License-Identifier: GPL-2.0-or-later */
#define _DEFAULT_SOURCE
#include "cli/eip_trial.h"

#include "base/clock.h"
#include "base/error.h"

#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

enum { MOST_ATOMS = 32 };

/* What the trial process tells. */
typedef struct trial_report {
  cli_verdict verdict;
  char reason[400];
} trial_report;

typedef struct trial_crystal {
  eipnn_configuration configuration;
  int number[MOST_ATOMS];
  double position[MOST_ATOMS][3];
} trial_crystal;

/* Cubic fcc or diamond cells, two along x so that up to eight species find a place, with
   the nearest neighbours at `distance`. */
static void make_crystal(const eipnn_eip_entry *entry, int diamond, double distance,
                         trial_crystal *c)
{
  static const double fcc[4][3] = {{0, 0, 0}, {.5, .5, 0}, {.5, 0, .5}, {0, .5, .5}};
  const double lattice = distance * (diamond ? 4 / sqrt(3) : sqrt(2));
  int natoms = 0;
  memset(c, 0, sizeof *c);
  for (int cell = 0; cell < 2; cell++)
    for (int site = 0; site < (diamond ? 8 : 4); site++, natoms++) {
      c->number[natoms] = entry->species[natoms % entry->nspecies];
      for (int k = 0; k < 3; k++)
        c->position[natoms][k] =
            lattice * (fcc[site % 4][k] + (k == 0 ? cell : 0) + site / 4 * .25);
    }
  c->configuration = (eipnn_configuration){.natoms = natoms,
                                           .pbc = {1, 1, 1},
                                           .number = c->number,
                                           .position = (const double(*)[3])c->position,
                                           .tag = ""};
  for (int k = 0; k < 3; k++) c->configuration.cell[k][k] = k ? lattice : 2 * lattice;
}

static void reject(trial_report *report, const char *reason)
{
  report->verdict = CLI_EIP_BROKEN;
  snprintf(report->reason, sizeof report->reason, "%s", reason);
}

/* Energy per atom with one atom moved; NaN where the EIP fails. */
static double displaced_energy(eipnn_eip *eip, trial_crystal *c, double shift, double (*forces)[3])
{
  double energy = NAN, place = c->position[1][0];
  c->position[1][0] += shift;
  if (eipnn_eip_compute(eip, &c->configuration, &energy, forces, NULL) != EIPNN_OK) energy = NAN;
  c->position[1][0] = place;
  return energy;
}

static void check_forces(eipnn_eip *eip, trial_crystal *c, trial_report *report)
{
  double forces[MOST_ATOMS][3], step = 1e-4;
  c->position[1][0] += 0.1;
  if (!isfinite(displaced_energy(eip, c, 0, forces))) {
    reject(report, eipnn_last_error());
    return;
  }
  double up = displaced_energy(eip, c, step, NULL), down = displaced_energy(eip, c, -step, NULL);
  double slope = (up - down) / (2 * step);
  if (!(fabs(forces[1][0] + slope) <= 0.01 + 0.01 * fabs(slope)))
    snprintf(report->reason, sizeof report->reason,
             "a force is %.4g eV/Angstrom where the energy falls by %.4g", forces[1][0], -slope);
  if (report->reason[0]) report->verdict = CLI_EIP_BROKEN;
}

/* Its most bound crystal. */
static double find_lowest(eipnn_eip *eip, const eipnn_eip_entry *entry, trial_crystal *best)
{
  double lowest = INFINITY;
  for (int diamond = 0; diamond < 2; diamond++)
    for (int step = 0; step <= 24; step++) {
      trial_crystal c;
      make_crystal(entry, diamond, 1.6 + 0.1 * step, &c);
      double energy = displaced_energy(eip, &c, 0, NULL) / c.configuration.natoms;
      if (!(energy < lowest)) continue;
      lowest = energy;
      make_crystal(entry, diamond, 1.6 + 0.1 * step, best);
    }
  return lowest;
}

static void examine(const eipnn_eip_entry *entry, trial_report *report)
{
  eipnn_eip *eip;
  trial_crystal best;
  eipnn_status status = eipnn_eip_open(entry, &eip);
  if (status != EIPNN_OK) {
    reject(report, eipnn_last_error());
    if (status == EIPNN_ERROR_ARGUMENT) report->verdict = CLI_EIP_FOREIGN;
    return;
  }
  double lowest = find_lowest(eip, entry, &best);
  if (!isfinite(lowest)) {
    reject(report, eipnn_last_error());
  } else if (lowest > -0.05 || lowest < -100) {
    report->verdict = CLI_EIP_BROKEN;
    snprintf(report->reason, sizeof report->reason,
             "its most bound crystal has %.4g eV/atom, which is no binding energy", lowest);
  } else if (eipnn_eip_has_forces(eip)) {
    check_forces(eip, &best, report);
  }
  eipnn_eip_close(&eip);
}

/* Never returns. What the EIP's code prints is dropped. */
static void run_trial(const eipnn_eip_entry *entry, int output)
{
  const struct rlimit none = {0, 0};
  trial_report report = {CLI_EIP_USABLE, ""};
  int null = open("/dev/null", O_RDWR);
  for (int k = 0; k < 3 && null >= 0; k++) dup2(null, k);
  setrlimit(RLIMIT_CORE, &none);
  examine(entry, &report);
  ssize_t written = write(output, &report, sizeof report);
  _exit(written != (ssize_t)sizeof report);
}

/* 1: the whole report came; 0: the process ended without; -1: nothing in time. */
static int read_report(int input, double timeout, trial_report *report)
{
  double deadline = eipnn_clock() + timeout;
  struct pollfd watched = {input, POLLIN, 0};
  for (double left = timeout; left > 0; left = deadline - eipnn_clock()) {
    int ready = poll(&watched, 1, left > 1 ? 1000 : (int)(1000 * left) + 1);
    if (ready == 0 || (ready < 0 && errno == EINTR)) continue;
    return read(input, report, sizeof *report) == (ssize_t)sizeof *report;
  }
  return -1;
}

static void describe_end(int result, double timeout, int end, char *reason, size_t size)
{
  if (result < 0)
    snprintf(reason, size, "it hangs: no result within %.0f seconds", timeout);
  else if (WIFSIGNALED(end))
    snprintf(reason, size, "it crashes: %s", strsignal(WTERMSIG(end)));
  else
    snprintf(reason, size, "it ends the process (exit code %d)", WEXITSTATUS(end));
}

cli_verdict cli_try_eip(const eipnn_eip_entry *entry, double timeout, char *reason, size_t size)
{
  trial_report report = {CLI_EIP_BROKEN, ""};
  int ends[2], end = 0;
  snprintf(reason, size, "no process to try it in");
  if (pipe(ends)) return CLI_EIP_BROKEN;
  fflush(NULL); /* what is buffered must be printed once */
  pid_t process = fork();
  if (process == 0) {
    close(ends[0]);
    run_trial(entry, ends[1]);
  }
  close(ends[1]);
  if (process > 0) {
    int result = read_report(ends[0], timeout, &report);
    if (result < 0) kill(process, SIGKILL);
    while (waitpid(process, &end, 0) < 0 && errno == EINTR) continue;
    if (result == 1)
      snprintf(reason, size, "%s", report.reason);
    else
      describe_end(result, timeout, end, reason, size);
    if (result != 1) report.verdict = CLI_EIP_BROKEN;
  }
  close(ends[0]);
  return report.verdict;
}
