// SPDX-License-Identifier: MIT
#pragma once

// One test of pollers, each mechanism, both address families.
//
//   class Poller : public OnEachMechanism { … };
//   ON_EACH_MECHANISM(Poller);
//   TEST_P(Poller, …) { … waiting.add(pair.here, interest::receive, 7) … }

#include <gtest/gtest.h>

#include <string>
#include <tuple>

#include <portsock/poller.hpp>
#include <tests/support/on_each_family.hpp>
#include <tests/support/sockets.hpp>

namespace portsock::tests {

inline std::string name_of(poll_mechanism mechanism) {
  switch (mechanism) {
    case poll_mechanism::epoll:
      return "epoll";
    case poll_mechanism::io_uring:
      return "io_uring";
    case poll_mechanism::kqueue:
      return "kqueue";
    case poll_mechanism::afd:
      return "afd";
    case poll_mechanism::poll:
      return "poll";
  }
  return "unknown";
}

/// Each family, watched by each mechanism that this kind of system has.
class OnEachMechanism : public testing::TestWithParam<std::tuple<family, poll_mechanism>> {
 protected:
  void SetUp() override {
    if (waiting.mechanism() != mechanism) GTEST_SKIP() << "the running system has it not";
  }

  endpoint loopback() const { return {portsock::loopback(of), 0}; }
  /// The one thing that is ready soon.
  readiness only() {
    const auto found = must(waiting.wait(soon()));
    EXPECT_EQ(found.size(), 1u);
    return found.empty() ? readiness{} : found.front();
  }
  bool nothing_is_ready() { return must(waiting.wait(shortly())).empty(); }

  family of = std::get<family>(GetParam());
  poll_mechanism mechanism = std::get<poll_mechanism>(GetParam());
  poller waiting = must(poller::create(mechanism));
};

}  // namespace portsock::tests

#define ON_EACH_MECHANISM(Suite)                                                            \
  INSTANTIATE_TEST_SUITE_P(                                                                 \
      , Suite,                                                                              \
      testing::Combine(testing::ValuesIn(::portsock::tests::families_here()),               \
                       testing::ValuesIn(::portsock::poller::mechanisms())),                \
      [](const auto& instance) {                                                            \
        return std::string{std::get<0>(instance.param) == ::portsock::family::v4 ? "v4_"    \
                                                                                 : "v6_"} + \
               ::portsock::tests::name_of(std::get<1>(instance.param));                     \
      })
