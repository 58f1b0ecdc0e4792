// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>

#include <set>
#include <string_view>

#include <platform/contract.hpp>

#include "native.hpp"

namespace portsock::platform {
namespace {

TEST(ErrorTable, NamesNoCodeTwice) {
  for (const auto domain : {error_domain::system, error_domain::resolver}) {
    std::set<std::string_view> names;
    for (const auto& row : error_rows(domain))
      EXPECT_TRUE(names.insert(row.name).second) << row.name;
    EXPECT_GE(names.size(), 10u);
  }
}

TEST(ErrorTable, IsWhatCallsAnswerFrom) {
  for (const auto& row : error_rows(error_domain::system)) {
    const auto reason = system_error(row.value);
    EXPECT_EQ(reason.value(), row.value) << row.name;
    EXPECT_EQ(reason.domain(), error_domain::system) << row.name;
    EXPECT_EQ(reason.meaning(), find_error(error_domain::system, row.value)->meaning) << row.name;
  }
}

TEST(ErrorTable, LeavesACodeThatItDoesNotKnowItsNumber) {
  EXPECT_EQ(find_error(error_domain::system, 254), nullptr);
  EXPECT_EQ(system_error(254).meaning(), errc::other);
  EXPECT_EQ(system_error(254).message(), "unexpected error (code 254)");
}

TEST(ErrorTable, HasARowForEveryMeaningOfTheSystem) {
  // The rest is told by calls that know more (connect, a deadline), by the resolver or by the
  // library.
  for (const auto meaning : {errc::would_block,
                             errc::timed_out,
                             errc::interrupted,
                             errc::connection_refused,
                             errc::connection_reset,
                             errc::broken_pipe,
                             errc::not_connected,
                             errc::address_in_use,
                             errc::address_not_available,
                             errc::access_denied,
                             errc::bad_handle,
                             errc::not_a_socket,
                             errc::message_too_large,
                             errc::no_buffer_space,
                             errc::too_many_sockets,
                             errc::network_unreachable,
                             errc::host_unreachable,
                             errc::network_down,
                             errc::destination_required,
                             errc::invalid_argument,
                             errc::bad_address,
                             errc::not_supported,
                             errc::family_not_supported,
                             errc::protocol_not_supported,
                             errc::wrong_protocol,
                             errc::not_found,
                             errc::no_space}) {
    bool found = false;
    for (const auto& row : error_rows(error_domain::system)) found |= row.meaning == meaning;
    EXPECT_TRUE(found) << to_string(meaning);
  }
}

}  // namespace
}  // namespace portsock::platform
