/* SPDX-License-Identifier: GPL-2.0-or-later */
#define _POSIX_C_SOURCE 200809L
#include "base/child.h"

#include "base/clock.h"
#include "base/memory.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

/* What a program gets to end by itself once its input is closed, seconds. */
#define FAREWELL 1.0
/* More than any answer, bytes: a program that prints without end is stopped. */
#define LONGEST ((size_t)1 << 30)

struct eipnn_child {
  pid_t process;
  int input;  /* a socket, so that writing to a dead program raises no signal */
  int output; /* a pipe, which the program can open again by name (/dev/stdout) */
  char *answer;
  size_t length, capacity;
};

/* Between making a descriptor and marking it, no other thread may start a program
   that would inherit it and keep the connection open. */
static pthread_mutex_t starting = PTHREAD_MUTEX_INITIALIZER;

static int keep_private(int descriptor, int nonblocking)
{
  return fcntl(descriptor, F_SETFD, FD_CLOEXEC) < 0 ||
         (nonblocking && fcntl(descriptor, F_SETFL, O_NONBLOCK) < 0);
}

static void close_pair(int pair[2])
{
  for (int k = 0; k < 2; k++)
    if (pair[k] >= 0) close(pair[k]);
}

/* The program's ends are 0 and 1 only after they were duplicated: a descriptor that is
   already there would keep its close-on-exec mark. */
static int spawn(const char *program, char *const *argument, char *const *environment, int input,
                 int output, pid_t *process)
{
  posix_spawn_file_actions_t actions;
  posix_spawnattr_t attributes;
  sigset_t none, all;
  sigemptyset(&none);
  sigfillset(&all);
  if (posix_spawn_file_actions_init(&actions)) return ENOMEM;
  if (posix_spawnattr_init(&attributes)) {
    posix_spawn_file_actions_destroy(&actions);
    return ENOMEM;
  }
  int failed =
      posix_spawn_file_actions_adddup2(&actions, input, 0) ||
      posix_spawn_file_actions_adddup2(&actions, output, 1) ||
      posix_spawn_file_actions_adddup2(&actions, 1, 2) ||
      posix_spawnattr_setpgroup(&attributes, 0) || posix_spawnattr_setsigmask(&attributes, &none) ||
      posix_spawnattr_setsigdefault(&attributes, &all) ||
      posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK |
                                                POSIX_SPAWN_SETSIGDEF);
  int error =
      failed ? ENOMEM : posix_spawn(process, program, &actions, &attributes, argument, environment);
  posix_spawnattr_destroy(&attributes);
  posix_spawn_file_actions_destroy(&actions);
  return error;
}

/* Above 2, so that none of the program's standard descriptors is overwritten while
   another is being set. */
static int move_up(int pair[2])
{
  for (int k = 0; k < 2; k++) {
    if (pair[k] > 2) continue;
    int moved = fcntl(pair[k], F_DUPFD, 3);
    if (moved < 0) return 1;
    close(pair[k]);
    pair[k] = moved;
  }
  return 0;
}

static int connect_and_spawn(const char *program, char *const *argument, char *const *environment,
                             eipnn_child *child)
{
  int input[2] = {-1, -1}, output[2] = {-1, -1}, error = 0;
  if (socketpair(AF_UNIX, SOCK_STREAM, 0, input) || pipe(output) || move_up(input) ||
      move_up(output) || keep_private(input[0], 1) || keep_private(input[1], 0) ||
      keep_private(output[0], 1) || keep_private(output[1], 0))
    error = errno;
  if (!error) error = spawn(program, argument, environment, input[1], output[1], &child->process);
  if (error) {
    close_pair(input);
    close_pair(output);
    return error;
  }
  close(input[1]);
  close(output[1]);
  child->input = input[0];
  child->output = output[0];
  return 0;
}

eipnn_status eipnn_child_start(const char *program, char *const *argument, char *const *environment,
                               eipnn_child **child)
{
  *child = NULL;
  eipnn_child *started = eipnn_calloc(1, sizeof *started);
  if (!started) return eipnn_error(EIPNN_ERROR_MEMORY, "no memory to start %s", program);
  pthread_mutex_lock(&starting);
  int error = connect_and_spawn(program, argument, environment, started);
  pthread_mutex_unlock(&starting);
  if (error) {
    free(started);
    return eipnn_error(EIPNN_ERROR_IO, "cannot run %s: %s", program, strerror(error));
  }
  *child = started;
  return EIPNN_OK;
}

/* Reads what is there. 1: more may come, 0: the program has closed its output. */
static eipnn_status read_some(eipnn_child *child, int *open)
{
  const size_t most = 65536;
  EIPNN_TRY(eipnn_grow((void **)&child->answer, &child->capacity, child->length + most + 1, 1));
  ssize_t count = read(child->output, child->answer + child->length, most);
  if (count > 0) child->length += (size_t)count;
  *open = count > 0 || (count < 0 && (errno == EAGAIN || errno == EINTR));
  child->answer[child->length] = '\0';
  return EIPNN_OK;
}

/* 1 where the answer holds `end` and the rest of its line. *from: where to look, moved on. */
static int is_complete(const eipnn_child *child, const char *end, size_t *from)
{
  size_t length = strlen(end);
  while (child->length >= length && *from <= child->length - length) {
    const char *place = child->answer + *from;
    if (!memcmp(place, end, length)) return memchr(place, '\n', child->length - *from) != NULL;
    (*from)++;
  }
  return 0;
}

static int wait_for_either(const eipnn_child *child, int sending, double deadline)
{
  struct pollfd watched[2] = {{child->output, POLLIN, 0}, {child->input, POLLOUT, 0}};
  double left = deadline - eipnn_clock();
  return left > 0 ? poll(watched, sending ? 2 : 1, left > 1 ? 1000 : (int)(1000 * left) + 1) : 0;
}

eipnn_status eipnn_child_ask(eipnn_child *child, const char *text, size_t length, const char *end,
                             double seconds, const char **answer)
{
  size_t sent = 0, from = 0;
  double deadline = eipnn_clock() + seconds;
  int open = 1, deaf = 0; /* deaf: it reads no more, but may still say why */
  child->length = 0;
  *answer = "";
  while (open && eipnn_clock() < deadline) {
    wait_for_either(child, sent < length && !deaf, deadline);
    if (sent < length && !deaf) {
      ssize_t count = send(child->input, text + sent, length - sent, MSG_NOSIGNAL);
      if (count > 0) sent += (size_t)count;
      deaf = count < 0 && errno != EAGAIN && errno != EWOULDBLOCK && errno != EINTR;
    }
    EIPNN_TRY(read_some(child, &open));
    *answer = child->answer;
    if (is_complete(child, end, &from)) return EIPNN_OK;
    if (child->length > LONGEST) return eipnn_error(EIPNN_ERROR_IO, "it prints without end");
  }
  if (open) return eipnn_error(EIPNN_ERROR_IO, "it did not answer within %.3g seconds", seconds);
  return eipnn_error(EIPNN_ERROR_IO, "it ended");
}

/* Drops the output until it ends; a program that wants to write could not end else. */
static void wait_for_end(eipnn_child *child)
{
  char dropped[4096];
  double deadline = eipnn_clock() + FAREWELL;
  while (eipnn_clock() < deadline) {
    wait_for_either(child, 0, deadline);
    ssize_t count = read(child->output, dropped, sizeof dropped);
    if (count == 0 || (count < 0 && errno != EAGAIN && errno != EINTR)) return;
  }
}

void eipnn_child_close(eipnn_child **child)
{
  if (!child || !*child) return;
  close((*child)->input);
  wait_for_end(*child);
  kill(-(*child)->process, SIGKILL);
  while (waitpid((*child)->process, NULL, 0) < 0 && errno == EINTR) continue;
  close((*child)->output);
  free((*child)->answer);
  free(*child);
  *child = NULL;
}
