// SPDX-License-Identifier: MIT
#include <algorithm>
#include <csignal>

#include <unistd.h>

#include <portsock/interfaces.hpp>
#include <portsock/program.hpp>
#include <portsock/raw_socket.hpp>
#include <portsock/resolver.hpp>
#include <tests/faults/scenario.hpp>

namespace portsock::faults {
namespace {

void list_interfaces() {
  const auto all = take("interfaces", interfaces());
  const auto loopback = std::ranges::find(all, true, &network_interface::loopback);
  // One without addresses is what a host whose addresses cannot be had would show.
  expect(loopback != all.end() && !loopback->addresses.empty(), "there is the loopback");
  take("interface_index", interface_index(loopback->name));
}

void resolve_name() {
  const auto found = take("resolve", resolve("localhost", 80));
  expect(!found.empty() && found.front().port == 80, "this host is known");
}

/// On a thread of its own, which the caller may leave.
void resolve_in_time() {
  const auto found = take("resolve", resolve("localhost", 80, soon()));
  expect(!found.empty() && found.front().port == 80, "this host is known");
}

void use_streams() {
  program::use_binary_streams();
  take("write", program::write(program::stream::log, as_bytes("a line\n")));
  std::array<std::byte, 8> room;
  expect(take("read_input", program::read_input(room)) == 0, "there is no input");
}

void interrupt() {
  const auto stop = take("canceller", canceller::create());
  // As nohup leaves it.
  if (std::signal(SIGHUP, SIG_IGN) == SIG_ERR) throw refused{"signal", platform::last_failure()};
  take("cancel_on_interrupt", program::cancel_on_interrupt(stop));
  std::raise(SIGHUP);
  expect(!stop.is_cancelled(), "what was ignored still is");
  std::raise(SIGTERM);  // without a handler each of these ends the program
  std::raise(SIGINT);
  expect(stop.is_cancelled(), "it is heard");
}

void inquire() {
  const auto asked = take("waker", waker::create());
  take("wake_on_inquiry", program::wake_on_inquiry(asked));
  for (int times = 0; times != 2; ++times) {
    std::raise(SIGQUIT);
    expect(asked.is_awake(), "it is heard");
    asked.clear();
  }
}

void expect_no_rights() {
  const auto raw = raw_socket::open(family::v4, protocol::udp);
  expect(!raw, "a raw socket is refused");
  if (raw.error() != errc::access_denied) throw refused{"open", raw.error()};
}

void drop_privileges() {
  take("drop_privileges", program::drop_privileges());
  expect_no_rights();
}

/// In a program that root has made set-user-ID and set-group-ID, and somebody else started.
void drop_user() {
  constexpr unsigned caller = 65534;
  constexpr unsigned same = ~0u;
  // These make the effective one the saved one, too: setreuid(2).
  if (::setregid(caller, same) != 0 || ::setreuid(caller, same) != 0) throw not_here{};
  take("drop_privileges", program::drop_privileges());
  for (const auto ask : {::getresuid, ::getresgid}) {
    unsigned real = 0;
    unsigned effective = 0;
    unsigned saved = 0;
    ask(&real, &effective, &saved);
    expect(real == caller && effective == caller && saved == caller, "there is no way back");
  }
  expect_no_rights();
}

}  // namespace

std::span<const scenario> system_scenarios() noexcept {
  static constexpr scenario all[] = {{"interfaces", list_interfaces},
                                     {"resolve", resolve_name},
                                     {"resolve_in_time", resolve_in_time},
                                     {"streams", use_streams},
                                     {"interrupt", interrupt},
                                     {"inquiry", inquire},
                                     {"drop_privileges", drop_privileges},
                                     {"drop_user", drop_user}};
  return all;
}

}  // namespace portsock::faults
