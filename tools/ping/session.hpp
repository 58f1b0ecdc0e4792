// SPDX-License-Identifier: MIT
#pragma once

// One run: requests go out on time, and what comes back is judged.

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <vector>

#include <tools/common/complaints.hpp>
#include <tools/ping/channel.hpp>
#include <tools/ping/ledger.hpp>
#include <tools/ping/payload.hpp>
#include <tools/ping/ping.hpp>
#include <tools/ping/report.hpp>
#include <tools/ping/statistics.hpp>

namespace portsock::tools {

/// What makes this session's requests unlike those of any other. Two pings may have the same
/// process number, in two containers, so that is not in it.
struct identity {
  std::uint16_t identifier = 0;
  cookie secret{};

  static identity random();
};

/// A reply belongs to a request when it has the identifier that was sent, the request's sequence
/// number, and the cookie as far as the payload holds it; an ICMP error, when it quotes such a
/// request. Where it came from does not count: a multicast address is answered by others.
class session {
 public:
  /// All must outlive the session.
  session(const ping_options& options, const identity& self, echo_channel& channel, report& told,
          const complaints& complain);

  /// Returns when all requests are answered, refused or lost, when `stop` trips, or when nobody
  /// reads the report any more. Errors: what receiving failed with.
  result<> run(const canceller& stop);

  const statistics& numbers() const noexcept { return numbers_; }

 private:
  using time_point = ledger::time_point;

  bool all_sent() const noexcept { return options_.count && requests_.size() >= *options_.count; }
  void send();
  void schedule_next(time_point sent) noexcept;

  void judge(const icmp_event& event);
  void accept(const icmp_event& event, const icmp::echo_reply& got);
  void refuse(const icmp_event& event, const icmp::quoted& original);
  /// The index of the request that `echo` is, or answers; 0: none of ours.
  std::uint64_t request_of(const icmp::echo& echo) const noexcept;
  void note_time(time_point now) noexcept {
    numbers_.elapsed = (std::max)(numbers_.elapsed, std::chrono::nanoseconds{now - began_});
  }

  const ping_options& options_;
  const identity& self_;
  echo_channel& channel_;
  report& report_;
  const complaints& complain_;

  payloads payloads_;
  ledger requests_;
  statistics numbers_;
  std::vector<std::byte> buffer_;
  time_point began_{};
  time_point due_{};  // when the next request is to leave
};

}  // namespace portsock::tools
