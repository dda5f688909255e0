/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef EIPNN_UNITTEST_LANES_H
#define EIPNN_UNITTEST_LANES_H

/* An execution space of Kokkos whose teams have threads and vector lanes as a GPU's have, for what
   the kernels of tensor/kokkos use of it. A loop over vector lanes ends with the lanes of its
   thread together, as Kokkos' on CUDA does; one over a whole team does not. */

#include <Kokkos_Core.hpp>

#include "fibers.h"

#include <cstdint>

namespace lanes
{

struct Space {
  using execution_space = Space;
  using memory_space = Kokkos::HostSpace;
};

/* Of a team, on GPUs; the scratch is what every one has. */
constexpr int most_fibers = 1024, most_lanes = 32;
constexpr std::size_t most_scratch = 48 * 1024;

/* What the threads of a team share. */
class Team
{
public:
  Team(int threads, int lanes, std::size_t scratch)
      : threads(threads), lanes(lanes), parts(std::size_t(threads * lanes)), everyone_{},
        thread_(std::size_t(threads)), scratch_(scratch + margin), bytes_(scratch)
  {
    if (threads < 1 || lanes < 1 || lanes > most_lanes || (lanes & (lanes - 1)) ||
        threads * lanes > most_fibers)
      stop("a team of a shape that GPUs do not have");
    if (scratch > most_scratch) stop("more scratch than a GPU's team has");
  }

  /* As a team finds it: scratch of what others left, here no numbers. */
  void begin()
  {
    everyone_ = {threads * lanes, 0, 0};
    thread_.assign(std::size_t(threads), Barrier{lanes, 0, 0});
    scratch_.assign(scratch_.size(), char(0xff));
  }

  void join()
  {
    fibers().wait(everyone_);
  }

  void join_thread(int thread)
  {
    fibers().wait(thread_[std::size_t(thread)]);
  }

  /* `count` pieces of so many bytes, behind the `used` ones. The scratch begins 8 bytes beyond a
     multiple of 64, as Kokkos promises no more. */
  char *take(std::size_t &used, std::size_t size, std::size_t count, std::size_t alignment)
  {
    const auto begin = (reinterpret_cast<std::uintptr_t>(scratch_.data()) + 63) / 64 * 64 + 8;
    const auto first = (begin + used + alignment - 1) / alignment * alignment;
    used = first - begin + size * count;
    if (used > bytes_) stop("a kernel takes more scratch than it asked for");
    return scratch_.data() + (first - reinterpret_cast<std::uintptr_t>(scratch_.data()));
  }

  const int threads, lanes;
  std::vector<double> parts; /* [threads][lanes] of a reduction */

private:
  enum { margin = 64 + 8 };
  Barrier everyone_;
  std::vector<Barrier> thread_;
  std::vector<char> scratch_;
  std::size_t bytes_;
};

/* Scratch of a team, or the piece of one of its threads. */
struct Scratch {
  Team &team;
  std::size_t &used;
  std::size_t piece, pieces;
  void *get_shmem_aligned(std::size_t size, std::size_t alignment) const
  {
    return team.take(used, size, pieces, alignment) + piece * size;
  }
};

/* A lane of a thread of a team. */
class Member
{
public:
  Member(Team &team, int league, int rank, int lane)
      : team(team), lane(lane), league_(league), rank_(rank)
  {
  }
  int league_rank() const
  {
    return league_;
  }
  int team_size() const
  {
    return team.threads;
  }
  int team_rank() const
  {
    return rank_;
  }
  void team_barrier() const
  {
    team.join();
  }
  void join_lanes() const
  {
    team.join_thread(rank_);
  }
  Scratch team_scratch(int) const
  {
    return {team, used_, 0, 1};
  }
  Scratch thread_scratch(int) const
  {
    return {team, used_, std::size_t(rank_), std::size_t(team.threads)};
  }
  double *parts() const
  {
    return &team.parts[std::size_t(rank_ * team.lanes)];
  }

  Team &team;
  const int lane;

private:
  int league_, rank_;
  mutable std::size_t used_ = 0; /* bytes of scratch */
};

struct VectorRange {
  const Member &member;
  int count;
};
struct TeamVectorRange {
  const Member &member;
  int count;
};
struct OncePerThread {
  const Member &member;
};

} // namespace lanes

namespace Kokkos
{

template <> class TeamPolicy<lanes::Space>
{
public:
  using member_type = lanes::Member;
  TeamPolicy(int teams, int threads, int lanes) : teams(teams), threads(threads), lanes(lanes)
  {
  }
  void set_scratch_size(int, Impl::PerTeamValue team)
  {
    scratch = team.value;
  }
  void set_scratch_size(int, Impl::PerTeamValue team, Impl::PerThreadValue thread)
  {
    scratch = team.value + thread.value * std::size_t(threads);
  }
  int teams, threads, lanes;
  std::size_t scratch = 0;
};

template <> class RangePolicy<lanes::Space, IndexType<std::int64_t>>
{
public:
  RangePolicy(std::int64_t first, std::int64_t end) : first(first), end(end)
  {
  }
  std::int64_t first, end;
};

template <class Body>
void parallel_for(const char *, const RangePolicy<lanes::Space, IndexType<std::int64_t>> &range,
                  const Body &body)
{
  for (std::int64_t k = range.first; k < range.end; k++) body(k);
}

template <class Body>
void parallel_scan(const char *, const RangePolicy<lanes::Space, IndexType<std::int64_t>> &range,
                   const Body &body)
{
  int sum = 0;
  for (std::int64_t k = range.first; k < range.end; k++) body(k, sum, true);
}

template <class Body>
void parallel_for(const char *, const TeamPolicy<lanes::Space> &policy, const Body &body)
{
  lanes::Team team(policy.threads, policy.lanes, policy.scratch);
  for (int league = 0; league < policy.teams; league++) {
    team.begin();
    lanes::fibers().run(team.threads, team.lanes, [&](int k) {
      body(lanes::Member(team, league, k / team.lanes, k % team.lanes));
    });
  }
}

inline lanes::VectorRange ThreadVectorRange(const lanes::Member &member, int count)
{
  return {member, count};
}

inline lanes::TeamVectorRange TeamVectorRange(const lanes::Member &member, int count)
{
  return {member, count};
}

inline lanes::OncePerThread PerThread(const lanes::Member &member)
{
  return {member};
}

template <class Body> void parallel_for(const lanes::VectorRange &range, const Body &body)
{
  const lanes::Member &me = range.member;
  for (int k = me.lane; k < range.count; k += me.team.lanes) body(k);
  me.join_lanes();
}

template <class Body> void parallel_for(const lanes::TeamVectorRange &range, const Body &body)
{
  const lanes::Member &me = range.member;
  const int all = me.team.threads * me.team.lanes;
  for (int k = me.team_rank() * me.team.lanes + me.lane; k < range.count; k += all) body(k);
}

/* Every lane gets the sum. */
template <class Body, class Real>
void parallel_reduce(const lanes::VectorRange &range, const Body &body, Real &result)
{
  const lanes::Member &me = range.member;
  Real part = Real(0), sum = Real(0);
  for (int k = me.lane; k < range.count; k += me.team.lanes) body(k, part);
  me.parts()[me.lane] = double(part);
  me.join_lanes();
  for (int k = 0; k < me.team.lanes; k++) sum += Real(me.parts()[k]);
  result = sum;
  me.join_lanes();
}

template <class Body> void single(const lanes::OncePerThread &once, const Body &body)
{
  if (once.member.lane == 0) body();
  once.member.join_lanes();
}

} // namespace Kokkos

#endif
