// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>

#include <cstdlib>
#include <string>
#include <vector>

#include <portsock/icmp_socket.hpp>
#include <portsock/interface_watch.hpp>
#include <portsock/poller.hpp>
#include <portsock/stream_pair.hpp>
#include <portsock/transfer.hpp>
#include <portsock/waker.hpp>
#include <tests/support/children.hpp>
#include <tests/support/on_each_family.hpp>
#include <tests/support/sockets.hpp>
#include <tests/support/system.hpp>

namespace portsock::tests {
namespace {

TEST(Children, DISABLED_Count) {
  const auto count = count_open_handles();
  auto parent = connect_to_parent();
  say(parent, std::to_string(count) + "\n");
}

/// How many handles a child has when it begins.
std::string handles_of_a_child() {
  auto listener = must(stream_listener::listen({ipv4_address::loopback()}));
  const auto command = command_for_child("Children.DISABLED_Count", listener);
  auto exit_code = in_background([&] { return std::system(command.c_str()); });
  auto child = must(listener.accept(deadline::in(30s)));
  auto told = line_of(child);
  EXPECT_EQ(exit_code.get(), 0);
  return told;
}

TEST(Children, InheritNothingOfWhatIsOpen) {
  if (!system().shares_with_children) GTEST_SKIP() << "no child is on this network";
  if (!can_start_children()) GTEST_SKIP() << "this program cannot start itself";
  const auto before = handles_of_a_child();

  auto pair = connected(families_here().front());
  const auto local_pair = stream_pair::create();
  const auto datagrams = must(datagram_socket::bind(endpoint{ipv4_address::loopback(), 0}));
  const auto woken = must(waker::create());
  const auto watched = must(interface_watch::open());
  const auto between = must(relay::create());
  const auto echoes = icmp_socket::open(family::v4);
  std::vector<poller> pollers;
  for (const auto mechanism : poller::mechanisms()) {
    pollers.push_back(must(poller::create(mechanism)));
    must(pollers.back().add(pair.here, interest::receive, 1));
  }

  EXPECT_EQ(handles_of_a_child(), before);
}

/// The child is counted rightly: what it is meant to have, it has.
TEST(Children, InheritWhatIsMadeInheritable) {
  if (!system().shares_with_children) GTEST_SKIP() << "no child is on this network";
  if (!can_start_children()) GTEST_SKIP() << "this program cannot start itself";
  const auto before = handles_of_a_child();
  const auto socket = must(datagram_socket::bind(endpoint{ipv4_address::loopback(), 0}));
  make_inheritable(socket.native());

  EXPECT_NE(handles_of_a_child(), before);
}

}  // namespace
}  // namespace portsock::tests
