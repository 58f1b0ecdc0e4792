// SPDX-License-Identifier: MIT
#pragma once

// What tests say about results: EXPECT_THAT(socket.send(data), FailsWith(errc::broken_pipe)).

#include <gmock/gmock.h>

#include <optional>
#include <ostream>
#include <stdexcept>
#include <string>
#include <type_traits>
#include <utility>

#include <portsock/address.hpp>
#include <portsock/error.hpp>
#include <portsock/icmp_socket.hpp>
#include <portsock/native_endpoint.hpp>
#include <portsock/stream_socket.hpp>
#include <portsock/transfer.hpp>

namespace portsock {

inline void PrintTo(errc meaning, std::ostream* out) { *out << to_string(meaning); }
inline void PrintTo(error reason, std::ostream* out) { *out << reason.message(); }
inline void PrintTo(icmp_access how, std::ostream* out) {
  *out << (how == icmp_access::raw ? "raw" : how == icmp_access::datagram ? "datagram" : "system");
}
inline void PrintTo(family of, std::ostream* out) { *out << (of == family::v4 ? "IPv4" : "IPv6"); }
inline void PrintTo(const endpoint& where, std::ostream* out) { *out << to_string(where); }
inline void PrintTo(const native_endpoint& where, std::ostream* out) {
  *out << to_string(where.to_endpoint());
}
inline void PrintTo(const transferred& done, std::ostream* out) {
  *out << done.size << " bytes" << (done.reason ? ", then " + done.reason->message() : "");
}
inline void PrintTo(const moved& done, std::ostream* out) {
  *out << done.size << " bytes";
  if (!done.reason) return;
  *out << ", then, at the " << (done.at == side::source ? "source: " : "destination: ")
       << done.reason->message();
}
template <class T>
void PrintTo(const result<T>& outcome, std::ostream* out) {
  if (!outcome) {
    *out << "the failure \"" << outcome.error().message() << '"';
    return;
  }
  *out << "success";
  if constexpr (!std::is_void_v<T>) *out << " with " << testing::PrintToString(*outcome);
}

namespace tests {

template <class T>
std::optional<error> failure_of(const result<T>& outcome) {
  if (outcome) return std::nullopt;
  return outcome.error();
}
inline std::optional<error> failure_of(const transferred& done) { return done.reason; }
inline std::optional<error> failure_of(const moved& done) { return done.reason; }

MATCHER(Succeeds, negation ? "is a failure" : "is a success") {
  static_cast<void>(result_listener);
  return !failure_of(arg);
}

MATCHER_P(FailsWith, meaning,
          (negation ? "is not the failure \"" : "is the failure \"") +
              std::string{to_string(meaning)} + '"') {
  static_cast<void>(result_listener);
  return failure_of(arg) && *failure_of(arg) == meaning;
}

/// The connection is over, whichever of the three words the system found for it.
MATCHER(FailsBecauseThePeerIsGone, "is the failure of a connection that is over") {
  static_cast<void>(result_listener);
  return failure_of(arg) && is_disconnect(*failure_of(arg));
}

/// What the preparation of a test cannot do without. A failure ends the test, and says why.
template <class T>
T must(result<T> outcome) {
  if (!outcome) throw std::runtime_error{"the test cannot go on: " + outcome.error().message()};
  if constexpr (!std::is_void_v<T>) return std::move(*outcome);
}

}  // namespace tests
}  // namespace portsock
