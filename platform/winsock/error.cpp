// SPDX-License-Identifier: MIT
#include <algorithm>
#include <array>

#include <platform/contract.hpp>

#include "native.hpp"

namespace portsock::platform {
namespace {

// Microsoft Learn, "Windows Sockets Error Codes". The small numbers are Win32's own, from the parts
// of the system that are no sockets, and from overlapped operations: those that GetLastError()
// tells after a completion port are called otherwise than those of Winsock ("System Error Codes").
constexpr error_row system_rows[] = {
    {ERROR_INVALID_FUNCTION, "ERROR_INVALID_FUNCTION", errc::not_supported,
     std::errc::operation_not_supported},
    {ERROR_FILE_NOT_FOUND, "ERROR_FILE_NOT_FOUND", errc::not_found,
     std::errc::no_such_file_or_directory},
    {ERROR_PATH_NOT_FOUND, "ERROR_PATH_NOT_FOUND", errc::not_found,
     std::errc::no_such_file_or_directory},
    {ERROR_WRITE_PROTECT, "ERROR_WRITE_PROTECT", errc::access_denied,
     std::errc::read_only_file_system},
    {ERROR_SHARING_VIOLATION, "ERROR_SHARING_VIOLATION", errc::access_denied,
     std::errc::permission_denied},
    {ERROR_LOCK_VIOLATION, "ERROR_LOCK_VIOLATION", errc::access_denied,
     std::errc::permission_denied},
    {ERROR_HANDLE_EOF, "ERROR_HANDLE_EOF", errc::end_of_stream, std::errc::io_error},
    {ERROR_HANDLE_DISK_FULL, "ERROR_HANDLE_DISK_FULL", errc::no_space,
     std::errc::no_space_on_device},
    {ERROR_BROKEN_PIPE, "ERROR_BROKEN_PIPE", errc::broken_pipe, std::errc::broken_pipe},
    {ERROR_DISK_FULL, "ERROR_DISK_FULL", errc::no_space, std::errc::no_space_on_device},
    {ERROR_INVALID_NAME, "ERROR_INVALID_NAME", errc::invalid_argument, std::errc::invalid_argument},
    {ERROR_NEGATIVE_SEEK, "ERROR_NEGATIVE_SEEK", errc::invalid_argument,
     std::errc::invalid_argument},
    {ERROR_NO_DATA, "ERROR_NO_DATA", errc::broken_pipe, std::errc::broken_pipe},
    {ERROR_TOO_MANY_OPEN_FILES, "ERROR_TOO_MANY_OPEN_FILES", errc::too_many_sockets,
     std::errc::too_many_files_open},
    {ERROR_ACCESS_DENIED, "ERROR_ACCESS_DENIED", errc::access_denied, std::errc::permission_denied},
    {WSA_INVALID_HANDLE, "WSA_INVALID_HANDLE", errc::bad_handle, std::errc::bad_file_descriptor},
    {WSA_NOT_ENOUGH_MEMORY, "WSA_NOT_ENOUGH_MEMORY", errc::no_memory, std::errc::not_enough_memory},
    {ERROR_NOT_SUPPORTED, "ERROR_NOT_SUPPORTED", errc::not_supported, std::errc::not_supported},
    {ERROR_NETNAME_DELETED, "ERROR_NETNAME_DELETED", errc::connection_reset,
     std::errc::connection_reset},
    {WSA_INVALID_PARAMETER, "WSA_INVALID_PARAMETER", errc::invalid_argument,
     std::errc::invalid_argument},
    {ERROR_CALL_NOT_IMPLEMENTED, "ERROR_CALL_NOT_IMPLEMENTED", errc::not_supported,
     std::errc::function_not_supported},
    {ERROR_SEM_TIMEOUT, "ERROR_SEM_TIMEOUT", errc::timed_out, std::errc::timed_out},
    {ERROR_MORE_DATA, "ERROR_MORE_DATA", errc::message_too_large, std::errc::message_size},
    {WAIT_TIMEOUT, "WAIT_TIMEOUT", errc::timed_out, std::errc::timed_out},
    {ERROR_INVALID_ADDRESS, "ERROR_INVALID_ADDRESS", errc::bad_address, std::errc::bad_address},
    {WSA_OPERATION_ABORTED, "WSA_OPERATION_ABORTED", errc::cancelled,
     std::errc::operation_canceled},
    {WSA_IO_PENDING, "WSA_IO_PENDING", errc::in_progress, std::errc::operation_in_progress},
    {ERROR_NOACCESS, "ERROR_NOACCESS", errc::bad_address, std::errc::bad_address},
    {ERROR_CONNECTION_REFUSED, "ERROR_CONNECTION_REFUSED", errc::connection_refused,
     std::errc::connection_refused},
    {ERROR_ADDRESS_ALREADY_ASSOCIATED, "ERROR_ADDRESS_ALREADY_ASSOCIATED", errc::address_in_use,
     std::errc::address_in_use},
    {ERROR_NETWORK_UNREACHABLE, "ERROR_NETWORK_UNREACHABLE", errc::network_unreachable,
     std::errc::network_unreachable},
    {ERROR_HOST_UNREACHABLE, "ERROR_HOST_UNREACHABLE", errc::host_unreachable,
     std::errc::host_unreachable},
    {ERROR_PROTOCOL_UNREACHABLE, "ERROR_PROTOCOL_UNREACHABLE", errc::host_unreachable,
     std::errc::host_unreachable},
    {ERROR_PORT_UNREACHABLE, "ERROR_PORT_UNREACHABLE", errc::connection_refused,
     std::errc::connection_refused},
    {ERROR_CONNECTION_ABORTED, "ERROR_CONNECTION_ABORTED", errc::connection_reset,
     std::errc::connection_reset},
    {ERROR_NOT_ALL_ASSIGNED, "ERROR_NOT_ALL_ASSIGNED", errc::access_denied,
     std::errc::operation_not_permitted},
    {ERROR_NO_SYSTEM_RESOURCES, "ERROR_NO_SYSTEM_RESOURCES", errc::no_buffer_space,
     std::errc::no_buffer_space},
    {ERROR_NOT_ENOUGH_QUOTA, "ERROR_NOT_ENOUGH_QUOTA", errc::no_buffer_space,
     std::errc::no_buffer_space},
    {ERROR_NOT_CONNECTED, "ERROR_NOT_CONNECTED", errc::not_connected, std::errc::not_connected},
    {WSAEINTR, "WSAEINTR", errc::interrupted, std::errc::interrupted},
    {WSAEBADF, "WSAEBADF", errc::bad_handle, std::errc::bad_file_descriptor},
    {WSAEACCES, "WSAEACCES", errc::access_denied, std::errc::permission_denied},
    {WSAEFAULT, "WSAEFAULT", errc::bad_address, std::errc::bad_address},
    {WSAEINVAL, "WSAEINVAL", errc::invalid_argument, std::errc::invalid_argument},
    {WSAEMFILE, "WSAEMFILE", errc::too_many_sockets, std::errc::too_many_files_open},
    {WSAEWOULDBLOCK, "WSAEWOULDBLOCK", errc::would_block, std::errc::operation_would_block},
    {WSAEINPROGRESS, "WSAEINPROGRESS", errc::in_progress, std::errc::operation_in_progress},
    {WSAEALREADY, "WSAEALREADY", errc::already_in_progress,
     std::errc::connection_already_in_progress},
    {WSAENOTSOCK, "WSAENOTSOCK", errc::not_a_socket, std::errc::not_a_socket},
    {WSAEDESTADDRREQ, "WSAEDESTADDRREQ", errc::destination_required,
     std::errc::destination_address_required},
    {WSAEMSGSIZE, "WSAEMSGSIZE", errc::message_too_large, std::errc::message_size},
    {WSAEPROTOTYPE, "WSAEPROTOTYPE", errc::wrong_protocol, std::errc::wrong_protocol_type},
    {WSAENOPROTOOPT, "WSAENOPROTOOPT", errc::not_supported, std::errc::no_protocol_option},
    {WSAEPROTONOSUPPORT, "WSAEPROTONOSUPPORT", errc::protocol_not_supported,
     std::errc::protocol_not_supported},
    {WSAESOCKTNOSUPPORT, "WSAESOCKTNOSUPPORT", errc::protocol_not_supported,
     std::errc::protocol_not_supported},
    {WSAEOPNOTSUPP, "WSAEOPNOTSUPP", errc::not_supported, std::errc::operation_not_supported},
    {WSAEPFNOSUPPORT, "WSAEPFNOSUPPORT", errc::family_not_supported,
     std::errc::address_family_not_supported},
    {WSAEAFNOSUPPORT, "WSAEAFNOSUPPORT", errc::family_not_supported,
     std::errc::address_family_not_supported},
    {WSAEADDRINUSE, "WSAEADDRINUSE", errc::address_in_use, std::errc::address_in_use},
    {WSAEADDRNOTAVAIL, "WSAEADDRNOTAVAIL", errc::address_not_available,
     std::errc::address_not_available},
    {WSAENETDOWN, "WSAENETDOWN", errc::network_down, std::errc::network_down},
    {WSAENETUNREACH, "WSAENETUNREACH", errc::network_unreachable, std::errc::network_unreachable},
    // From a stream alone: this side gave up waiting for keep-alive answers or for
    // acknowledgements. The peer is gone. Where datagrams and accept meet them, they are passed
    // over.
    {WSAENETRESET, "WSAENETRESET", errc::connection_reset, std::errc::connection_reset},
    {WSAECONNABORTED, "WSAECONNABORTED", errc::connection_reset, std::errc::connection_reset},
    {WSAECONNRESET, "WSAECONNRESET", errc::connection_reset, std::errc::connection_reset},
    {WSAENOBUFS, "WSAENOBUFS", errc::no_buffer_space, std::errc::no_buffer_space},
    {WSAEISCONN, "WSAEISCONN", errc::already_connected, std::errc::already_connected},
    {WSAENOTCONN, "WSAENOTCONN", errc::not_connected, std::errc::not_connected},
    {WSAESHUTDOWN, "WSAESHUTDOWN", errc::broken_pipe, std::errc::broken_pipe},
    {WSAETIMEDOUT, "WSAETIMEDOUT", errc::timed_out, std::errc::timed_out},
    {WSAECONNREFUSED, "WSAECONNREFUSED", errc::connection_refused, std::errc::connection_refused},
    {WSAEHOSTDOWN, "WSAEHOSTDOWN", errc::host_unreachable, std::errc::host_unreachable},
    {WSAEHOSTUNREACH, "WSAEHOSTUNREACH", errc::host_unreachable, std::errc::host_unreachable},
    {WSAEPROCLIM, "WSAEPROCLIM", errc::too_many_sockets, std::errc::resource_unavailable_try_again},
    {WSASYSNOTREADY, "WSASYSNOTREADY", errc::not_started, std::errc::io_error},
    {WSAVERNOTSUPPORTED, "WSAVERNOTSUPPORTED", errc::not_started, std::errc::io_error},
    {WSANOTINITIALISED, "WSANOTINITIALISED", errc::not_started, std::errc::io_error},
    {WSAEDISCON, "WSAEDISCON", errc::not_connected, std::errc::not_connected},
    {WSAECANCELLED, "WSAECANCELLED", errc::cancelled, std::errc::operation_canceled},
    {WSAEINVALIDPROVIDER, "WSAEINVALIDPROVIDER", errc::other, std::errc::io_error},
    {WSAEPROVIDERFAILEDINIT, "WSAEPROVIDERFAILEDINIT", errc::other, std::errc::io_error},
    {WSASYSCALLFAILURE, "WSASYSCALLFAILURE", errc::other, std::errc::io_error},
    {WSA_E_CANCELLED, "WSA_E_CANCELLED", errc::cancelled, std::errc::operation_canceled},
    {WSAEREFUSED, "WSAEREFUSED", errc::other, std::errc::io_error},
    // Of the files that local sockets have.
    {WSAENAMETOOLONG, "WSAENAMETOOLONG", errc::name_too_long, std::errc::filename_too_long},
};

/// Wine gives this one of glibc's away for a name that has no address of the wanted family.
constexpr int eai_addrfamily = -9;

// Microsoft Learn, GetAddrInfoW. A table of its own, since 11001 and its neighbours mean something
// else again where ICMP is spoken of (IP_STATUS).
constexpr error_row resolver_rows[] = {
    {WSAHOST_NOT_FOUND, "WSAHOST_NOT_FOUND", errc::host_not_found, std::errc::io_error},
    {WSANO_DATA, "WSANO_DATA", errc::host_not_found, std::errc::io_error},
    {eai_addrfamily, "EAI_ADDRFAMILY", errc::host_not_found, std::errc::io_error},
    {WSATRY_AGAIN, "WSATRY_AGAIN", errc::name_service_busy,
     std::errc::resource_unavailable_try_again},
    {WSANO_RECOVERY, "WSANO_RECOVERY", errc::name_service_failed, std::errc::io_error},
    {WSASERVICE_NOT_FOUND, "WSASERVICE_NOT_FOUND", errc::name_service_failed, std::errc::io_error},
    {WSATYPE_NOT_FOUND, "WSATYPE_NOT_FOUND", errc::service_not_found, std::errc::io_error},
    {WSAEAFNOSUPPORT, "WSAEAFNOSUPPORT", errc::family_not_supported,
     std::errc::address_family_not_supported},
    {WSAESOCKTNOSUPPORT, "WSAESOCKTNOSUPPORT", errc::protocol_not_supported,
     std::errc::protocol_not_supported},
    {WSAEINVAL, "WSAEINVAL", errc::invalid_argument, std::errc::invalid_argument},
    {WSA_NOT_ENOUGH_MEMORY, "WSA_NOT_ENOUGH_MEMORY", errc::no_memory, std::errc::not_enough_memory},
    {WSANOTINITIALISED, "WSANOTINITIALISED", errc::not_started, std::errc::io_error},
    {ERROR_INSUFFICIENT_BUFFER, "ERROR_INSUFFICIENT_BUFFER", errc::no_buffer_space,
     std::errc::value_too_large},
};

/// Winsock's own codes are dense, so that a would-block costs one load.
constexpr std::size_t first_dense = WSABASEERR;
constexpr auto meanings = [] {
  std::array<errc, 128> table{};
  for (const auto& row : system_rows)
    if (const auto at = static_cast<std::size_t>(row.value) - first_dense; at < table.size())
      table[at] = row.meaning;
  return table;
}();

}  // namespace

error system_error(int code) noexcept {
  const auto at = static_cast<std::size_t>(code) - first_dense;
  auto meaning = at < meanings.size() ? meanings[at] : errc{};
  if (meaning == errc{}) [[unlikely]] {
    const auto* row = find_error(error_domain::system, code);
    meaning = row ? row->meaning : errc::other;
  }
  return {code, error_domain::system, meaning};
}

error last_failure() noexcept { return last_error(); }

bool would_have_blocked() noexcept {
  static_assert(would_block.value() == WSAEWOULDBLOCK);
  return ::WSAGetLastError() == WSAEWOULDBLOCK;
}

std::span<const error_row> error_rows(error_domain domain) noexcept {
  if (domain == error_domain::resolver) return resolver_rows;
  return system_rows;
}

const error_row* find_error(error_domain domain, std::int32_t value) noexcept {
  const auto rows = error_rows(domain);
  const auto row = std::ranges::find(rows, value, &error_row::value);
  return row == rows.end() ? nullptr : &*row;
}

}  // namespace portsock::platform
