// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>

#include <cstdlib>
#include <string>
#include <vector>

#include <portsock/icmp_socket.hpp>
#include <portsock/interface_watch.hpp>
#include <portsock/local_datagram_socket.hpp>
#include <portsock/poller.hpp>
#include <portsock/reporting_datagram_socket.hpp>
#include <portsock/stream_pair.hpp>
#include <portsock/transfer.hpp>
#include <portsock/waker.hpp>
#include <tests/support/children.hpp>
#include <tests/support/files.hpp>
#include <tests/support/local.hpp>
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
  const auto two_ends = stream_pair::create();
  const auto datagrams = must(datagram_socket::bind(endpoint{ipv4_address::loopback(), 0}));
  const auto woken = must(waker::create());
  const auto watched = must(interface_watch::open());
  const auto between = must(relay::create());
  // What this system or this user cannot open is opened nowhere.
  const auto echoes = icmp_socket::open(family::v4);
  const auto packets = raw_socket::open(family::v4, protocol::icmp);
  const own_folder folder;
  const auto local_clients = local_listener::listen(folder.address_of("s"));
  const auto local_datagrams = local_datagram_socket::bind(folder.address_of("d"));
  const auto reporting = must(reporting_datagram_socket::connect(must(datagrams.local_endpoint())));
  const temporary_file named{as_bytes("content")};
  const auto read = must(unique_file::open(named.path()));
  const auto written = must(unique_file::create(folder.path_of("written")));
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
