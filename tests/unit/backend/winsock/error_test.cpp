// SPDX-License-Identifier: MIT
#include <array>
#include <cerrno>

#include "native.hpp"

#include <tests/support/sockets.hpp>
#include <tests/unit/backend/error_table.hpp>

namespace portsock::tests {
namespace {

constexpr expected_code of_winsock[] = {
    {WSAEWOULDBLOCK, "WSAEWOULDBLOCK", errc::would_block},
    {WSAEINPROGRESS, "WSAEINPROGRESS", errc::in_progress},
    {WSAEALREADY, "WSAEALREADY", errc::already_in_progress},
    {WSAETIMEDOUT, "WSAETIMEDOUT", errc::timed_out},
    {WSAEINTR, "WSAEINTR", errc::interrupted},
    {WSAECANCELLED, "WSAECANCELLED", errc::cancelled},
    {WSA_E_CANCELLED, "WSA_E_CANCELLED", errc::cancelled},
    {WSAECONNREFUSED, "WSAECONNREFUSED", errc::connection_refused},
    {WSAECONNRESET, "WSAECONNRESET", errc::connection_reset},
    {WSAECONNABORTED, "WSAECONNABORTED", errc::connection_reset},
    {WSAENETRESET, "WSAENETRESET", errc::connection_reset},
    {WSAESHUTDOWN, "WSAESHUTDOWN", errc::broken_pipe},
    {WSAENOTCONN, "WSAENOTCONN", errc::not_connected},
    {WSAEISCONN, "WSAEISCONN", errc::already_connected},
    {WSAEADDRINUSE, "WSAEADDRINUSE", errc::address_in_use},
    {WSAEADDRNOTAVAIL, "WSAEADDRNOTAVAIL", errc::address_not_available},
    {WSAEACCES, "WSAEACCES", errc::access_denied},
    {WSAEBADF, "WSAEBADF", errc::bad_handle},
    {WSAENOTSOCK, "WSAENOTSOCK", errc::not_a_socket},
    {WSAEMSGSIZE, "WSAEMSGSIZE", errc::message_too_large},
    {WSAENOBUFS, "WSAENOBUFS", errc::no_buffer_space},
    {WSAEMFILE, "WSAEMFILE", errc::too_many_sockets},
    {WSAENETUNREACH, "WSAENETUNREACH", errc::network_unreachable},
    {WSAEHOSTUNREACH, "WSAEHOSTUNREACH", errc::host_unreachable},
    {WSAEHOSTDOWN, "WSAEHOSTDOWN", errc::host_unreachable},
    {WSAENETDOWN, "WSAENETDOWN", errc::network_down},
    {WSAEINVAL, "WSAEINVAL", errc::invalid_argument},
    {WSAEFAULT, "WSAEFAULT", errc::bad_address},
    {WSAENOPROTOOPT, "WSAENOPROTOOPT", errc::not_supported},
    {WSAEPROTONOSUPPORT, "WSAEPROTONOSUPPORT", errc::protocol_not_supported},
    {WSAESOCKTNOSUPPORT, "WSAESOCKTNOSUPPORT", errc::protocol_not_supported},
    {WSAEPROTOTYPE, "WSAEPROTOTYPE", errc::wrong_protocol},
    {WSAEOPNOTSUPP, "WSAEOPNOTSUPP", errc::not_supported},
    {WSAEAFNOSUPPORT, "WSAEAFNOSUPPORT", errc::family_not_supported},
    {WSAEPFNOSUPPORT, "WSAEPFNOSUPPORT", errc::family_not_supported},
    {WSAEDESTADDRREQ, "WSAEDESTADDRREQ", errc::destination_required},
    {WSANOTINITIALISED, "WSANOTINITIALISED", errc::not_started},
    {WSASYSNOTREADY, "WSASYSNOTREADY", errc::not_started},
    {WSAVERNOTSUPPORTED, "WSAVERNOTSUPPORTED", errc::not_started},
    {WSAENAMETOOLONG, "WSAENAMETOOLONG", errc::name_too_long},
};

constexpr expected_code of_overlapped_operations[] = {
    {ERROR_IO_PENDING, "WSA_IO_PENDING", errc::in_progress},
    {ERROR_SEM_TIMEOUT, "ERROR_SEM_TIMEOUT", errc::timed_out},
    {WAIT_TIMEOUT, "WAIT_TIMEOUT", errc::timed_out},
    {ERROR_OPERATION_ABORTED, "WSA_OPERATION_ABORTED", errc::cancelled},
    {ERROR_CONNECTION_REFUSED, "ERROR_CONNECTION_REFUSED", errc::connection_refused},
    {ERROR_PORT_UNREACHABLE, "ERROR_PORT_UNREACHABLE", errc::connection_refused},
    {ERROR_NETNAME_DELETED, "ERROR_NETNAME_DELETED", errc::connection_reset},
    {ERROR_CONNECTION_ABORTED, "ERROR_CONNECTION_ABORTED", errc::connection_reset},
    {ERROR_NOT_CONNECTED, "ERROR_NOT_CONNECTED", errc::not_connected},
    {ERROR_ADDRESS_ALREADY_ASSOCIATED, "ERROR_ADDRESS_ALREADY_ASSOCIATED", errc::address_in_use},
    {ERROR_ACCESS_DENIED, "ERROR_ACCESS_DENIED", errc::access_denied},
    {ERROR_INVALID_HANDLE, "WSA_INVALID_HANDLE", errc::bad_handle},
    {ERROR_MORE_DATA, "ERROR_MORE_DATA", errc::message_too_large},
    {ERROR_NO_SYSTEM_RESOURCES, "ERROR_NO_SYSTEM_RESOURCES", errc::no_buffer_space},
    {ERROR_NOT_ENOUGH_QUOTA, "ERROR_NOT_ENOUGH_QUOTA", errc::no_buffer_space},
    {ERROR_NOT_ENOUGH_MEMORY, "WSA_NOT_ENOUGH_MEMORY", errc::no_memory},
    {ERROR_TOO_MANY_OPEN_FILES, "ERROR_TOO_MANY_OPEN_FILES", errc::too_many_sockets},
    {ERROR_NETWORK_UNREACHABLE, "ERROR_NETWORK_UNREACHABLE", errc::network_unreachable},
    {ERROR_HOST_UNREACHABLE, "ERROR_HOST_UNREACHABLE", errc::host_unreachable},
    {ERROR_PROTOCOL_UNREACHABLE, "ERROR_PROTOCOL_UNREACHABLE", errc::host_unreachable},
    {ERROR_INVALID_PARAMETER, "WSA_INVALID_PARAMETER", errc::invalid_argument},
    {ERROR_INVALID_ADDRESS, "ERROR_INVALID_ADDRESS", errc::bad_address},
    {ERROR_NOACCESS, "ERROR_NOACCESS", errc::bad_address},
    {ERROR_NOT_SUPPORTED, "ERROR_NOT_SUPPORTED", errc::not_supported},
};

constexpr expected_code of_files[] = {
    {ERROR_FILE_NOT_FOUND, "ERROR_FILE_NOT_FOUND", errc::not_found},
    {ERROR_PATH_NOT_FOUND, "ERROR_PATH_NOT_FOUND", errc::not_found},
    {ERROR_WRITE_PROTECT, "ERROR_WRITE_PROTECT", errc::access_denied},
    {ERROR_SHARING_VIOLATION, "ERROR_SHARING_VIOLATION", errc::access_denied},
    {ERROR_HANDLE_DISK_FULL, "ERROR_HANDLE_DISK_FULL", errc::no_space},
    {ERROR_DISK_FULL, "ERROR_DISK_FULL", errc::no_space},
    {ERROR_BROKEN_PIPE, "ERROR_BROKEN_PIPE", errc::broken_pipe},
    {ERROR_NO_DATA, "ERROR_NO_DATA", errc::broken_pipe},
    {ERROR_INVALID_NAME, "ERROR_INVALID_NAME", errc::invalid_argument},
};

constexpr expected_code of_the_resolver[] = {
    {WSAHOST_NOT_FOUND, "WSAHOST_NOT_FOUND", errc::host_not_found},
    {WSANO_DATA, "WSANO_DATA", errc::host_not_found},
    {WSATRY_AGAIN, "WSATRY_AGAIN", errc::name_service_busy},
    {WSANO_RECOVERY, "WSANO_RECOVERY", errc::name_service_failed},
    {WSATYPE_NOT_FOUND, "WSATYPE_NOT_FOUND", errc::service_not_found},
    {WSAEAFNOSUPPORT, "WSAEAFNOSUPPORT", errc::family_not_supported},
    {WSAESOCKTNOSUPPORT, "WSAESOCKTNOSUPPORT", errc::protocol_not_supported},
    {WSAEINVAL, "WSAEINVAL", errc::invalid_argument},
    {ERROR_INSUFFICIENT_BUFFER, "ERROR_INSUFFICIENT_BUFFER", errc::no_buffer_space},
};

TEST(WsaCode, MeansWhatTheMappingSays) { expect_table(error_domain::system, of_winsock); }

TEST(Win32Code, OfAnOverlappedOperationMeansWhatTheMappingSays) {
  expect_table(error_domain::system, of_overlapped_operations);
}

TEST(Win32Code, OfAFileMeansWhatTheMappingSays) { expect_table(error_domain::system, of_files); }

TEST(WsaCode, OfTheResolverMeansWhatTheMappingSays) {
  expect_table(error_domain::resolver, of_the_resolver);
}

TEST(ErrnoConstant, IsNoCodeOfWinsock) {
  // <errno.h> of Windows has the POSIX names, with numbers that no call of Winsock returns.
  for (const int imposter : {ECONNREFUSED, ECONNRESET, EWOULDBLOCK, EADDRINUSE, ETIMEDOUT})
    EXPECT_EQ(platform::find_error(error_domain::system, imposter), nullptr) << imposter;
}

TEST(WsaCode, ThatIsLeftOverIsNobodysFailure) {
  auto [here, there] = connected(family::v4);
  std::array<std::byte, 4> room{};
  const auto held = must(stream_listener::listen({ipv4_address::loopback(), 0}));

  ::WSASetLastError(WSAESHUTDOWN);
  EXPECT_THAT(here.send(as_bytes("x")), Succeeds());
  ::WSASetLastError(WSAESHUTDOWN);
  EXPECT_THAT(there.receive(room), Succeeds());
  ::WSASetLastError(WSAESHUTDOWN);
  EXPECT_THAT(here.receive(room, deadline::now()), FailsWith(errc::timed_out));
  ::WSASetLastError(WSAESHUTDOWN);
  EXPECT_THAT(stream_listener::listen(must(held.local_endpoint())),
              FailsWith(errc::address_in_use));
}

TEST(WsaCode, OfAFailureOutlivesWhatSucceedsAndFailsAfterIt) {
  const auto held = must(stream_listener::listen({ipv4_address::loopback(), 0}));

  // Its socket is closed before this returns, which succeeds.
  const auto failed = stream_listener::listen(must(held.local_endpoint()));
  EXPECT_THAT(datagram_socket::bind({ipv4_address::loopback(), 0}), Succeeds());
  EXPECT_THAT(stream_socket::adopt(native_handle::invalid), FailsWith(errc::not_a_socket));
  ::WSASetLastError(0);

  ASSERT_THAT(failed, FailsWith(errc::address_in_use));
  EXPECT_EQ(failed.error().value(), WSAEADDRINUSE);
  EXPECT_EQ(failed.error().message(), "address in use (WSAEADDRINUSE)");
}

}  // namespace
}  // namespace portsock::tests
