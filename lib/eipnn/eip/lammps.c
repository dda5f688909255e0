/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/child.h"
#include "base/memory.h"
#include "eip/lammps_frame.h"
#include "eip/lammps_program.h"
#include "eip/provider.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* EIPs given as LAMMPS input. One private LAMMPS runs beside this process and is
   used for every configuration: its atoms are deleted, the box is changed, the next atoms
   are created. It is a program of its own and not a library in this process, because
   many errors of LAMMPS end the process they happen in, and because it may be linked to
   another MPI. When it ends, the next configuration gets a new one.

   LAMMPS buffers what it prints, but `print ... file` and `write_dump` open, write and close
   a file: results are written to /dev/stdout, which is the pipe we read. Text
   of the ordinary kind may precede them there. */

/* What a LAMMPS must do within so many seconds, unless EIPNN_LAMMPS_TIMEOUT says else:
   start, or evaluate one configuration. */
#define TIMEOUT 60.0
/* bar * Angstrom^3 in an eV, as LAMMPS has it (nktv2p of units metal) */
#define BAR_VOLUME 1.6021765e6

typedef struct command_text {
  char *text;
  size_t length, capacity;
} command_text;

typedef struct lammps_state {
  eipnn_lammps_program program;
  eipnn_child *child;     /* NULL: to be started again */
  char *setup;            /* input that makes LAMMPS ready for configurations */
  int type[119];          /* atom type of an atomic number */
  unsigned long requests; /* numbers the answers */
  eipnn_lammps_frame frame;
  command_text request;
} lammps_state;

static eipnn_status append(command_text *text, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

static eipnn_status append(command_text *text, const char *format, ...)
{
  va_list arguments;
  va_start(arguments, format);
  int needed = vsnprintf(NULL, 0, format, arguments);
  va_end(arguments);
  if (needed < 0) return eipnn_error(EIPNN_ERROR_ARGUMENT, "a LAMMPS command cannot be written");
  EIPNN_TRY(
      eipnn_grow((void **)&text->text, &text->capacity, text->length + (size_t)needed + 1, 1));
  va_start(arguments, format);
  vsnprintf(text->text + text->length, (size_t)needed + 1, format, arguments);
  va_end(arguments);
  text->length += (size_t)needed;
  return EIPNN_OK;
}

/* Commands that LAMMPS takes only before there is a box. */
static int precedes_box(const char *command)
{
  static const char *const early[] = {"atom_modify", "atom_style", "kim init", "kim_init",
                                      "newton",      "package",    "plugin",   "suffix"};
  for (size_t i = 0; i < sizeof early / sizeof *early; i++) {
    size_t length = strlen(early[i]);
    if (!strncmp(command, early[i], length) && strspn(command + length, " \t")) return 1;
  }
  return 0;
}

static eipnn_status append_commands(command_text *setup, const eipnn_eip_entry *entry, int early)
{
  for (int c = 0; c < entry->ncommands; c++) {
    const char *command = entry->commands[c] + strspn(entry->commands[c], " \t");
    if (!strncmp(command, "units", 5))
      return eipnn_error(EIPNN_ERROR_ARGUMENT,
                         "the command \"%s\" is not for an EIP list: units are metal", command);
    if (precedes_box(command) == early) EIPNN_TRY(append(setup, "%s\n", command));
  }
  return EIPNN_OK;
}

/* The results of a run: variables that print all digits. */
static eipnn_status append_results(command_text *setup)
{
  EIPNN_TRY(append(setup, "compute eipnn_pressure all pressure NULL virial\n"
                          "thermo_style custom step pe"));
  for (int k = 1; k <= 6; k++) EIPNN_TRY(append(setup, " c_eipnn_pressure[%d]", k));
  EIPNN_TRY(append(setup, "\nthermo_modify norm no lost ignore flush no\n"
                          "variable eipnn_pe equal pe\n"
                          "variable eipnn_e format eipnn_pe %%.17g\n"
                          "variable eipnn_n equal atoms\n"));
  for (int k = 1; k <= 6; k++)
    EIPNN_TRY(append(setup,
                     "variable eipnn_pressure%d equal c_eipnn_pressure[%d]\n"
                     "variable eipnn_p%d format eipnn_pressure%d %%.17g\n",
                     k, k, k, k));
  return EIPNN_OK;
}

/* No skin: every configuration gets a new neighbour list. pair_modify is refused where no
   pair style is set, with which all energies would be zero; the run without atoms finds out
   whether the commands are complete. */
static eipnn_status write_setup(command_text *setup, const eipnn_eip_entry *entry)
{
  EIPNN_TRY(append(setup, "units metal\natom_style atomic\natom_modify map array sort 0 0\n"));
  EIPNN_TRY(append_commands(setup, entry, 1));
  EIPNN_TRY(append(setup,
                   "boundary p p p\nbox tilt large\n"
                   "region eipnn prism 0 50 0 50 0 50 0 0 0 units box\n"
                   "create_box %d eipnn\nmass * 1.0\nneighbor 0.0 bin\n"
                   "neigh_modify delay 0 every 1 check no one 20000 page 200000\n",
                   entry->nspecies));
  EIPNN_TRY(append_commands(setup, entry, 0));
  EIPNN_TRY(append_results(setup));
  return append(setup, "pair_modify compute yes\nrun 0 post no\nvariable eipnn_v equal version\n");
}

/* Copies the line that begins at text. */
static void copy_line(const char *text, char *line, size_t size)
{
  size_t length = strcspn(text, "\r\n");
  snprintf(line, size, "%.*s", length < size ? (int)length : (int)size - 1, text);
}

/* The cause in LAMMPS' words: its first error and the command that met it, or the last
   line it printed. */
static void find_cause(const char *output, char *cause, size_t size)
{
  static const char *const marks[] = {"Last command: ", "Last input line: "};
  const char *error = strstr(output, "ERROR");
  if (error) {
    copy_line(error, cause, size);
    for (size_t m = 0; m < sizeof marks / sizeof *marks; m++) {
      const char *last = strstr(error, marks[m]);
      size_t used = strlen(cause);
      if (last) {
        snprintf(cause + used, size - used, ", at: ");
        used = strlen(cause);
        copy_line(last + strlen(marks[m]), cause + used, size - used);
      }
    }
    return;
  }
  size_t length = strlen(output);
  while (length > 0 && strchr(" \r\n", output[length - 1])) length--;
  size_t start = length;
  while (start > 0 && output[start - 1] != '\n') start--;
  if (start == length)
    snprintf(cause, size, "it printed nothing");
  else
    copy_line(output + start, cause, size);
}

/* What LAMMPS did instead of answering, with what to do about it. LAMMPS is given up. */
static eipnn_status give_up(lammps_state *state, eipnn_status status, const char *output)
{
  char event[256], cause[512];
  snprintf(event, sizeof event, "%s", eipnn_last_error());
  find_cause(output, cause, sizeof cause);
  int no_file = strstr(cause, "annot open") != NULL;
  int slow = strstr(event, "within") != NULL;
  eipnn_child_close(&state->child);
  return eipnn_error(status, "LAMMPS (%s) failed, %s: %s%s%s", state->program.path, event, cause,
                     no_file && !eipnn_lammps_program_has_potentials(&state->program)
                         ? "; set LAMMPS_POTENTIALS to the folder of LAMMPS' parameter files"
                         : "",
                     slow ? "; EIPNN_LAMMPS_TIMEOUT sets how many seconds it may take" : "");
}

static eipnn_status read_timeout(double *seconds)
{
  const char *text = getenv("EIPNN_LAMMPS_TIMEOUT");
  *seconds = TIMEOUT;
  if (!text || !*text) return EIPNN_OK;
  char *end;
  *seconds = strtod(text, &end);
  if (*end || !(*seconds > 0) || !isfinite(*seconds))
    return eipnn_error(EIPNN_ERROR_ARGUMENT,
                       "EIPNN_LAMMPS_TIMEOUT is \"%s\"; it must be a number of seconds", text);
  return EIPNN_OK;
}

/* Sends the request; *result is what follows the answer's mark. `failure`: the status
   where LAMMPS does not answer. */
static eipnn_status ask(lammps_state *state, const char *results, eipnn_status failure,
                        const char **output, const char **result)
{
  char mark[48];
  double timeout;
  EIPNN_TRY(read_timeout(&timeout));
  snprintf(mark, sizeof mark, "EIPNN-ANSWER-%lu:", ++state->requests);
  EIPNN_TRY(append(&state->request, "print \"%s %s\" file /dev/stdout screen no\n", mark, results));
  eipnn_status status = eipnn_child_ask(state->child, state->request.text, state->request.length,
                                        mark, timeout, output);
  if (status == EIPNN_ERROR_MEMORY) return status;
  if (status != EIPNN_OK) return give_up(state, failure, *output);
  *result = strstr(*output, mark) + strlen(mark);
  return EIPNN_OK;
}

static eipnn_status start(lammps_state *state, double *version)
{
  char *argument[] = {state->program.path, "-log", "none", "-echo", "none", "-nocite", NULL};
  const char *output = "", *result = "";
  EIPNN_TRY(
      eipnn_child_start(state->program.path, argument, state->program.environment, &state->child));
  state->request.length = 0;
  EIPNN_TRY(append(&state->request, "%s", state->setup));
  EIPNN_TRY(ask(state, "${eipnn_v}", EIPNN_ERROR_UNSUPPORTED, &output, &result));
  char *end;
  *version = strtod(result, &end);
  if (end == result) {
    eipnn_error(EIPNN_ERROR_IO, "no version of LAMMPS in its answer");
    return give_up(state, EIPNN_ERROR_UNSUPPORTED, output);
  }
  return EIPNN_OK;
}

static void lammps_close(void *pointer)
{
  lammps_state *state = pointer;
  eipnn_child_close(&state->child);
  eipnn_lammps_program_free(&state->program);
  eipnn_lammps_frame_free(&state->frame);
  free(state->setup);
  free(state->request.text);
  free(state);
}

static eipnn_status prepare(lammps_state *state, const eipnn_eip_entry *entry, char *version)
{
  command_text setup = {0};
  double number = 0;
  for (int s = 0; s < entry->nspecies; s++) {
    if (entry->species[s] < 1 || entry->species[s] > 118)
      return eipnn_error(EIPNN_ERROR_ARGUMENT, "%d is not an atomic number", entry->species[s]);
    state->type[entry->species[s]] = s + 1;
  }
  if (entry->ncommands < 1)
    return eipnn_error(EIPNN_ERROR_ARGUMENT, "provider lammps needs \"commands\", LAMMPS input "
                                             "such as pair_style and pair_coeff");
  eipnn_status status = write_setup(&setup, entry);
  state->setup = setup.text;
  EIPNN_TRY(status);
  EIPNN_TRY(eipnn_lammps_program_find(&state->program));
  EIPNN_TRY(start(state, &number));
  snprintf(version, 64, "LAMMPS %.0f", number);
  return EIPNN_OK;
}

static eipnn_status lammps_open(const eipnn_eip_entry *entry, void **result, int *has_forces,
                                char *version)
{
  *result = NULL;
  lammps_state *state = eipnn_calloc(1, sizeof *state);
  if (!state) return eipnn_error(EIPNN_ERROR_MEMORY, "no memory to run LAMMPS");
  eipnn_status status = prepare(state, entry, version);
  if (status != EIPNN_OK) {
    lammps_close(state);
    return status;
  }
  *has_forces = 1;
  *result = state;
  return EIPNN_OK;
}

static eipnn_status write_request(lammps_state *state, const eipnn_configuration *configuration,
                                  int with_forces)
{
  const double(*box)[3] = (const double(*)[3])state->frame.box;
  command_text *request = &state->request;
  request->length = 0;
  EIPNN_TRY(append(request,
                   "delete_atoms group all compress yes\n"
                   "change_box all x final 0 %.17g y final 0 %.17g z final 0 %.17g xy final %.17g "
                   "xz final %.17g yz final %.17g units box\n",
                   box[0][0], box[1][1], box[2][2], box[1][0], box[2][0], box[2][1]));
  for (int i = 0; i < configuration->natoms; i++) {
    const double *r = state->frame.position[i];
    EIPNN_TRY(append(request, "create_atoms %d single %.17g %.17g %.17g units box\n",
                     state->type[configuration->number[i]], r[0], r[1], r[2]));
  }
  EIPNN_TRY(append(request, "run 0 post no\n"));
  if (with_forces)
    EIPNN_TRY(append(request, "write_dump all custom /dev/stdout id fx fy fz "
                              "modify sort id format float %%20.15g\n"));
  return EIPNN_OK;
}

/* Reads natoms lines "id fx fy fz" of the last dump in the output. */
static int read_forces(const lammps_state *state, const char *output, int natoms,
                       double (*forces)[3])
{
  const char *place = strstr(output, "ITEM: ATOMS");
  if (!place) return 0;
  place += strcspn(place, "\n");
  for (int i = 0; i < natoms; i++) {
    double row[4];
    for (int k = 0; k < 4; k++) {
      char *end;
      row[k] = strtod(place, &end);
      if (end == place) return 0;
      place = end;
    }
    if (row[0] != i + 1) return 0;
    eipnn_lammps_frame_vector_back(&state->frame, row + 1, forces[i]);
  }
  return 1;
}

/* natoms, energy, six pressures */
static int read_results(const lammps_state *state, const char *result, int natoms, double *energy,
                        double *virial)
{
  double value[8], tensor[6];
  const double(*box)[3] = (const double(*)[3])state->frame.box;
  for (int k = 0; k < 8; k++) {
    char *end;
    value[k] = strtod(result, &end);
    if (end == result) return 0;
    result = end;
  }
  if (value[0] != natoms) return 0;
  *energy = value[1];
  double volume = box[0][0] * box[1][1] * box[2][2];
  for (int k = 0; k < 6; k++) tensor[k] = value[k + 2] * volume / BAR_VOLUME;
  if (virial) eipnn_lammps_frame_tensor_back(&state->frame, tensor, virial);
  return 1;
}

static eipnn_status lammps_compute(void *pointer, const eipnn_configuration *configuration,
                                   double *energy, double (*forces)[3], double *virial)
{
  static const char results[] = "${eipnn_n} ${eipnn_e} ${eipnn_p1} ${eipnn_p2} ${eipnn_p3} "
                                "${eipnn_p4} ${eipnn_p5} ${eipnn_p6}";
  lammps_state *state = pointer;
  const char *output = "", *result = "";
  double version;
  EIPNN_TRY(eipnn_lammps_frame_set(&state->frame, configuration));
  if (!state->child) EIPNN_TRY(start(state, &version));
  EIPNN_TRY(write_request(state, configuration, forces != NULL));
  EIPNN_TRY(ask(state, results, EIPNN_ERROR_NUMERIC, &output, &result));
  if (!read_results(state, result, configuration->natoms, energy, virial) ||
      (forces && !read_forces(state, output, configuration->natoms, forces))) {
    eipnn_error(EIPNN_ERROR_IO, "its answer for %d atoms is not complete", configuration->natoms);
    return give_up(state, EIPNN_ERROR_NUMERIC, output);
  }
  return EIPNN_OK;
}

const eipnn_eip_provider eipnn_eip_lammps = {"lammps", lammps_open, lammps_close, lammps_compute,
                                             NULL};
