// SPDX-License-Identifier: MIT

// What Windows is asked for when a socket is bound; what comes of it the conformance suite shows.

#include <gtest/gtest.h>

#include <platform/winsock/native.hpp>
#include <tests/support/sockets.hpp>

namespace portsock::tests {
namespace {

int option_of(native_handle s, int name) {
  DWORD value = 0;
  int size = sizeof value;
  EXPECT_EQ(::getsockopt(platform::descriptor(s), SOL_SOCKET, name, reinterpret_cast<char*>(&value),
                         &size),
            0);
  return static_cast<int>(value);
}

TEST(Bind, AsksForThePortAlone) {
  const auto listener = must(stream_listener::listen({ipv4_address::loopback(), 0}));
  EXPECT_NE(option_of(listener.native(), SO_EXCLUSIVEADDRUSE), 0);
  EXPECT_EQ(option_of(listener.native(), SO_REUSEADDR), 0);

  const auto datagrams = must(datagram_socket::bind({ipv6_address::loopback(), 0}));
  EXPECT_NE(option_of(datagrams.native(), SO_EXCLUSIVEADDRUSE), 0);
  EXPECT_EQ(option_of(datagrams.native(), SO_REUSEADDR), 0);
}

TEST(Bind, AsksToShareOnlyOnPurpose) {
  const auto datagrams =
      must(datagram_socket::bind({ipv4_address::loopback(), 0}, {.policy = bind_policy::shared}));
  EXPECT_EQ(option_of(datagrams.native(), SO_EXCLUSIVEADDRUSE), 0);
  EXPECT_NE(option_of(datagrams.native(), SO_REUSEADDR), 0);
}

TEST(Bind, KeepsAListenersPortFromAThief) {
  for (const auto of : {family::v4, family::v6}) {
    const auto listener = must(stream_listener::listen({loopback(of), 0}));
    const native_endpoint where{must(listener.local_endpoint())};
    const SOCKET thief = ::socket(of == family::v4 ? AF_INET : AF_INET6, SOCK_STREAM, 0);
    const DWORD on = 1;
    ASSERT_EQ(::setsockopt(thief, SOL_SOCKET, SO_REUSEADDR, reinterpret_cast<const char*>(&on),
                           sizeof on),
              0);

    EXPECT_NE(
        ::bind(thief, static_cast<const sockaddr*>(where.data()), static_cast<int>(where.size())),
        0);
    ::closesocket(thief);
  }
}

}  // namespace
}  // namespace portsock::tests
