// SPDX-License-Identifier: MIT

// Real failures, provoked: each has one meaning on every system.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <functional>
#include <vector>

#include <portsock/interfaces.hpp>
#include <portsock/resolver.hpp>
#include <portsock/waker.hpp>
#include <tests/support/on_each_family.hpp>
#include <tests/support/ports.hpp>
#include <tests/support/sockets.hpp>
#include <tests/support/system.hpp>

namespace portsock::tests {
namespace {

using namespace literals;

/// In a network for documentation (RFC 5737, RFC 3849), which no host is in.
endpoint documentation(family of) {
  return of == family::v4 ? "203.0.113.77:0"_endpoint : "[2001:db8::77]:0"_endpoint;
}
endpoint home(family of) { return {loopback(of), 0}; }

/// The failure alone, whatever the success would have been.
template <class T>
result<> only_failure(const T& outcome) {
  if (const auto reason = failure_of(outcome)) return fail(*reason);
  return {};
}

struct provocation {
  const char* name;
  result<> (*provoke)(family);
  errc meaning;
};

void PrintTo(const provocation& row, std::ostream* out) { *out << row.name; }

const provocation provocations[] = {
    {"ConnectingToAClosedPort",
     [](family f) {
       const closed_port closed{f};
       return only_failure(stream_socket::connect(closed.where(), soon()));
     },
     errc::connection_refused},
    {"ConnectingToPortZero",
     [](family f) { return only_failure(stream_socket::connect(home(f), soon())); },
     errc::invalid_argument},
    {"ConnectingFromAnAddressOfAnotherHost",
     [](family f) {
       const auto listener = must(stream_listener::listen(home(f)));
       return only_failure(
           stream_socket::connect(must(listener.local_endpoint()), soon(), documentation(f)));
     },
     errc::address_not_available},
    {"ListeningOnAPortTwice",
     [](family f) {
       const auto first = must(stream_listener::listen(home(f)));
       return only_failure(stream_listener::listen(must(first.local_endpoint())));
     },
     errc::address_in_use},
    {"ListeningOnAnAddressOfAnotherHost",
     [](family f) { return only_failure(stream_listener::listen(documentation(f))); },
     errc::address_not_available},
    {"SharingAListenersPort",
     [](family f) {
       return only_failure(stream_listener::listen(home(f), {.policy = bind_policy::shared}));
     },
     errc::not_supported},
    {"BindingADatagramPortTwice",
     [](family f) {
       const auto first = must(datagram_socket::bind(home(f)));
       return only_failure(datagram_socket::bind(must(first.local_endpoint())));
     },
     errc::address_in_use},
    {"ADatagramOf70000Bytes",
     [](family f) {
       auto socket = must(datagram_socket::bind(home(f)));
       return socket.send_to(pattern(70'000), must(socket.local_endpoint()));
     },
     errc::message_too_large},
    {"ADatagramToPortZero",
     [](family f) { return must(datagram_socket::bind(home(f))).send_to(as_bytes("x"), home(f)); },
     errc::invalid_argument},
    {"ADatagramFrom65Buffers",
     [](family f) {
       auto socket = must(datagram_socket::bind(home(f)));
       const std::vector<const_bytes> parts(65, as_bytes("x"));
       return socket.send_to(parts, must(socket.local_endpoint()));
     },
     errc::invalid_argument},
    {"ReceivingAtOnceWhenNothingHasCome",
     [](family f) {
       auto pair = connected(f);
       must(pair.here.set_blocking(false));
       std::array<std::byte, 8> buffer;
       return only_failure(pair.here.receive(buffer));
     },
     errc::would_block},
    {"AcceptingAtOnceWhenNobodyHasCome",
     [](family f) {
       auto listener = must(stream_listener::listen(home(f)));
       must(listener.set_blocking(false));
       return only_failure(listener.accept());
     },
     errc::would_block},
    {"ReceivingInTimeWhenNothingComes",
     [](family f) {
       auto pair = connected(f);
       std::array<std::byte, 8> buffer;
       return only_failure(pair.here.receive(buffer, shortly()));
     },
     errc::timed_out},
    {"ReceivingWhenItIsCancelled",
     [](family f) {
       const auto stop = must(canceller::create());
       stop.cancel();
       auto pair = connected(f);
       std::array<std::byte, 8> buffer;
       return only_failure(pair.here.receive(buffer, soon().or_when(stop)));
     },
     errc::cancelled},
    {"ReceivingMoreThanThePeerSent",
     [](family f) {
       auto pair = connected(f);
       must(pair.there.shutdown(direction::send));
       std::array<std::byte, 8> buffer;
       return only_failure(pair.here.receive_exactly(buffer, soon()));
     },
     errc::end_of_stream},
    {"ReceivingAfterThePeerAborted",
     [](family f) {
       auto pair = connected(f);
       std::move(pair.there).abort();
       std::array<std::byte, 8> buffer;
       return only_failure(pair.here.receive(buffer, soon()));
     },
     errc::connection_reset},
    {"SendingAfterShutdown",
     [](family f) {
       auto pair = connected(f);
       must(pair.here.shutdown(direction::send));
       return only_failure(pair.here.send(as_bytes("x")));
     },
     errc::broken_pipe},
    {"AdoptingWhatIsNotASocket",
     [](family) {
       const other_handle other;
       return only_failure(stream_socket::adopt(other.get()));
     },
     errc::not_a_socket},
    {"AdoptingAStreamThatIsNotConnected",
     [](family f) {
       const unique_handle foreign{foreign_socket(f, kind::stream)};
       return only_failure(stream_socket::adopt(foreign.get()));
     },
     errc::not_connected},
    {"JoiningWhatIsNotAGroup",
     [](family f) { return must(datagram_socket::bind(home(f))).join(loopback(f)); },
     errc::invalid_argument},
    {"AnInterfaceThatDoesNotExist",
     [](family) { return only_failure(interface_index("no such interface")); },
     errc::address_not_available},
    {"AHostWithoutAName", [](family) { return only_failure(resolve("", 80)); },
     errc::invalid_argument},
    {"AServiceThatDoesNotExist",
     [](family) { return only_failure(resolve("192.0.2.1", "no-such-service", transport::tcp)); },
     errc::service_not_found},
};

class Error : public testing::TestWithParam<std::tuple<family, provocation>> {};
INSTANTIATE_TEST_SUITE_P(, Error,
                         testing::Combine(testing::ValuesIn(families_here()),
                                          testing::ValuesIn(provocations)),
                         [](const auto& instance) {
                           return std::string{std::get<1>(instance.param).name} +
                                  (std::get<0>(instance.param) == family::v4 ? "_v4" : "_v6");
                         });

TEST_P(Error, MeansTheSameEverywhere) {
  const auto& [of, row] = GetParam();

  EXPECT_THAT(row.provoke(of), FailsWith(row.meaning));
}

TEST_P(Error, IsToldInEnglishAndCompares) {
  const auto& [of, row] = GetParam();

  const auto failed = row.provoke(of);

  ASSERT_FALSE(failed);
  const auto reason = failed.error();
  EXPECT_THAT(reason.message(), testing::StartsWith(std::string{to_string(row.meaning)}));
  EXPECT_TRUE(reason.code() == row.meaning);
  EXPECT_TRUE(reason.code() == make_error_condition(row.meaning));
  if (reason.domain() == error_domain::library) {
    EXPECT_EQ(reason.message(), to_string(row.meaning));
    EXPECT_EQ(reason.value(), static_cast<std::int32_t>(row.meaning));
  } else {
    EXPECT_NE(reason.value(), 0);
    const auto native_name = reason.message().substr(to_string(row.meaning).size());
    EXPECT_THAT(native_name,
                testing::AnyOf(testing::StartsWith(" (E"), testing::StartsWith(" (WSA")));
  }
}

}  // namespace
}  // namespace portsock::tests
