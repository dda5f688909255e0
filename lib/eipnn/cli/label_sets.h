/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef EIPNN_CLI_LABEL_SETS_H
#define EIPNN_CLI_LABEL_SETS_H

#include <eipnn/dataset.h>
#include <eipnn/model.h>

/* The EIP label sets that a command works on, all of them in the dataset. */
typedef struct cli_label_sets {
  int count;
  const char **name; /* [count] "eip/<name>", of the dataset; free with cli_label_sets_free */
} cli_label_sets;

/* Those of the EIP list file `eips`, in its order; eips NULL: all of the dataset. data: name of its
   file, for messages. */
eipnn_status cli_label_sets_find(const eipnn_dataset *dataset, const char *data, const char *eips,
                                 cli_label_sets *sets);

/* Those that are the classes of a classifier, in its order. eips: NULL, or a list that must name
   the same. path: file of the classifier, for messages. */
eipnn_status cli_label_sets_of_classifier(const eipnn_model *classifier, const char *path,
                                          const eipnn_dataset *dataset, const char *data,
                                          const char *eips, cli_label_sets *sets);
void cli_label_sets_free(cli_label_sets *sets);

/* "<name>" of "eip/<name>". */
const char *cli_eip_name(const char *set);

#endif
