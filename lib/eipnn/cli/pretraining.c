/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/pretraining.h"

#include "base/error.h"
#include "base/memory.h"
#include "base/random.h"
#include "cli/dataset_file.h"
#include "cli/parallel.h"
#include "cli/training_history.h"

#include <stdlib.h>

/* Split made in memory where the user names none; never stored. */
static const char own_split[] = "(pretraining)";
enum { VALIDATION_SHARE = 10 };

/* One configuration in ten validates, the others are the pool. */
static eipnn_status make_own_split(eipnn_dataset *dataset, uint64_t seed)
{
  uint8_t *role;
  size_t count = eipnn_dataset_count(dataset);
  if (count < 2)
    return eipnn_error(EIPNN_ERROR_ARGUMENT,
                       "the dataset holds %zu configurations, pretraining needs two at least",
                       count);
  EIPNN_TRY(eipnn_dataset_add_split(dataset, own_split, &role));
  size_t *order = eipnn_calloc(count, sizeof *order);
  if (!order) return eipnn_error(EIPNN_ERROR_MEMORY, "no memory for the split");
  for (size_t k = 0; k < count; k++) order[k] = k;
  eipnn_random random;
  eipnn_random_seed(&random, seed, 0);
  eipnn_random_shuffle(&random, order, count);
  for (size_t k = 0; k < count; k++)
    role[order[k]] = k % VALIDATION_SHARE ? EIPNN_ROLE_POOL : EIPNN_ROLE_VALIDATION;
  free(order);
  return EIPNN_OK;
}

/* Model with one head per EIP. */
static eipnn_status create(const cli_pretraining *pretraining, eipnn_dataset *dataset,
                           eipnn_model **model)
{
  int species[EIPNN_ELEMENTS];
  int nspecies = eipnn_dataset_species(dataset, species);
  uint8_t *role;
  if (pretraining->split)
    EIPNN_TRY(cli_find_split(dataset, pretraining->data, pretraining->split, &role));
  else
    EIPNN_TRY(make_own_split(dataset, pretraining->options.seed));
  int count = pretraining->sets->count;
  const char **head = eipnn_calloc((size_t)count, sizeof *head);
  if (!head) return eipnn_error(EIPNN_ERROR_MEMORY, "no memory for the names of the heads");
  for (int k = 0; k < count; k++) head[k] = cli_eip_name(pretraining->sets->name[k]);
  eipnn_status status = eipnn_model_create(pretraining->network, nspecies, species, count, head,
                                           pretraining->options.seed, model);
  free(head);
  return status;
}

int cli_pretrain_model(const cli_context *context, const cli_pretraining *pretraining,
                       eipnn_dataset *dataset, eipnn_model **model, eipnn_train_summary *summary)
{
  eipnn_train_options options = pretraining->options;
  options.split = pretraining->split ? pretraining->split : own_split;
  options.use_pool = 1;
  *model = NULL;
  eipnn_status status = create(pretraining, dataset, model);
  if (status == EIPNN_OK) status = eipnn_train_fit_output(*model, dataset, &options);
  int code = cli_parallel_agree(context->parallel, cli_code(status));
  cli_training_run run = {"pretraining", pretraining->log, pretraining->resume, 0};
  if (!code) code = cli_run_training(context, &run, &options, dataset, *model, summary);
  if (code) return cli_keep_best(context, *model, pretraining->out, summary, code);
  const cli_origin origin = {.method = "pretraining",
                             .data = pretraining->data,
                             .split = pretraining->split,
                             .hash = pretraining->hash,
                             .inputs = pretraining->inputs,
                             .options = &options,
                             .summary = summary};
  status = cli_write_history(context, pretraining->values, &origin, *model);
  code = cli_parallel_agree(context->parallel, cli_code(status));
  return code ? code : cli_store_model(context, *model, pretraining->out, options.checkpoint);
}
