// SPDX-License-Identifier: MIT
#include <portsock/interface_watch.hpp>
#include <portsock/poller.hpp>
#include <portsock/waker.hpp>
#include <tests/faults/scenario.hpp>

namespace portsock::faults {
namespace {

void watch(poll_mechanism how) {
  auto socket = take("bind", datagram_socket::bind(home));
  const auto where = take("local_endpoint", socket.local_endpoint());
  auto waiting = take("create", poller::create(how));
  take("add", waiting.add(socket, interest::receive, 7));
  expect(take("wait for nothing", waiting.wait(deadline::in(1ms))).empty(), "nothing is ready");

  take("send_to", socket.send_to(as_bytes("x"), where));
  const auto found = take("wait", waiting.wait(soon()));
  expect(found.size() == 1 && found[0].token == 7 && found[0].can_receive, "it is ready");

  take("change", waiting.change(socket, interest::send, 8));
  const auto then = take("wait again", waiting.wait(soon()));
  expect(then.size() == 1 && then[0].token == 8 && then[0].can_send, "it is ready for the other");

  take("remove", waiting.remove(socket));
  expect(take("wait for none", waiting.wait(deadline::in(1ms))).empty(), "it is not watched");
  // Another one did as well; but then this one has not been tried.
  if (waiting.mechanism() != how) throw not_here{};
}

template <poll_mechanism How>
void watch_by() {
  for (const auto known : poller::mechanisms())
    if (known == How) return watch(How);
  throw not_here{};
}

void wake() {
  const auto woken = take("waker", waker::create());
  expect(!woken.is_awake(), "it sleeps");
  woken.wake();
  auto waiting = take("create", poller::create());
  take("add", waiting.add(woken, interest::receive, 1));
  expect(take("wait", waiting.wait(soon())).size() == 1, "it is heard");
  woken.clear();
}

void cancel() {
  const auto stop = take("canceller", canceller::create());
  stop.cancel();
  auto socket = take("bind", datagram_socket::bind(home));
  std::array<std::byte, 1> room;
  const auto outcome = socket.receive_from(room, soon().or_when(stop));
  expect(!outcome, "there is nothing to receive");
  if (outcome.error() != errc::cancelled) throw refused{"receive_from", outcome.error()};
}

void wait_or_cancel() {
  const auto stop = take("canceller", canceller::create());
  auto socket = take("bind", datagram_socket::bind(home));
  auto waiting = take("create", poller::create());
  take("add", waiting.add(socket, interest::send, 5));
  expect(take("wait for ever", waiting.wait(deadline::never())).size() == 1, "it is ready");
  expect(take("wait", waiting.wait(soon().or_when(stop))).size() == 1, "it is still");
  take("remove", waiting.remove(socket));
  stop.cancel();
  const auto outcome = waiting.wait(soon().or_when(stop));
  expect(!outcome, "it is cancelled");
  if (outcome.error() != errc::cancelled) throw refused{"wait", outcome.error()};
}

void time_out() {
  auto listener = take("listen", stream_listener::listen(home));
  const auto outcome = listener.accept(deadline::in(2ms));
  expect(!outcome, "nobody comes");
  if (outcome.error() != errc::timed_out) throw refused{"accept", outcome.error()};
}

void watch_interfaces() {
  auto watched = take("interface_watch", interface_watch::open());
  static_cast<void>(watched.changed());
}

}  // namespace

std::span<const scenario> waiting_scenarios() noexcept {
  static constexpr scenario all[] = {{"wait_by_epoll", watch_by<poll_mechanism::epoll>},
                                     {"wait_by_io_uring", watch_by<poll_mechanism::io_uring>},
                                     {"wait_by_poll", watch_by<poll_mechanism::poll>},
                                     {"wake", wake},
                                     {"cancel", cancel},
                                     {"wait_or_cancel", wait_or_cancel},
                                     {"time_out", time_out},
                                     {"watch_interfaces", watch_interfaces}};
  return all;
}

}  // namespace portsock::faults
