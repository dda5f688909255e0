/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef BENCH_THREAD_CLOCK_H
#define BENCH_THREAD_CLOCK_H

/* CPU seconds of the calling thread: other work on the machine does not count. */
double thread_seconds(void);
/* Seconds that pass. */
double wall_seconds(void);

#endif
