/* SPDX-License-Identifier: GPL-2.0-or-later */

/* Cost of a step of multi-task pretraining: SchNet with the defaults on labelled data, ranks as
   threads. CPU time, of which other work on the machine takes nothing away; how evenly the
   ranks share the work; where the time goes.
     bench_pretraining LABELLED.h5 EIPS.json [steps] [ranks] */

#include "thread_clock.h"
#include "thread_ranks.h"
#include "timed_backend.h"

#include <eipnn/eip.h>
#include <eipnn/train.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { WARM_UP = 10, VALIDATION_SHARE = 10 };
static const char split[] = "bench";

/* What a rank measures between the sums of two steps. */
typedef struct clock_of_rank {
  const eipnn_dataset *dataset;
  eipnn_model *model;
  int64_t steps, step; /* to measure; sums of gradients so far */
  size_t nweights;
  int profiled;
  double cpu, wall, started, sum_started;
  double since_sum; /* CPU of this step outside the sum */
  double critical;  /* sum over steps of the slowest rank's CPU */
  double summing;   /* CPU within sums */
  double kind[TIMED_KINDS];
} clock_of_rank;

static void before_sum(thread_rank *rank, size_t count)
{
  clock_of_rank *c = rank->argument;
  if (count < c->nweights) return;
  c->sum_started = thread_seconds();
  c->since_sum = c->sum_started - c->since_sum;
}

static void begin(clock_of_rank *c)
{
  c->started = thread_seconds();
  c->wall = wall_seconds();
  c->critical = c->summing = 0;
  timed_backend_enable(c->profiled);
}

static void end(clock_of_rank *c)
{
  c->cpu = thread_seconds() - c->started;
  c->wall = wall_seconds() - c->wall;
  memcpy(c->kind, timed_backend_seconds(), sizeof c->kind);
  timed_backend_enable(0);
}

/* Behind the barrier every rank's CPU time of the step is known. */
static void after_sum(thread_rank *rank, size_t count)
{
  clock_of_rank *c = rank->argument;
  if (count < c->nweights) return;
  double slowest = 0;
  for (int r = 0; r < rank->team->size; r++) {
    const clock_of_rank *other = rank->team->rank[r].argument;
    if (other->since_sum > slowest) slowest = other->since_sum;
  }
  rank->parallel.barrier(rank);
  c->critical += slowest;
  c->summing += thread_seconds() - c->sum_started;
  c->step++;
  if (c->step == WARM_UP) begin(c);
  if (c->step == WARM_UP + c->steps) end(c);
  c->since_sum = thread_seconds();
}

static eipnn_status train(thread_rank *rank)
{
  clock_of_rank *c = rank->argument;
  eipnn_train_options options;
  eipnn_pretrain_options_default(&options);
  options.split = split;
  options.steps = options.validate_every = WARM_UP + c->steps;
  eipnn_status status = eipnn_train_fit_output(c->model, c->dataset, &options);
  if (status != EIPNN_OK) return status;
  return eipnn_train(c->model, c->dataset, &options, &rank->parallel, NULL);
}

static eipnn_status create_model(const eipnn_dataset *dataset, const eipnn_eip_list *list,
                                 eipnn_model **model)
{
  int species[118];
  const char *head[64];
  const int nspecies = eipnn_dataset_species(dataset, species);
  const int nheads = list->count < 64 ? list->count : 64;
  eipnn_network_options network;
  eipnn_network_options_default(&network);
  for (int k = 0; k < nheads; k++) head[k] = list->entry[k].name;
  return eipnn_model_create(&network, nspecies, species, nheads, head, 42, model);
}

static eipnn_status run(const eipnn_dataset *dataset, const eipnn_eip_list *list,
                        clock_of_rank *clock, thread_team *team)
{
  eipnn_status status = EIPNN_OK;
  for (int r = 0; r < team->size && status == EIPNN_OK; r++) {
    clock[r].dataset = dataset;
    status = create_model(dataset, list, &clock[r].model);
    if (status != EIPNN_OK) break;
    eipnn_model_weights(clock[r].model, &clock[r].nweights);
    team->rank[r] = (thread_rank){
        .argument = &clock[r], .work = train, .before_sum = before_sum, .after_sum = after_sum};
  }
  if (status == EIPNN_OK) status = thread_team_run(team);
  for (int r = 0; r < team->size; r++) eipnn_model_free(&clock[r].model);
  return status;
}

static void print_cost(const clock_of_rank *clock, int size, int64_t steps)
{
  double cpu = 0, summing = 0;
  for (int r = 0; r < size; r++) {
    cpu += clock[r].cpu / (double)size;
    summing += clock[r].summing / (double)size;
  }
  const double per_step = 1e3 / (double)steps;
  printf("ranks                              %8d\n", size);
  printf("CPU time per step and rank         %8.2f ms\n", cpu * per_step);
  printf("  in the sum over ranks            %8.2f ms\n", summing * per_step);
  printf("slowest rank of each step          %8.2f ms\n", (clock->critical + summing) * per_step);
  printf("wall time per step                 %8.2f ms\n", clock->wall * per_step);
}

static void print_profile(const clock_of_rank *clock, int64_t steps)
{
  double rest = clock->cpu - clock->summing;
  printf("profile of rank 0, CPU time per step\n");
  for (int kind = 0; kind < TIMED_KINDS; kind++) {
    const double seconds = clock->kind[kind];
    rest -= seconds;
    if (seconds > 0)
      printf("  %-35s %7.3f ms %5.1f %%\n", timed_kind_name((timed_kind)kind),
             1e3 * seconds / (double)steps, 100 * seconds / clock->cpu);
  }
  printf("  %-35s %7.3f ms %5.1f %%\n", "sum of gradients over ranks",
         1e3 * clock->summing / (double)steps, 100 * clock->summing / clock->cpu);
  printf("  %-35s %7.3f ms %5.1f %%\n", "batch, plan, loss, optimiser", 1e3 * rest / (double)steps,
         100 * rest / clock->cpu);
}

static eipnn_status measure(const eipnn_dataset *dataset, const eipnn_eip_list *list, int64_t steps,
                            int size)
{
  for (int profiled = 0; profiled < 2; profiled++) {
    clock_of_rank clock[THREAD_RANKS] = {0};
    thread_team team = {.size = size};
    for (int r = 0; r < size; r++) {
      clock[r].steps = steps;
      clock[r].profiled = profiled;
    }
    const eipnn_status status = run(dataset, list, clock, &team);
    if (status != EIPNN_OK) return status;
    if (profiled)
      print_profile(clock, steps);
    else
      print_cost(clock, size, steps);
  }
  return EIPNN_OK;
}

/* One configuration in ten validates, the others are learnt from. */
static eipnn_status add_split(eipnn_dataset *dataset)
{
  uint8_t *role;
  const eipnn_status status = eipnn_dataset_add_split(dataset, split, &role);
  for (size_t k = 0; status == EIPNN_OK && k < eipnn_dataset_count(dataset); k++)
    role[k] = k % VALIDATION_SHARE ? EIPNN_ROLE_POOL : EIPNN_ROLE_VALIDATION;
  return status;
}

int main(int argc, char **argv)
{
  const int64_t steps = argc > 3 ? strtoll(argv[3], NULL, 10) : 100;
  const int size = argc > 4 ? atoi(argv[4]) : 2;
  if (argc < 3 || steps < 1 || size < 2 || size > THREAD_RANKS) {
    fprintf(stderr, "usage: bench_pretraining LABELLED.h5 EIPS.json [steps] [ranks]\n");
    return 2;
  }
  eipnn_dataset *dataset = NULL;
  eipnn_eip_list *list = NULL;
  eipnn_status status = eipnn_dataset_read(argv[1], &dataset);
  if (status == EIPNN_OK) status = eipnn_eip_list_read(argv[2], &list);
  if (status == EIPNN_OK) status = add_split(dataset);
  if (status == EIPNN_OK) status = measure(dataset, list, steps, size);
  if (status != EIPNN_OK) fprintf(stderr, "bench_pretraining: %s\n", eipnn_last_error());
  eipnn_eip_list_free(&list);
  eipnn_dataset_free(&dataset);
  return status == EIPNN_OK ? 0 : 1;
}
