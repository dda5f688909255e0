/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Input files of `eipnn train`. */
#include "cli/command.h"
#include "cli/input_file.h"
#include "fuzz/fuzz.h"

#include <string.h>

static int read_with(const char *path, void *values)
{
  char data[] = "data.h5";
  char *words[] = {data};
  cli_parsed parsed;
  eipnn_json_file *file = NULL;
  cli_train.defaults(values);
  FUZZ_PROMISE(cli_parse(&cli_train, 1, words, values, &parsed) == CLI_GOOD);
  const int code = cli_read_input_file(&cli_train, path, values, &parsed, &file);
  FUZZ_PROMISE(code == CLI_GOOD || eipnn_last_error()[0]);
  json_t *options = code == CLI_GOOD ? cli_options_json(&cli_train, values) : NULL;
  FUZZ_PROMISE(code != CLI_GOOD || options);
  json_decref(options);
  eipnn_json_close(&file);
  free(parsed.argument);
  return code == CLI_GOOD;
}

int fuzz_read(const char *path)
{
  void *values = calloc(1, cli_train.values_size);
  FUZZ_PROMISE(values);
  const int accepted = read_with(path, values);
  free(values);
  return accepted;
}

static const char *const seeds[] = {
    "{\"split\": \"a\", \"out\": \"model.h5\", \"method\": \"none\", \"steps\": 3000, \"lr\": "
    "1e-3,\n"
    " \"hidden\": 64, \"layers\": 3, \"cutoff\": 5.0, \"batch\": 32, \"seed\": 42, \"json\": true}",
    "{\"method\": \"mp\", \"pretrained\": \"pre.h5\", \"network\": \"schnet\", \"schedule\": "
    "\"linear\",\n"
    " \"precision\": \"mixed\", \"table\": \"off\", \"resume\": false, \"clip\": 0, \"log\": "
    "\"a.csv\"}",
    "{\"stepz\": 1}",
    "{\"steps\": \"many\", \"lr\": null}",
};

void fuzz_seeds(fuzz_store store, void *context)
{
  for (size_t k = 0; k < sizeof seeds / sizeof seeds[0]; k++)
    store(context, seeds[k], strlen(seeds[k]));
}
