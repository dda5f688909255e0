/* SPDX-License-Identifier: GPL-2.0-or-later */
#define _POSIX_C_SOURCE 200809L
#include "silicon_crystal.h"
#include "thread_ranks.h"

#include <eipnn/eip.h>

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define FILE_NAME "test_label.h5"
#define CONFIGURATIONS 60
#define FAILING 7  /* two atoms at one place */
#define FOREIGN 11 /* holds an aluminium atom */
#define RANKS 3

static eipnn_eip_entry entries[] = {
    {.name = "edip",
     .nspecies = 1,
     .species = {14},
     .provider = "kim",
     .model = "EDIP_JustoBazantKaxiras_1998_Si__MO_958932894036_002"},
    {.name = "sw",
     .nspecies = 1,
     .species = {14},
     .provider = "kim",
     .model = "SW_BalamaneHaliciogluTiller_1992_Si__MO_113686039439_004"},
    {.name = "elsewhere", /* covers nothing here, so it need not be installed */
     .nspecies = 1,
     .species = {79},
     .provider = "kim",
     .model = "None"},
};
static const eipnn_eip_list list = {3, entries};

/* A cubic cell of the perturbed crystal, expanded, with up to two vacancies. */
static void append(eipnn_dataset *dataset, int index)
{
  double position[8][3], scale = 1 + 0.002 * index;
  int number[8], natoms = 8 - index % 3;
  eipnn_configuration c = {.natoms = natoms, .pbc = {1, 1, 1}, .tag = "perturbed"};
  for (int i = 0; i < natoms; i++) {
    number[i] = 14;
    for (int k = 0; k < 3; k++) position[i][k] = scale * perturbed_silicon[8 * (index % 8) + i][k];
  }
  for (int k = 0; k < 3; k++) c.cell[k][k] = scale * 5.431;
  if (index == FAILING) memcpy(position[1], position[0], sizeof position[0]);
  if (index == FOREIGN) number[1] = 13;
  c.number = number;
  c.position = (const double(*)[3])position;
  assert_int_equal(eipnn_dataset_append(dataset, &c, NAN, NULL, NULL), EIPNN_OK);
}

static eipnn_dataset *make_dataset(void)
{
  eipnn_dataset *dataset;
  assert_int_equal(eipnn_dataset_create(&dataset), EIPNN_OK);
  for (int c = 0; c < CONFIGURATIONS; c++) append(dataset, c);
  return dataset;
}

static void label(eipnn_dataset *dataset, const eipnn_label_options *options)
{
  if (eipnn_label_dataset(dataset, &list, options, NULL) != EIPNN_OK)
    fail_msg("%s", eipnn_last_error());
}

static void check_against_eip(const eipnn_dataset *dataset, const eipnn_eip_entry *entry)
{
  char name[80];
  snprintf(name, sizeof name, "eip/%s", entry->name);
  const eipnn_labels *labels = eipnn_dataset_labels(dataset, name);
  assert_non_null(labels);
  assert_string_equal(labels->model, entry->model);
  assert_string_equal(labels->provider, "kim");
  assert_int_equal(strlen(labels->timestamp), 20);
  assert_int_equal(labels->failed, 1);
  eipnn_eip *eip;
  assert_int_equal(eipnn_eip_open(entry, &eip), EIPNN_OK);
  for (size_t c = 0; c < CONFIGURATIONS; c++) {
    eipnn_configuration configuration;
    double energy, forces[64][3], virial[6];
    size_t first = eipnn_dataset_first_atom(dataset, c);
    assert_int_equal(eipnn_dataset_get(dataset, c, &configuration), EIPNN_OK);
    if (c == FAILING || c == FOREIGN) {
      assert_true(isnan(labels->energy[c]) && isnan(labels->forces[first][0]) &&
                  isnan(labels->virial[c][3]));
      continue;
    }
    assert_int_equal(eipnn_eip_compute(eip, &configuration, &energy, forces, virial), EIPNN_OK);
    assert_true(labels->energy[c] == energy && energy < 0);
    assert_memory_equal(labels->virial[c], virial, sizeof virial);
    assert_memory_equal(labels->forces[first], forces, (size_t)configuration.natoms * 24);
  }
  eipnn_eip_close(&eip);
}

static void labels_are_what_the_eips_give(void **state)
{
  (void)state;
  eipnn_dataset *dataset = make_dataset();
  eipnn_label_options options;
  eipnn_label_options_default(&options);
  options.forces = 1;
  label(dataset, &options);
  check_against_eip(dataset, &entries[0]);
  check_against_eip(dataset, &entries[1]);
  assert_null(eipnn_dataset_labels(dataset, "eip/elsewhere"));
  eipnn_dataset_free(&dataset);
}

static void energies_alone_make_no_force_arrays(void **state)
{
  (void)state;
  eipnn_dataset *dataset = make_dataset();
  eipnn_label_options options;
  eipnn_label_options_default(&options);
  label(dataset, &options);
  eipnn_labels *labels = eipnn_dataset_labels(dataset, "eip/edip");
  assert_null(labels->forces);
  assert_null(labels->virial);
  options.forces = 1; /* and asking later adds them */
  label(dataset, &options);
  check_against_eip(dataset, &entries[0]);
  eipnn_dataset_free(&dataset);
}

static void resuming_keeps_labels(void **state)
{
  (void)state;
  eipnn_dataset *dataset = make_dataset();
  eipnn_label_options options;
  eipnn_label_options_default(&options);
  options.forces = 1;
  label(dataset, &options);
  double *energy = eipnn_dataset_labels(dataset, "eip/edip")->energy;
  energy[0] = -123;
  energy[1] = NAN;
  label(dataset, &options);
  energy = eipnn_dataset_labels(dataset, "eip/edip")->energy;
  assert_true(energy[0] == -123);
  assert_true(isfinite(energy[1]));
  options.relabel = 1;
  label(dataset, &options);
  check_against_eip(dataset, &entries[0]);
  eipnn_dataset_free(&dataset);
}

static void labels_of_another_model_are_not_mixed(void **state)
{
  (void)state;
  eipnn_dataset *dataset = make_dataset();
  eipnn_label_options options;
  eipnn_label_options_default(&options);
  label(dataset, &options);
  double before = eipnn_dataset_labels(dataset, "eip/edip")->energy[0];
  eipnn_eip_entry other = entries[1];
  snprintf(other.name, sizeof other.name, "edip");
  const eipnn_eip_list changed = {1, &other};
  assert_int_equal(eipnn_label_dataset(dataset, &changed, &options, NULL), EIPNN_ERROR_ARGUMENT);
  assert_non_null(strstr(eipnn_last_error(), "another name"));
  assert_true(eipnn_dataset_labels(dataset, "eip/edip")->energy[0] == before);
  options.relabel = 1;
  assert_int_equal(eipnn_label_dataset(dataset, &changed, &options, NULL), EIPNN_OK);
  assert_true(eipnn_dataset_labels(dataset, "eip/edip")->energy[0] != before);
  eipnn_dataset_free(&dataset);
}

typedef struct progress_record {
  int named, calls, stop_after;
  size_t done, total, failed;
} progress_record;

static int record_progress(void *context, const char *eip, size_t done, size_t total, size_t failed,
                           double rate)
{
  progress_record *record = context;
  if (total == 0) { /* named before it is opened */
    assert_true(done == 0 && failed == 0);
    record->named++;
    return 0;
  }
  assert_true(rate >= 0 && done <= total && record->named > 0);
  assert_true(!strcmp(eip, "edip") || !strcmp(eip, "sw"));
  record->done = done;
  record->total = total;
  record->failed = failed;
  return ++record->calls == record->stop_after;
}

static void progress_counts_and_stops(void **state)
{
  (void)state;
  eipnn_dataset *dataset = make_dataset();
  eipnn_label_options options;
  progress_record record = {.stop_after = 1};
  eipnn_label_options_default(&options);
  options.context = &record;
  options.progress = record_progress;
  options.save_path = FILE_NAME;
  label(dataset, &options);
  assert_int_equal(record.calls, 1);
  assert_int_equal(record.named, 1);
  assert_int_equal(record.total, CONFIGURATIONS - 1);
  assert_true(record.done > 0 && record.done < record.total);
  assert_int_equal(record.failed, 1);
  assert_null(eipnn_dataset_labels(dataset, "eip/sw"));
  eipnn_dataset_free(&dataset);
  /* What was done is in the file, and the next run finishes it. */
  assert_int_equal(eipnn_dataset_read(FILE_NAME, &dataset), EIPNN_OK);
  const eipnn_labels *labels = eipnn_dataset_labels(dataset, "eip/edip");
  assert_true(isfinite(labels->energy[0]) && isnan(labels->energy[CONFIGURATIONS - 1]));
  record.stop_after = 0;
  options.forces = 1;
  label(dataset, &options);
  assert_int_equal(record.done, record.total);
  check_against_eip(dataset, &entries[0]);
  eipnn_dataset_free(&dataset);
  remove(FILE_NAME);
}

static void failures_are_named_and_lose_nothing(void **state)
{
  (void)state;
  eipnn_dataset *dataset = make_dataset();
  eipnn_label_options options;
  eipnn_label_options_default(&options);
  options.save_path = FILE_NAME;
  eipnn_eip_entry broken[3] = {entries[1], entries[0], entries[1]};
  snprintf(broken[0].model, sizeof broken[0].model, "SW_gone__MO_000000000000_000");
  const eipnn_eip_list bad = {2, broken}, worse = {3, broken};
  assert_int_equal(eipnn_label_dataset(dataset, &bad, &options, NULL), EIPNN_ERROR_ARGUMENT);
  assert_non_null(strstr(eipnn_last_error(), "SW_gone__MO_000000000000_000 is not installed"));
  assert_null(eipnn_dataset_labels(dataset, "eip/sw"));
  eipnn_dataset_free(&dataset); /* the other one has been used all the same */
  assert_int_equal(eipnn_dataset_read(FILE_NAME, &dataset), EIPNN_OK);
  assert_true(isfinite(eipnn_dataset_labels(dataset, "eip/edip")->energy[0]));
  snprintf(broken[2].name, sizeof broken[2].name, "sw2");
  snprintf(broken[2].model, sizeof broken[2].model, "Gone");
  assert_int_equal(eipnn_label_dataset(dataset, &worse, &options, NULL), EIPNN_ERROR_ARGUMENT);
  assert_non_null(strstr(eipnn_last_error(), "2 EIPs could not be used; the first: EIP sw: "));
  const eipnn_eip_list gold = {1, &entries[2]};
  assert_int_equal(eipnn_label_dataset(dataset, &gold, &options, NULL), EIPNN_ERROR_ARGUMENT);
  assert_non_null(strstr(eipnn_last_error(), "no EIP of the list covers"));
  options.save_path = "no_such_folder/test_label.h5";
  options.relabel = 1;
  assert_int_equal(eipnn_label_dataset(dataset, &list, &options, NULL), EIPNN_ERROR_IO);
  assert_true(isfinite(eipnn_dataset_labels(dataset, "eip/sw")->energy[0]));
  eipnn_dataset_free(&dataset);
  remove(FILE_NAME);
}

typedef struct rank_job {
  eipnn_dataset *dataset;
  const eipnn_eip_list *list;
  eipnn_status status;
  char message[256];
} rank_job;

static void label_on_rank(const eipnn_parallel *parallel, void *argument)
{
  rank_job *job = argument;
  eipnn_label_options options;
  eipnn_label_options_default(&options);
  options.forces = 1;
  job->status = eipnn_label_dataset(job->dataset, job->list, &options, parallel);
  snprintf(job->message, sizeof job->message, "%s", eipnn_last_error());
}

static void run_ranks(rank_job jobs[RANKS], const eipnn_eip_list *const lists[RANKS])
{
  void *arguments[RANKS];
  for (int r = 0; r < RANKS; r++) {
    jobs[r] = (rank_job){.dataset = make_dataset(), .list = lists[r]};
    arguments[r] = &jobs[r];
  }
  thread_ranks_run(RANKS, label_on_rank, arguments);
}

static void ranks_share_the_work(void **state)
{
  (void)state;
  rank_job jobs[RANKS];
  const eipnn_eip_list *const lists[RANKS] = {&list, &list, &list};
  run_ranks(jobs, lists);
  for (int r = 0; r < RANKS; r++) {
    assert_int_equal(jobs[r].status, EIPNN_OK);
    check_against_eip(jobs[r].dataset, &entries[0]);
    check_against_eip(jobs[r].dataset, &entries[1]);
    eipnn_dataset_free(&jobs[r].dataset);
  }
}

/* One rank cannot load a model: none uses it, all with that rank's message. */
static void ranks_fail_together(void **state)
{
  (void)state;
  rank_job jobs[RANKS];
  eipnn_eip_entry broken[3] = {entries[0], entries[1], entries[2]};
  snprintf(broken[0].model, sizeof broken[0].model, "Gone");
  const eipnn_eip_list bad = {3, broken};
  const eipnn_eip_list *const lists[RANKS] = {&list, &bad, &list};
  run_ranks(jobs, lists);
  for (int r = 0; r < RANKS; r++) {
    assert_int_equal(jobs[r].status, EIPNN_ERROR_ARGUMENT);
    assert_non_null(strstr(jobs[r].message, "Gone is not installed"));
    assert_null(eipnn_dataset_labels(jobs[r].dataset, "eip/edip"));
    check_against_eip(jobs[r].dataset, &entries[1]);
    eipnn_dataset_free(&jobs[r].dataset);
  }
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(labels_are_what_the_eips_give),
      cmocka_unit_test(energies_alone_make_no_force_arrays),
      cmocka_unit_test(resuming_keeps_labels),
      cmocka_unit_test(labels_of_another_model_are_not_mixed),
      cmocka_unit_test(progress_counts_and_stops),
      cmocka_unit_test(failures_are_named_and_lose_nothing),
      cmocka_unit_test(ranks_share_the_work),
      cmocka_unit_test(ranks_fail_together),
  };
  if (!eipnn_eip_provider_available("kim")) {
    printf("skipped: built without the KIM API\n");
    return 77;
  }
  return cmocka_run_group_tests(tests, NULL, NULL);
}
