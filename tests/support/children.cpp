// SPDX-License-Identifier: MIT
#include <tests/support/children.hpp>

#include <gtest/gtest.h>

#include <charconv>
#include <cstdlib>

#include <tests/support/sockets.hpp>
#include <tests/support/system.hpp>

namespace portsock::tests {
namespace {

constexpr std::string_view port_option = "--parent-port=";

std::uint16_t parents_port() {
  for (const std::string& argument : testing::internal::GetArgvs())
    if (argument.starts_with(port_option)) {
      std::uint16_t port = 0;
      std::from_chars(argument.data() + port_option.size(), argument.data() + argument.size(),
                      port);
      return port;
    }
  return 0;
}

std::string this_program() { return testing::internal::GetArgvs().front(); }

/// What stands before a command.
std::string runner() {
  const char* const named = std::getenv("PORTSOCK_RUNNER");
  return named != nullptr ? named + std::string{' '} : "";
}

}  // namespace

bool can_execute_itself() {
  static const bool can = can_execute(this_program());
  return can;
}

bool can_start_children() { return !runner().empty() || can_execute_itself(); }

std::string command_for_child(std::string_view test, const stream_listener& parent) {
  // It runs this test whatever part of the tests its parent has been given.
  return with_variable("GTEST_TOTAL_SHARDS", "1") + with_variable("GTEST_SHARD_INDEX", "0") +
         runner() + '"' + this_program() +
         "\" --gtest_also_run_disabled_tests --gtest_brief=1 --gtest_filter=" + std::string{test} +
         ' ' + std::string{port_option} + std::to_string(must(parent.local_endpoint()).port);
}

stream_socket connect_to_parent() {
  return must(stream_socket::connect({ipv4_address::loopback(), parents_port()}, soon()));
}

std::string line_of(stream_socket& socket) {
  std::string line;
  for (std::string next = hear(socket, 1); !next.empty() && next != "\n"; next = hear(socket, 1))
    line += next;
  return line;
}

}  // namespace portsock::tests
