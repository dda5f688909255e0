/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/error.h"

#include <eipnn/precision.h>

#include <string.h>

static const char *const names[] = {
    [EIPNN_PRECISION_SINGLE] = "single",
    [EIPNN_PRECISION_MIXED] = "mixed",
    [EIPNN_PRECISION_DOUBLE] = "double",
};

const char *eipnn_precision_name(eipnn_precision precision)
{
  if ((int)precision < EIPNN_PRECISION_SINGLE || precision > EIPNN_PRECISION_DOUBLE)
    return "unknown";
  return names[precision];
}

eipnn_status eipnn_precision_from_name(const char *name, eipnn_precision *precision)
{
  for (int k = EIPNN_PRECISION_SINGLE; k <= EIPNN_PRECISION_DOUBLE; k++)
    if (!strcmp(names[k], name)) {
      *precision = (eipnn_precision)k;
      return EIPNN_OK;
    }
  return eipnn_error(EIPNN_ERROR_ARGUMENT,
                     "unknown precision '%s'; known precisions: single, mixed, double", name);
}
