/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "eip/kim_silence.h"

#include <KIM_Log.h>
#include <KIM_LogVerbosity.h>
#include <pthread.h>

/* KIM keeps the log settings of what is created next in process-wide stacks. */
static pthread_mutex_t creation = PTHREAD_MUTEX_INITIALIZER;

void eipnn_kim_begin_silence(void)
{
  pthread_mutex_lock(&creation);
  KIM_Log_PushDefaultVerbosity(KIM_LOG_VERBOSITY_silent);
}

void eipnn_kim_end_silence(void)
{
  KIM_Log_PopDefaultVerbosity();
  pthread_mutex_unlock(&creation);
}
