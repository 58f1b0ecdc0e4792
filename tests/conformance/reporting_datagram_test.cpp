// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>

#include <array>

#include <portsock/reporting_datagram_socket.hpp>
#include <tests/support/on_each_family.hpp>
#include <tests/support/ports.hpp>
#include <tests/support/sockets.hpp>
#include <tests/support/system.hpp>

namespace portsock::tests {
namespace {

class ReportingDatagram : public OnEachFamily {
 protected:
  reporting_datagram_socket to_nobody =
      must(reporting_datagram_socket::connect(closed_datagram_port(GetParam())));
  std::array<std::byte, 4> buffer{};
};
ON_EACH_FAMILY(ReportingDatagram);

TEST_P(ReportingDatagram, ToAClosedPortFailsTheNextReceive) {
  if (system().polls_eat_reports) GTEST_SKIP() << "FailsACallWithADeadlineToo says so";
  ASSERT_THAT(to_nobody.send(as_bytes("x")), Succeeds());
  EXPECT_THAT(to_nobody.receive(buffer), FailsWith(errc::connection_refused));
}

TEST_P(ReportingDatagram, IsToldOnceForEachReport) {
  if (system().polls_eat_reports) GTEST_SKIP() << "FailsACallWithADeadlineToo says so";
  must(to_nobody.set_blocking(false));
  ASSERT_THAT(to_nobody.send(as_bytes("x")), Succeeds());
  result<received_part> got = fail(errc::would_block);
  const auto until = soon();
  while (!got && got.error() == errc::would_block && !until.has_passed())
    got = to_nobody.receive(buffer);
  EXPECT_THAT(got, FailsWith(errc::connection_refused));
  EXPECT_THAT(to_nobody.receive(buffer), FailsWith(errc::would_block));
  EXPECT_THAT(to_nobody.send(as_bytes("x")), Succeeds());
}

TEST_P(ReportingDatagram, ReachesAPeerThatIsThere) {
  auto peer = must(datagram_socket::bind(loopback()));
  auto here = must(reporting_datagram_socket::connect(must(peer.local_endpoint())));

  ASSERT_THAT(here.send(as_bytes("question"), soon()), Succeeds());
  ASSERT_THAT(here.send(as_bytes("again")), Succeeds());
  std::array<std::byte, 64> room{};
  EXPECT_EQ(must(peer.receive_from(room, soon())).size, 8u);
  ASSERT_THAT(peer.send_to(as_bytes("long answer"), must(here.local_endpoint())), Succeeds());
  ASSERT_THAT(peer.send_to(as_bytes("ok"), must(here.local_endpoint())), Succeeds());

  const auto cut = must(here.receive(buffer, soon()));
  EXPECT_EQ(cut.size, 4u);
  EXPECT_TRUE(cut.truncated);
  EXPECT_EQ(must(here.receive(buffer, soon())).size, 2u);
  EXPECT_THAT(here.receive(buffer, shortly()), FailsWith(errc::timed_out));
  EXPECT_THAT(here.receive({}, soon()), FailsWith(errc::invalid_argument));
  EXPECT_EQ(must(here.peer_endpoint()), must(peer.local_endpoint()));
}

TEST_P(ReportingDatagram, FailsACallWithADeadlineToo) {
  ASSERT_THAT(to_nobody.send(as_bytes("x"), soon()), Succeeds());
  if (system().polls_eat_reports)
    EXPECT_THAT(to_nobody.receive(buffer, shortly()), FailsWith(errc::timed_out));
  else
    EXPECT_THAT(to_nobody.receive(buffer, soon()), FailsWith(errc::connection_refused));
}

}  // namespace
}  // namespace portsock::tests
