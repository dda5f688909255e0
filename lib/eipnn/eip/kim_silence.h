/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef EIPNN_EIP_KIM_SILENCE_H
#define EIPNN_EIP_KIM_SILENCE_H

/* What the KIM API creates between these calls writes no kim.log into the user's folder. One thread
   at a time comes past the first; the pair does not nest. */
void eipnn_kim_begin_silence(void);
void eipnn_kim_end_silence(void);

#endif
