/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef EIPNN_CLI_DATASET_FILE_H
#define EIPNN_CLI_DATASET_FILE_H

#include <eipnn/dataset.h>

typedef enum cli_format {
  CLI_FORMAT_UNKNOWN,
  CLI_FORMAT_DATASET, /* .h5 */
  CLI_FORMAT_XYZ,     /* .xyz, .extxyz, with or without .gz */
  CLI_FORMAT_DUMP     /* .dump, .lammpstrj */
} cli_format;

/* By the end of the name. */
cli_format cli_file_format(const char *path);
int cli_has_suffix(const char *path, const char *suffix);

/* Appends a file of any readable format. elements: "Si,O" by LAMMPS atom type,
   or NULL; read for dumps only. */
eipnn_status cli_append_file(eipnn_dataset *dataset, const char *path, const char *elements);

/* Writes .h5 or .xyz[.gz]. */
eipnn_status cli_write_file(const eipnn_dataset *dataset, const char *path);

/* Sets reference energies from "Si=-0.835,Ag=0". */
eipnn_status cli_set_references(eipnn_dataset *dataset, const char *text);

/* "unused", "train", "validation", "test" or "pool". */
const char *cli_role_name(int role);

/* Roles of a split; an error that lists the splits if there is none of that name. */
eipnn_status cli_find_split(const eipnn_dataset *dataset, const char *path, const char *name,
                            uint8_t **role);

/* Configurations per role. */
void cli_count_roles(const eipnn_dataset *dataset, const uint8_t *role, size_t count[5]);

#endif
