/* eipnn: neural-network potentials taught by empirical interatomic potentials.
   SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef EIPNN_STATUS_H
#define EIPNN_STATUS_H

#ifdef __cplusplus
extern "C" {
#endif

/* Every function that can fail returns one of these. After any value but
   EIPNN_OK, eipnn_last_error() holds one sentence: what was wrong, where, and
   what to do instead. */
typedef enum eipnn_status {
  EIPNN_OK = 0,
  EIPNN_ERROR_ARGUMENT,    /* a value the caller passed is not acceptable */
  EIPNN_ERROR_IO,          /* a file could not be opened, read, written or renamed */
  EIPNN_ERROR_FORMAT,      /* a file was read but its content is not valid */
  EIPNN_ERROR_MEMORY,      /* an allocation failed */
  EIPNN_ERROR_UNSUPPORTED, /* valid, but not in this build or not for this model */
  EIPNN_ERROR_NUMERIC,     /* a result is not finite, a fit is singular */
  EIPNN_ERROR_CALLBACK     /* a function supplied by the host reported failure */
} eipnn_status;

/* Message of the last failure on the calling thread; "" before the first.
   Owned by the library, valid until the next failure on this thread. */
const char *eipnn_last_error(void);

/* Short name of a status, e.g. "format error". Static storage. */
const char *eipnn_status_name(eipnn_status status);

#ifdef __cplusplus
}
#endif
#endif
