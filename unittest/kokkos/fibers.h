/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef EIPNN_UNITTEST_FIBERS_H
#define EIPNN_UNITTEST_FIBERS_H

/* The threads of a GPU's team, each of several lanes, as fibers of one core that wait for one
   another at barriers. They change only there, in an order of ours: what one reads before another
   has written it is missing in every run, not now and then. */

#include <ucontext.h>

#include <cstddef>
#include <functional>
#include <memory>
#include <vector>

namespace lanes
{

/* Ends the program: what a GPU would not do, or would do wrongly without a word. */
[[noreturn]] void stop(const char *what);

/* So many fibers go on together. */
struct Barrier {
  int size, arrived, round;
};

class Fibers
{
public:
  /* Calls body(thread * lanes + lane) of every lane. A thread runs as far as it gets without the
     others before the next one begins, and so does a lane of a thread. */
  void run(int threads, int lanes, const std::function<void(int)> &body);

  /* For the body: returns when barrier.size fibers have called it. */
  void wait(Barrier &barrier);

  /* The thread that runs first (modulo their number), and whether those after it have falling
     numbers, as have the lanes. Who comes last to a barrier goes on first. */
  void set_order(int first, bool backwards)
  {
    first_ = first;
    backwards_ = backwards;
  }

private:
  struct Fiber {
    ucontext_t context;
    std::unique_ptr<char[]> stack;
    const Barrier *barrier; /* that it waits at, in that round; NULL: it can go on */
    int round;
    bool done;
  };

  static void enter();
  void prepare(int count);
  bool sweep(int first, int count);
  void resume(int k);

  std::vector<Fiber> fiber_;
  ucontext_t scheduler_;
  const std::function<void(int)> *body_ = nullptr;
  int current_ = 0, left_ = 0, first_ = 0;
  long steps_ = 0; /* barriers reached and bodies done */
  bool backwards_ = false;
};

/* All teams run on these, one after the other. */
Fibers &fibers();

} // namespace lanes

#endif
