/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fibers.h"

#include <cstdio>
#include <cstdlib>

namespace lanes
{

constexpr std::size_t stack_bytes = 64 * 1024;

void stop(const char *what)
{
  std::fprintf(stderr, "lanes: %s\n", what);
  std::abort();
}

Fibers &fibers()
{
  static Fibers all;
  return all;
}

/* makecontext hands over no pointer, hence the one set of fibers. */
void Fibers::enter()
{
  Fibers &all = fibers();
  Fiber &me = all.fiber_[std::size_t(all.current_)];
  (*all.body_)(all.current_);
  me.done = true;
  all.left_--;
  all.steps_++;
  swapcontext(&me.context, &all.scheduler_);
}

void Fibers::prepare(int count)
{
  while (fiber_.size() < std::size_t(count)) {
    fiber_.emplace_back();
    fiber_.back().stack.reset(new char[stack_bytes]);
  }
  for (int k = 0; k < count; k++) {
    Fiber &fiber = fiber_[std::size_t(k)];
    fiber.barrier = nullptr;
    fiber.done = false;
    getcontext(&fiber.context);
    fiber.context.uc_stack.ss_sp = fiber.stack.get();
    fiber.context.uc_stack.ss_size = stack_bytes;
    fiber.context.uc_link = nullptr;
    makecontext(&fiber.context, enter, 0);
  }
  left_ = count;
}

void Fibers::resume(int k)
{
  Fiber &fiber = fiber_[std::size_t(k)];
  if (fiber.done || (fiber.barrier && fiber.barrier->round == fiber.round)) return;
  fiber.barrier = nullptr;
  current_ = k;
  swapcontext(&scheduler_, &fiber.context);
}

/* Resumes each of the fibers; whether any got anywhere. */
bool Fibers::sweep(int first, int count)
{
  const long before = steps_;
  for (int k = 0; k < count; k++) resume(first + (backwards_ ? count - 1 - k : k));
  return steps_ != before;
}

void Fibers::run(int threads, int lanes, const std::function<void(int)> &body)
{
  body_ = &body;
  prepare(threads * lanes);
  while (left_ > 0) {
    const long before = steps_;
    for (int k = 0; k < threads; k++) {
      const int thread = (first_ + (backwards_ ? threads - k : k)) % threads;
      while (sweep(thread * lanes, lanes)) continue;
    }
    if (steps_ == before) stop("a barrier that not all threads or lanes reach");
  }
}

void Fibers::wait(Barrier &barrier)
{
  steps_++;
  if (++barrier.arrived == barrier.size) {
    barrier.arrived = 0;
    barrier.round++;
    return;
  }
  Fiber &me = fiber_[std::size_t(current_)];
  me.barrier = &barrier;
  me.round = barrier.round;
  swapcontext(&me.context, &scheduler_);
}

} // namespace lanes
