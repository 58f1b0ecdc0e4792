// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>

#include <optional>
#include <vector>

#include <tests/support/on_each_family.hpp>
#include <tests/support/sockets.hpp>
#include <tests/support/system.hpp>

namespace portsock::tests {
namespace {

/// Whatever is set is read back; an option that the system lacks says so, however it is asked.
template <class Socket, class Option>
void round_trips(Socket& socket, Option option, std::vector<typename Option::value_type> values) {
  for (const auto value : values) {
    if (!socket.supports(option)) {
      EXPECT_THAT(socket.set(option, value), FailsWith(errc::not_supported));
      EXPECT_THAT(socket.get(option), FailsWith(errc::not_supported));
      continue;
    }
    EXPECT_THAT(socket.set(option, value), Succeeds()) << testing::PrintToString(value);
    const auto got = socket.get(option);
    ASSERT_THAT(got, Succeeds()) << testing::PrintToString(value);
    EXPECT_EQ(*got, value);
  }
}

/// A value out of the documented range is refused, and changes nothing.
template <class Socket, class Option>
void refuses(Socket& socket, Option option, std::vector<typename Option::value_type> values) {
  if (!socket.supports(option)) return;
  const auto before = socket.get(option);
  for (const auto value : values)
    EXPECT_THAT(socket.set(option, value), FailsWith(errc::invalid_argument))
        << testing::PrintToString(value);
  const auto after = socket.get(option);
  ASSERT_EQ(before.has_value(), after.has_value());
  if (before) {
    EXPECT_EQ(*before, *after);
  }
}

class Options : public OnEachFamily {
 protected:
  connected_pair pair = connected(GetParam());
  stream_socket& stream = pair.here;
  stream_listener listener = must(stream_listener::listen(loopback()));
  datagram_socket datagram = must(datagram_socket::bind(loopback()));
};
ON_EACH_FAMILY(Options);

TEST_P(Options, OfStreamsThatAreSwitchesAreReadBack) {
  round_trips(stream, options::no_delay, {true, false, true});
  round_trips(stream, options::keep_alive, {true, false, true});
  round_trips(stream, options::out_of_band_inline, {true, false});
  EXPECT_TRUE(stream.supports(options::no_delay) && stream.supports(options::keep_alive));
}

TEST_P(Options, OfDatagramsThatAreSwitchesAreReadBack) {
  round_trips(datagram, options::broadcast, {true, false, true});
  round_trips(datagram, options::dont_fragment, {true, false, true});
  round_trips(datagram, options::multicast_loop, {true, false, true});
}

TEST_P(Options, KeepAliveTimesCanBeSetEverywhereAndReadWhereTheSystemTells) {
  ASSERT_THAT(stream.set(options::keep_alive_idle, 7s), Succeeds());
  ASSERT_THAT(stream.set(options::keep_alive_interval, 3s), Succeeds());

  const auto idle = stream.get(options::keep_alive_idle);
  if (!idle) {
    EXPECT_THAT(idle, FailsWith(errc::not_supported));
    EXPECT_THAT(stream.get(options::keep_alive_interval), FailsWith(errc::not_supported));
    return;
  }
  EXPECT_EQ(*idle, 7s);
  EXPECT_EQ(must(stream.get(options::keep_alive_interval)), 3s);
}

TEST_P(Options, KeepAliveTimesAreAtLeastASecond) {
  EXPECT_THAT(stream.set(options::keep_alive_idle, 0s), FailsWith(errc::invalid_argument));
  EXPECT_THAT(stream.set(options::keep_alive_idle, -1s), FailsWith(errc::invalid_argument));
  EXPECT_THAT(stream.set(options::keep_alive_interval, 0s), FailsWith(errc::invalid_argument));
  EXPECT_THAT(stream.set(options::keep_alive_interval, -1s), FailsWith(errc::invalid_argument));
}

TEST_P(Options, KeepAliveCountIsReadBack) {
  round_trips(stream, options::keep_alive_count, {4, 9});
}

TEST_P(Options, KeepAliveTimesLeaveItOffOrOnAsItWas) {
  ASSERT_THAT(stream.set(options::keep_alive, false), Succeeds());
  ASSERT_THAT(stream.set(options::keep_alive_idle, 7s), Succeeds());
  EXPECT_EQ(must(stream.get(options::keep_alive)), system().keep_alive_times_switch_it_on);

  ASSERT_THAT(stream.set(options::keep_alive, true), Succeeds());
  ASSERT_THAT(stream.set(options::keep_alive_interval, 3s), Succeeds());
  EXPECT_TRUE(must(stream.get(options::keep_alive)));
}

TEST_P(Options, CloseModeIsReadBackAndGracefulByDefault) {
  EXPECT_EQ(must(stream.get(options::close_mode)), close_mode::graceful);
  round_trips(stream, options::close_mode, {close_mode::abortive, close_mode::graceful});
}

TEST_P(Options, BuffersAreAtLeastWhatWasAsked) {
  const auto check = [](auto& socket) {
    ASSERT_THAT(socket.set(options::receive_buffer, 65'536), Succeeds());
    EXPECT_GE(must(socket.get(options::receive_buffer)), 65'536);
    ASSERT_THAT(socket.set(options::send_buffer, 65'536), Succeeds());
    EXPECT_GE(must(socket.get(options::send_buffer)), 65'536);
  };
  check(stream);
  check(listener);
  check(datagram);
}

TEST_P(Options, BuffersHaveAtLeastOneByte) {
  for (const int size : {0, -1}) {
    EXPECT_THAT(stream.set(options::receive_buffer, size), FailsWith(errc::invalid_argument));
    EXPECT_THAT(datagram.set(options::send_buffer, size), FailsWith(errc::invalid_argument));
  }
  EXPECT_THAT(stream.set(options::receive_buffer, 1), Succeeds());
  EXPECT_THAT(datagram.set(options::send_buffer, 1), Succeeds());
}

TEST_P(Options, BuffersMayBeAskedForBeyondTheSystemsLimit) {
  EXPECT_THAT(datagram.set(options::receive_buffer, 1'000'000'000), Succeeds());
  EXPECT_GT(must(datagram.get(options::receive_buffer)), 0);
}

TEST_P(Options, LowWaterMarkIsReadBackAndOneByDefault) {
  ASSERT_EQ(stream.supports(options::receive_low_water), system().has_low_water_marks);
  if (system().has_low_water_marks) {
    EXPECT_EQ(must(stream.get(options::receive_low_water)), 1);
  }
  round_trips(stream, options::receive_low_water, {100, 4096, 1});
  refuses(stream, options::receive_low_water, {0, -1});
}

TEST_P(Options, HopLimitIsReadBackOnEveryKindOfSocket) {
  round_trips(stream, options::hop_limit, {1, 33, 255});
  round_trips(listener, options::hop_limit, {1, 33, 255});
  round_trips(datagram, options::hop_limit, {1, 33, 255});
  EXPECT_TRUE(datagram.supports(options::hop_limit));
}

TEST_P(Options, HopLimitIsOneTo255) {
  refuses(stream, options::hop_limit, {0, -1, 256, 1'000'000});
  refuses(datagram, options::hop_limit, {0, -1, 256, 1'000'000});
}

TEST_P(Options, TrafficClassIsReadBackOrRefusedWhereItWouldBeIgnored) {
  round_trips(stream, options::traffic_class, {0, 0x20, 0xb8});
  round_trips(datagram, options::traffic_class, {0, 0x20, 0xb8, 0xff});
}

TEST_P(Options, TrafficClassIsZeroTo255) {
  refuses(stream, options::traffic_class, {-1, 256});
  refuses(datagram, options::traffic_class, {-1, 256});
}

TEST_P(Options, MulticastHopLimitIsReadBackAndOneByDefault) {
  EXPECT_EQ(must(datagram.get(options::multicast_hop_limit)), 1);
  round_trips(datagram, options::multicast_hop_limit, {0, 1, 33, 255});
  refuses(datagram, options::multicast_hop_limit, {-1, 256});
}

TEST_P(Options, V6OnlyIsReadOnIPv6Alone) {
  const bool v6 = GetParam() == family::v6;

  EXPECT_EQ(stream.supports(options::v6_only), v6);
  EXPECT_EQ(listener.supports(options::v6_only), v6);
  EXPECT_EQ(datagram.supports(options::v6_only), v6);
  if (v6) {
    EXPECT_TRUE(must(listener.get(options::v6_only)));
    EXPECT_TRUE(must(datagram.get(options::v6_only)));
  } else {
    EXPECT_THAT(listener.get(options::v6_only), FailsWith(errc::not_supported));
  }
}

TEST_P(Options, AreTheSocketsOwn) {
  auto other = must(datagram_socket::bind(loopback()));
  const auto before = must(other.get(options::hop_limit));

  must(datagram.set(options::hop_limit, before == 33 ? 34 : 33));

  EXPECT_EQ(must(other.get(options::hop_limit)), before);
}

TEST_P(Options, OfAConnectedDatagramSocketAreThoseOfDatagrams) {
  auto connected = must(connected_datagram_socket::connect(must(datagram.local_endpoint())));

  round_trips(connected, options::hop_limit, {1, 33, 255});
  round_trips(connected, options::dont_fragment, {true, false});
  EXPECT_THAT(connected.set(options::receive_buffer, 65'536), Succeeds());
}

TEST_P(Options, DontFragmentDoesNotKeepDatagramsFromLoopback) {
  if (!datagram.supports(options::dont_fragment)) {
    GTEST_SKIP() << "this system cannot forbid fragmentation";
  }
  must(datagram.set(options::dont_fragment, true));
  auto peer = must(datagram_socket::bind(loopback()));

  EXPECT_THAT(datagram.send_to(as_bytes("small enough"), must(peer.local_endpoint())), Succeeds());
}

}  // namespace
}  // namespace portsock::tests
