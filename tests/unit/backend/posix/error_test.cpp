// SPDX-License-Identifier: MIT
#include <array>
#include <cerrno>

#include <netdb.h>

#include <tests/support/sockets.hpp>
#include <tests/unit/backend/error_table.hpp>

namespace portsock::tests {
namespace {

constexpr expected_code of_the_system[] = {
    {EAGAIN, "EAGAIN", errc::would_block},
    {EWOULDBLOCK, "EAGAIN", errc::would_block},
    {EINPROGRESS, "EINPROGRESS", errc::in_progress},
    {EALREADY, "EALREADY", errc::already_in_progress},
    {ETIMEDOUT, "ETIMEDOUT", errc::timed_out},
    {EINTR, "EINTR", errc::interrupted},
    {ECANCELED, "ECANCELED", errc::cancelled},
    {ECONNREFUSED, "ECONNREFUSED", errc::connection_refused},
    {ECONNRESET, "ECONNRESET", errc::connection_reset},
    {ECONNABORTED, "ECONNABORTED", errc::connection_aborted},
    {EPROTO, "EPROTO", errc::connection_aborted},
    {EPIPE, "EPIPE", errc::broken_pipe},
    {ENOTCONN, "ENOTCONN", errc::not_connected},
    {EISCONN, "EISCONN", errc::already_connected},
    {EADDRINUSE, "EADDRINUSE", errc::address_in_use},
    {EADDRNOTAVAIL, "EADDRNOTAVAIL", errc::address_not_available},
    {EACCES, "EACCES", errc::access_denied},
    {EPERM, "EPERM", errc::access_denied},
    {EBADF, "EBADF", errc::bad_handle},
    {ENOTSOCK, "ENOTSOCK", errc::not_a_socket},
    {EMSGSIZE, "EMSGSIZE", errc::message_too_large},
    {ENOBUFS, "ENOBUFS", errc::no_buffer_space},
    {ENOMEM, "ENOMEM", errc::no_memory},
    {EMFILE, "EMFILE", errc::too_many_sockets},
    {ENFILE, "ENFILE", errc::too_many_sockets},
    {ENETUNREACH, "ENETUNREACH", errc::network_unreachable},
    {EHOSTUNREACH, "EHOSTUNREACH", errc::host_unreachable},
    {EHOSTDOWN, "EHOSTDOWN", errc::host_unreachable},
    {ENETDOWN, "ENETDOWN", errc::network_down},
    {ENETRESET, "ENETRESET", errc::network_reset},
    {EINVAL, "EINVAL", errc::invalid_argument},
    {EFAULT, "EFAULT", errc::bad_address},
    {ENOPROTOOPT, "ENOPROTOOPT", errc::not_supported},
    {EPROTONOSUPPORT, "EPROTONOSUPPORT", errc::protocol_not_supported},
    {ESOCKTNOSUPPORT, "ESOCKTNOSUPPORT", errc::protocol_not_supported},
    {EPROTOTYPE, "EPROTOTYPE", errc::wrong_protocol},
    {EOPNOTSUPP, "EOPNOTSUPP", errc::not_supported},
    {EAFNOSUPPORT, "EAFNOSUPPORT", errc::family_not_supported},
    {EPFNOSUPPORT, "EPFNOSUPPORT", errc::family_not_supported},
    {EDESTADDRREQ, "EDESTADDRREQ", errc::destination_required},
    {ENOENT, "ENOENT", errc::not_found},
    {ENOTDIR, "ENOTDIR", errc::not_found},
    {EISDIR, "EISDIR", errc::access_denied},
    {EROFS, "EROFS", errc::access_denied},
    {ETXTBSY, "ETXTBSY", errc::access_denied},
    {ENOSPC, "ENOSPC", errc::no_space},
    {EFBIG, "EFBIG", errc::no_space},
    {EDQUOT, "EDQUOT", errc::no_space},
    {ESPIPE, "ESPIPE", errc::not_supported},
    {ENAMETOOLONG, "ENAMETOOLONG", errc::name_too_long},
    {ELOOP, "ELOOP", errc::invalid_argument},
};

constexpr expected_code of_the_resolver[] = {
    {EAI_NONAME, "EAI_NONAME", errc::host_not_found},
    {EAI_AGAIN, "EAI_AGAIN", errc::name_service_busy},
    {EAI_FAIL, "EAI_FAIL", errc::name_service_failed},
    {EAI_SYSTEM, "EAI_SYSTEM", errc::name_service_failed},
    {EAI_SERVICE, "EAI_SERVICE", errc::service_not_found},
    {EAI_FAMILY, "EAI_FAMILY", errc::family_not_supported},
    {EAI_SOCKTYPE, "EAI_SOCKTYPE", errc::protocol_not_supported},
    {EAI_BADFLAGS, "EAI_BADFLAGS", errc::invalid_argument},
    {EAI_MEMORY, "EAI_MEMORY", errc::no_memory},
    {EAI_OVERFLOW, "EAI_OVERFLOW", errc::no_buffer_space},
};

TEST(Errno, MeansWhatTheMappingSays) { expect_table(error_domain::system, of_the_system); }

TEST(EaiCode, MeansWhatTheMappingSays) { expect_table(error_domain::resolver, of_the_resolver); }

TEST(EaiCode, ForANameWithoutSuchAnAddressIsANameThatIsNotThere) {
  for (const std::string_view name : {"EAI_NODATA", "EAI_ADDRFAMILY"}) {
    const auto rows = platform::error_rows(error_domain::resolver);
    const auto row = std::ranges::find(rows, name, &platform::error_row::name);
    ASSERT_NE(row, rows.end());
    EXPECT_EQ(row->meaning, errc::host_not_found);
  }
}

TEST(Errno, EqualsTheConditionThatTheStandardLibraryGivesIt) {
  for (const auto& row : platform::error_rows(error_domain::system)) {
    const std::error_condition theirs{row.value, std::generic_category()};
    // Only a few have no std::errc of their own, and borrow a neighbour's.
    if (row.value == EHOSTDOWN || row.value == EPFNOSUPPORT || row.value == ESOCKTNOSUPPORT ||
        row.value == EDQUOT)
      continue;
    EXPECT_EQ(std::make_error_condition(row.condition), theirs) << row.name;
  }
}

TEST(Errno, OfASendThatRacesWithThePeersCloseIsAReset) {
  const error told{EPROTOTYPE, error_domain::system, errc::wrong_protocol};
  EXPECT_EQ(platform::explain_failure(native_handle::invalid, told), errc::connection_reset);
}

TEST(Errno, ThatIsLeftOverIsNobodysFailure) {
  auto [here, there] = connected(family::v4);
  std::array<std::byte, 4> room{};
  const auto held = must(stream_listener::listen({ipv4_address::loopback(), 0}));

  errno = EPIPE;
  EXPECT_THAT(here.send(as_bytes("x")), Succeeds());
  errno = EPIPE;
  EXPECT_THAT(there.receive(room), Succeeds());
  errno = EPIPE;
  EXPECT_THAT(here.receive(room, deadline::now()), FailsWith(errc::timed_out));
  errno = EPIPE;
  EXPECT_THAT(stream_listener::listen(must(held.local_endpoint())),
              FailsWith(errc::address_in_use));
}

TEST(Errno, OfAFailureOutlivesWhatSucceedsAndFailsAfterIt) {
  const auto held = must(stream_listener::listen({ipv4_address::loopback(), 0}));

  // Its socket is closed before this returns, which succeeds.
  const auto failed = stream_listener::listen(must(held.local_endpoint()));
  EXPECT_THAT(datagram_socket::bind({ipv4_address::loopback(), 0}), Succeeds());
  EXPECT_THAT(stream_socket::adopt(native_handle::invalid), FailsWith(errc::bad_handle));
  errno = 0;

  ASSERT_THAT(failed, FailsWith(errc::address_in_use));
  EXPECT_EQ(failed.error().value(), EADDRINUSE);
  EXPECT_EQ(failed.error().message(), "address in use (EADDRINUSE)");
}

}  // namespace
}  // namespace portsock::tests
