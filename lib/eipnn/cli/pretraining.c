/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/pretraining.h"

#include "base/error.h"
#include "base/memory.h"
#include "base/random.h"
#include "cli/dataset_file.h"
#include "cli/parallel.h"
#include "cli/training_setup.h"

#include <eipnn/eip.h>
#include <stdio.h>
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

/* Every EIP of the list must have labels. */
static eipnn_status check_labels(const cli_pretraining *pretraining, const eipnn_dataset *dataset,
                                 const eipnn_eip_list *list)
{
  for (int k = 0; k < list->count; k++) {
    char name[80];
    snprintf(name, sizeof name, "eip/%s", list->entry[k].name);
    if (!eipnn_dataset_labels(dataset, name))
      return eipnn_error(EIPNN_ERROR_ARGUMENT,
                         "%s has no labels of the EIP \"%s\"; compute them with `eipnn label %s "
                         "--eips %s`",
                         pretraining->data, list->entry[k].name, pretraining->data,
                         pretraining->eips);
  }
  return EIPNN_OK;
}

static eipnn_status create_with_heads(const cli_pretraining *pretraining,
                                      const eipnn_dataset *dataset, const eipnn_eip_list *list,
                                      eipnn_model **model)
{
  int species[118];
  int nspecies = eipnn_dataset_species(dataset, species);
  const char **head = eipnn_calloc((size_t)list->count, sizeof *head);
  if (!head) return eipnn_error(EIPNN_ERROR_MEMORY, "no memory for the names of the heads");
  for (int k = 0; k < list->count; k++) head[k] = list->entry[k].name;
  eipnn_status status = check_labels(pretraining, dataset, list);
  if (status == EIPNN_OK)
    status = eipnn_model_create(pretraining->network, nspecies, species, list->count, head,
                                pretraining->options.seed, model);
  free(head);
  return status;
}

/* Model with one head per EIP, energy zeros fitted. */
static eipnn_status prepare(const cli_pretraining *pretraining, eipnn_dataset *dataset,
                            eipnn_model **model)
{
  eipnn_eip_list *list;
  uint8_t *role;
  if (pretraining->split)
    EIPNN_TRY(cli_find_split(dataset, pretraining->data, pretraining->split, &role));
  else
    EIPNN_TRY(make_own_split(dataset, pretraining->options.seed));
  EIPNN_TRY(eipnn_eip_list_read(pretraining->eips, &list));
  eipnn_status status = create_with_heads(pretraining, dataset, list, model);
  eipnn_eip_list_free(&list);
  return status;
}

int cli_pretrain_model(const cli_context *context, const cli_pretraining *pretraining,
                       eipnn_dataset *dataset, eipnn_model **model, eipnn_train_summary *summary)
{
  eipnn_train_options options = pretraining->options;
  options.split = pretraining->split ? pretraining->split : own_split;
  options.use_pool = 1;
  *model = NULL;
  eipnn_status status = prepare(pretraining, dataset, model);
  if (status == EIPNN_OK) status = eipnn_train_fit_output(*model, dataset, &options);
  int code = cli_parallel_agree(context->parallel, cli_code(status));
  cli_training_run run = {"pretraining", pretraining->log, pretraining->resume};
  if (!code) code = cli_run_training(context, &run, &options, dataset, *model, summary);
  if (code) return cli_keep_best(context, *model, pretraining->out, summary, code);
  cli_origin origin = {"pretraining", pretraining->data, pretraining->split,
                       dataset,       &options,          summary};
  status = cli_write_history(context, pretraining->values, &origin, *model);
  code = cli_parallel_agree(context->parallel, cli_code(status));
  return code ? code : cli_store_model(context, *model, pretraining->out, options.checkpoint);
}
