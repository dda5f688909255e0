/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef EIPNN_BASE_CLOCK_H
#define EIPNN_BASE_CLOCK_H

/* Seconds since some moment in the past, which nobody sets back: for durations and deadlines. */
double eipnn_clock(void);

#endif
