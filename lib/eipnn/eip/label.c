/* SPDX-License-Identifier: GPL-2.0-or-later */
#define _POSIX_C_SOURCE 200809L
#include "base/clock.h"
#include "base/collective.h"
#include "base/memory.h"

#include <eipnn/eip.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* Ranks exchange results about this often, seconds. */
#define CHUNK_SECONDS 0.5
/* Most numbers exchanged at once. */
#define CHUNK_VALUES ((size_t)1 << 22)

typedef struct labelling {
  eipnn_dataset *dataset;
  const eipnn_label_options *options;
  const eipnn_parallel *parallel; /* may be NULL */
  int rank, size;
  int stop;    /* a progress function asked for the end */
  int unsaved; /* labels changed since the last save */
  double last_save;
} labelling;

/* One EIP's share of the work. */
typedef struct label_task {
  const eipnn_eip_entry *entry;
  eipnn_eip *eip;
  eipnn_labels *labels;
  int forces;
  size_t *todo; /* [count] configurations to evaluate */
  size_t count, covered, done, failed;
  size_t chunk; /* configurations between exchanges */
  double start;
  double *values; /* a chunk's results, see result_size */
  size_t capacity;
} label_task;

void eipnn_label_options_default(eipnn_label_options *options)
{
  memset(options, 0, sizeof *options);
  options->save_interval = 60;
}

static int entry_covers(const eipnn_eip_entry *entry, const eipnn_configuration *configuration)
{
  for (int i = 0; i < configuration->natoms; i++) {
    int s = 0;
    while (s < entry->nspecies && entry->species[s] != configuration->number[i]) s++;
    if (s == entry->nspecies) return 0;
  }
  return configuration->natoms > 0;
}

static int is_labelled(const label_task *task, const labelling *work, size_t index, int natoms)
{
  const eipnn_labels *labels = task->labels;
  if (!isfinite(labels->energy[index])) return 0;
  if (!task->forces) return 1;
  size_t first = eipnn_dataset_first_atom(work->dataset, index);
  return isfinite(labels->virial[index][0]) && isfinite(labels->forces[first][0]) &&
         isfinite(labels->forces[first + (size_t)natoms - 1][2]);
}

/* 1 if the EIP covers any configuration: otherwise it need not even be there. */
static int covers_any(const labelling *work, const eipnn_eip_entry *entry)
{
  size_t n = eipnn_dataset_count(work->dataset);
  eipnn_configuration configuration;
  for (size_t c = 0; c < n; c++)
    if (eipnn_dataset_get(work->dataset, c, &configuration) == EIPNN_OK &&
        entry_covers(entry, &configuration))
      return 1;
  return 0;
}

static void forget(const label_task *task, const labelling *work, size_t index, int natoms)
{
  eipnn_labels *labels = task->labels;
  size_t first = eipnn_dataset_first_atom(work->dataset, index);
  labels->energy[index] = NAN;
  for (int k = 0; labels->virial && k < 6; k++) labels->virial[index][k] = NAN;
  for (int i = 0; labels->forces && i < natoms; i++)
    for (int k = 0; k < 3; k++) labels->forces[first + (size_t)i][k] = NAN;
}

static eipnn_status list_todo(label_task *task, const labelling *work)
{
  size_t n = eipnn_dataset_count(work->dataset);
  task->todo = eipnn_calloc(n, sizeof *task->todo);
  if (!task->todo) return eipnn_error(EIPNN_ERROR_MEMORY, "no memory to label %zu", n);
  for (size_t c = 0; c < n; c++) {
    eipnn_configuration configuration;
    EIPNN_TRY(eipnn_dataset_get(work->dataset, c, &configuration));
    if (!entry_covers(task->entry, &configuration)) continue;
    task->covered++;
    if (work->options->relabel) forget(task, work, c, configuration.natoms);
    if (!is_labelled(task, work, c, configuration.natoms)) task->todo[task->count++] = c;
  }
  return EIPNN_OK;
}

static void describe_model(const eipnn_eip_entry *entry, char *text, size_t size)
{
  snprintf(text, size, "%s", entry->model);
  for (int c = 0; c < entry->ncommands; c++) {
    size_t used = strlen(text);
    snprintf(text + used, size - used, "%s%s", c ? "; " : "", entry->commands[c]);
  }
}

static void stamp(eipnn_labels *labels)
{
  time_t now = time(NULL);
  struct tm utc;
  gmtime_r(&now, &utc);
  strftime(labels->timestamp, sizeof labels->timestamp, "%Y-%m-%dT%H:%M:%SZ", &utc);
}

/* The label set, which must not hold another model's results. */
static eipnn_status take_labels(label_task *task, const labelling *work)
{
  char name[EIPNN_LABELS_NAME_SIZE], model[256];
  snprintf(name, sizeof name, "eip/%s", task->entry->name);
  describe_model(task->entry, model, sizeof model);
  const eipnn_labels *old = eipnn_dataset_labels(work->dataset, name);
  if (old && old->model[0] && !work->options->relabel &&
      (strcmp(old->model, model) || strcmp(old->provider, task->entry->provider)))
    return eipnn_error(EIPNN_ERROR_ARGUMENT,
                       "the labels %s were made by %s, the EIP list says %s: give the EIP another "
                       "name, or compute all its labels again (relabel)",
                       name, old->model, model);
  task->forces = work->options->forces && eipnn_eip_has_forces(task->eip);
  EIPNN_TRY(
      eipnn_dataset_add_labels(work->dataset, name, task->forces, task->forces, &task->labels));
  snprintf(task->labels->model, sizeof task->labels->model, "%s", model);
  snprintf(task->labels->provider, sizeof task->labels->provider, "%s", task->entry->provider);
  snprintf(task->labels->version, sizeof task->labels->version, "%s", eipnn_eip_version(task->eip));
  return EIPNN_OK;
}

/* A result in a chunk: done flag, energy, and with forces virial [6] and
   forces [natoms][3]. What is not done stays zero, so that ranks can be summed. */
static size_t result_size(const label_task *task, int natoms)
{
  return task->forces ? 8 + 3 * (size_t)natoms : 2;
}

/* How many configurations from `begin` make the next chunk, and their size. */
static eipnn_status measure_chunk(const label_task *task, const labelling *work, size_t begin,
                                  size_t *end, size_t *size)
{
  *size = 0;
  for (*end = begin; *end < task->count && *end - begin < task->chunk; (*end)++) {
    eipnn_configuration configuration;
    EIPNN_TRY(eipnn_dataset_get(work->dataset, task->todo[*end], &configuration));
    size_t more = result_size(task, configuration.natoms);
    if (*end > begin && *size + more > CHUNK_VALUES) break;
    *size += more;
  }
  return EIPNN_OK;
}

/* This rank's part of todo[begin..end), every size-th configuration. */
static eipnn_status compute_chunk(label_task *task, const labelling *work, size_t begin, size_t end)
{
  double *result = task->values;
  for (size_t t = begin; t < end; t++) {
    eipnn_configuration configuration;
    EIPNN_TRY(eipnn_dataset_get(work->dataset, task->todo[t], &configuration));
    if (t % (size_t)work->size == (size_t)work->rank) {
      double(*forces)[3] = task->forces ? (double(*)[3])(result + 8) : NULL;
      eipnn_status status = eipnn_eip_compute(task->eip, &configuration, result + 1, forces,
                                              task->forces ? result + 2 : NULL);
      if (status == EIPNN_OK)
        result[0] = 1;
      else if (status != EIPNN_ERROR_NUMERIC)
        return status;
    }
    result += result_size(task, configuration.natoms);
  }
  return EIPNN_OK;
}

static eipnn_status store_chunk(label_task *task, labelling *work, size_t begin, size_t end)
{
  const double *result = task->values;
  for (size_t t = begin; t < end; t++) {
    size_t index = task->todo[t];
    eipnn_configuration configuration;
    EIPNN_TRY(eipnn_dataset_get(work->dataset, index, &configuration));
    size_t natoms = (size_t)configuration.natoms;
    size_t first = eipnn_dataset_first_atom(work->dataset, index);
    if (result[0] == 1) {
      task->labels->energy[index] = result[1];
      if (task->forces) {
        memcpy(task->labels->virial[index], result + 2, 6 * sizeof(double));
        memcpy(task->labels->forces[first], result + 8, 3 * natoms * sizeof(double));
      }
    } else {
      task->failed++;
    }
    result += result_size(task, configuration.natoms);
  }
  work->unsaved = 1;
  task->done = end;
  task->labels->failed = (int64_t)task->failed;
  stamp(task->labels);
  return EIPNN_OK;
}

/* Rank 0 writes the dataset. */
static eipnn_status save(labelling *work)
{
  eipnn_status status = EIPNN_OK;
  if (work->rank == 0 && work->options->save_path && work->unsaved)
    status = eipnn_dataset_write(work->dataset, work->options->save_path);
  work->unsaved = 0;
  work->last_save = eipnn_clock();
  return status;
}

static eipnn_status save_when_due(labelling *work)
{
  eipnn_status status = EIPNN_OK;
  if (eipnn_clock() - work->last_save >= work->options->save_interval) status = save(work);
  return eipnn_collective_agree(work->parallel, status);
}

/* Tells the host. */
static int stop_asked(const label_task *task, const labelling *work)
{
  double total = eipnn_clock() - task->start;
  return work->options->progress &&
         work->options->progress(work->options->context, task->entry->name,
                                 task->covered - task->count + task->done, task->covered,
                                 task->failed, total > 0 ? (double)task->done / total : 0);
}

/* Tells the host, and sizes the next chunk by the slowest rank. */
static eipnn_status report(label_task *task, labelling *work, double elapsed)
{
  double shared[2] = {elapsed, stop_asked(task, work)};
  EIPNN_TRY(eipnn_collective_maximum(work->parallel, shared, 2));
  work->stop = shared[1] > 0;
  double factor = shared[0] > 0 ? CHUNK_SECONDS / shared[0] : 4;
  double wanted = (double)task->chunk * (factor < 4 ? factor : 4);
  task->chunk = wanted > work->size ? (size_t)wanted : (size_t)work->size;
  return EIPNN_OK;
}

static eipnn_status run_chunk(label_task *task, labelling *work, size_t begin, size_t *end)
{
  size_t size = 0;
  double start = eipnn_clock();
  eipnn_status status = measure_chunk(task, work, begin, end, &size);
  if (status == EIPNN_OK)
    status = eipnn_grow((void **)&task->values, &task->capacity, size, sizeof *task->values);
  if (status == EIPNN_OK) {
    memset(task->values, 0, size * sizeof *task->values);
    status = compute_chunk(task, work, begin, *end);
  }
  EIPNN_TRY(eipnn_collective_agree(work->parallel, status));
  double elapsed = eipnn_clock() - start;
  EIPNN_TRY(eipnn_collective_sum(work->parallel, task->values, size));
  EIPNN_TRY(store_chunk(task, work, begin, *end));
  return report(task, work, elapsed);
}

static eipnn_status take_work(label_task *task, labelling *work)
{
  EIPNN_TRY(take_labels(task, work));
  return list_todo(task, work);
}

/* The EIP is named first: should its code end the process, it is known which it was. */
static eipnn_status prepare_task(label_task *task, labelling *work)
{
  stop_asked(task, work);
  EIPNN_TRY(eipnn_collective_agree(work->parallel, eipnn_eip_open(task->entry, &task->eip)));
  return eipnn_collective_agree(work->parallel, take_work(task, work));
}

static eipnn_status run_task(label_task *task, labelling *work)
{
  task->start = eipnn_clock();
  task->chunk = 16 * (size_t)work->size;
  if (task->count == 0) return report(task, work, 0);
  for (size_t begin = 0, end; begin < task->count && !work->stop; begin = end) {
    EIPNN_TRY(run_chunk(task, work, begin, &end));
    EIPNN_TRY(save_when_due(work));
  }
  return EIPNN_OK;
}

/* Errors of EIPs that could not be used. */
typedef struct label_errors {
  int count;
  eipnn_status status; /* of the first */
  char cause[800];
} label_errors;

static eipnn_status label_with(labelling *work, const eipnn_eip_entry *entry, label_errors *errors)
{
  label_task task = {.entry = entry};
  eipnn_status status = prepare_task(&task, work);
  if (status == EIPNN_OK) {
    status = run_task(&task, work);
  } else {
    if (errors->count++ == 0) {
      errors->status = status;
      snprintf(errors->cause, sizeof errors->cause, "%s", eipnn_last_error());
    }
    status = EIPNN_OK;
  }
  eipnn_eip_close(&task.eip);
  free(task.todo);
  free(task.values);
  return status;
}

static eipnn_status label_all(labelling *work, const eipnn_eip_list *list)
{
  int tasks = 0;
  label_errors errors = {0};
  for (int e = 0; e < list->count && !work->stop; e++) {
    if (!covers_any(work, &list->entry[e])) continue;
    EIPNN_TRY(label_with(work, &list->entry[e], &errors));
    tasks++;
  }
  if (errors.count > 1)
    return eipnn_error(errors.status, "%d EIPs could not be used; the first: %s", errors.count,
                       errors.cause);
  if (errors.count) return eipnn_error(errors.status, "%s", errors.cause);
  if (tasks == 0)
    return eipnn_error(EIPNN_ERROR_ARGUMENT,
                       "no EIP of the list covers the species of any of the %zu configurations",
                       eipnn_dataset_count(work->dataset));
  return EIPNN_OK;
}

eipnn_status eipnn_label_dataset(eipnn_dataset *dataset, const eipnn_eip_list *list,
                                 const eipnn_label_options *options, const eipnn_parallel *parallel)
{
  labelling work = {.dataset = dataset,
                    .options = options,
                    .parallel = parallel,
                    .rank = eipnn_collective_rank(parallel),
                    .size = eipnn_collective_size(parallel),
                    .last_save = eipnn_clock()};
  eipnn_status status = label_all(&work, list);
  char cause[1024];
  snprintf(cause, sizeof cause, "%s", eipnn_last_error());
  /* What was computed is kept also where a later EIP failed. */
  eipnn_status saved = eipnn_collective_agree(parallel, save(&work));
  return status == EIPNN_OK ? saved : eipnn_error(status, "%s", cause);
}
