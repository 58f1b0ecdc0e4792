// SPDX-License-Identifier: MIT
#pragma once

// One test, both address families.
//
//   class Stream : public OnEachFamily { … };
//   ON_EACH_FAMILY(Stream);
//   TEST_P(Stream, …) { … loopback() … }

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include <portsock/address.hpp>

namespace portsock::tests {

/// Those that this host can open a socket of. family_test.cpp says so when one is missing.
const std::vector<family>& families_here();

class OnEachFamily : public testing::TestWithParam<family> {
 protected:
  static endpoint loopback(std::uint16_t port = 0) {
    return {portsock::loopback(GetParam()), port};
  }
  static endpoint wildcard(std::uint16_t port = 0) { return {any(GetParam()), port}; }
  /// An address for documentation (RFC 5737, RFC 3849), which no host has.
  static endpoint elsewhere(std::uint16_t port = 0);
};

}  // namespace portsock::tests

#define ON_EACH_FAMILY(Suite)                                                                    \
  INSTANTIATE_TEST_SUITE_P(                                                                      \
      , Suite, testing::ValuesIn(::portsock::tests::families_here()), [](const auto& instance) { \
        return std::string{instance.param == ::portsock::family::v4 ? "v4" : "v6"};              \
      })
