// SPDX-License-Identifier: MIT
#include <algorithm>
#include <array>

#include <netdb.h>

#include <platform/contract.hpp>

#include "native.hpp"
#include "system.hpp"

namespace portsock::platform {
namespace {

// Where two names are one number (EAGAIN and EWOULDBLOCK, on Linux ENOTSUP and EOPNOTSUPP), the
// first counts.
constexpr error_row system_rows[] = {
    {EAGAIN, "EAGAIN", errc::would_block, std::errc::operation_would_block},
    {EINPROGRESS, "EINPROGRESS", errc::in_progress, std::errc::operation_in_progress},
    {EALREADY, "EALREADY", errc::already_in_progress, std::errc::connection_already_in_progress},
    {ETIMEDOUT, "ETIMEDOUT", errc::timed_out, std::errc::timed_out},
    {EINTR, "EINTR", errc::interrupted, std::errc::interrupted},
    {ECANCELED, "ECANCELED", errc::cancelled, std::errc::operation_canceled},
    {ECONNREFUSED, "ECONNREFUSED", errc::connection_refused, std::errc::connection_refused},
    {ECONNRESET, "ECONNRESET", errc::connection_reset, std::errc::connection_reset},
    {ECONNABORTED, "ECONNABORTED", errc::connection_aborted, std::errc::connection_aborted},
    // From accept of an old kernel: the connection died before it was taken (accept(2)).
    {EPROTO, "EPROTO", errc::connection_aborted, std::errc::protocol_error},
    {EPIPE, "EPIPE", errc::broken_pipe, std::errc::broken_pipe},
    {ENOTCONN, "ENOTCONN", errc::not_connected, std::errc::not_connected},
    {EISCONN, "EISCONN", errc::already_connected, std::errc::already_connected},
    {EADDRINUSE, "EADDRINUSE", errc::address_in_use, std::errc::address_in_use},
    {EADDRNOTAVAIL, "EADDRNOTAVAIL", errc::address_not_available, std::errc::address_not_available},
    {EACCES, "EACCES", errc::access_denied, std::errc::permission_denied},
    {EPERM, "EPERM", errc::access_denied, std::errc::operation_not_permitted},
    {EBADF, "EBADF", errc::bad_handle, std::errc::bad_file_descriptor},
    {ENOTSOCK, "ENOTSOCK", errc::not_a_socket, std::errc::not_a_socket},
    {EMSGSIZE, "EMSGSIZE", errc::message_too_large, std::errc::message_size},
    {ENOBUFS, "ENOBUFS", errc::no_buffer_space, std::errc::no_buffer_space},
    {ENOMEM, "ENOMEM", errc::no_memory, std::errc::not_enough_memory},
    {EMFILE, "EMFILE", errc::too_many_sockets, std::errc::too_many_files_open},
    {ENFILE, "ENFILE", errc::too_many_sockets, std::errc::too_many_files_open_in_system},
    {ENETUNREACH, "ENETUNREACH", errc::network_unreachable, std::errc::network_unreachable},
    {EHOSTUNREACH, "EHOSTUNREACH", errc::host_unreachable, std::errc::host_unreachable},
    {EHOSTDOWN, "EHOSTDOWN", errc::host_unreachable, std::errc::host_unreachable},
    {ENETDOWN, "ENETDOWN", errc::network_down, std::errc::network_down},
    {ENETRESET, "ENETRESET", errc::network_reset, std::errc::network_reset},
    {EDESTADDRREQ, "EDESTADDRREQ", errc::destination_required,
     std::errc::destination_address_required},
    {EINVAL, "EINVAL", errc::invalid_argument, std::errc::invalid_argument},
    {EDOM, "EDOM", errc::invalid_argument, std::errc::argument_out_of_domain},
    {EFAULT, "EFAULT", errc::bad_address, std::errc::bad_address},
    {ENODEV, "ENODEV", errc::address_not_available, std::errc::no_such_device},
    {ENXIO, "ENXIO", errc::address_not_available, std::errc::no_such_device_or_address},
    {ENOPROTOOPT, "ENOPROTOOPT", errc::not_supported, std::errc::no_protocol_option},
    {EOPNOTSUPP, "EOPNOTSUPP", errc::not_supported, std::errc::operation_not_supported},
    {ENOTSUP, "ENOTSUP", errc::not_supported, std::errc::not_supported},
    {ENOSYS, "ENOSYS", errc::not_supported, std::errc::function_not_supported},
    {EPROTONOSUPPORT, "EPROTONOSUPPORT", errc::protocol_not_supported,
     std::errc::protocol_not_supported},
    {ESOCKTNOSUPPORT, "ESOCKTNOSUPPORT", errc::protocol_not_supported,
     std::errc::protocol_not_supported},
    {EPROTOTYPE, "EPROTOTYPE", errc::wrong_protocol, std::errc::wrong_protocol_type},
    {EAFNOSUPPORT, "EAFNOSUPPORT", errc::family_not_supported,
     std::errc::address_family_not_supported},
    {EPFNOSUPPORT, "EPFNOSUPPORT", errc::family_not_supported,
     std::errc::address_family_not_supported},
    // From files, and from the paths of local sockets.
    {ENOENT, "ENOENT", errc::not_found, std::errc::no_such_file_or_directory},
    {ENOTDIR, "ENOTDIR", errc::not_found, std::errc::not_a_directory},
    {EISDIR, "EISDIR", errc::access_denied, std::errc::is_a_directory},
    {EROFS, "EROFS", errc::access_denied, std::errc::read_only_file_system},
    {ETXTBSY, "ETXTBSY", errc::access_denied, std::errc::text_file_busy},
    {ENOSPC, "ENOSPC", errc::no_space, std::errc::no_space_on_device},
    {EFBIG, "EFBIG", errc::no_space, std::errc::file_too_large},
    {EDQUOT, "EDQUOT", errc::no_space, std::errc::no_space_on_device},
    {ESPIPE, "ESPIPE", errc::not_supported, std::errc::invalid_seek},
    {ENAMETOOLONG, "ENAMETOOLONG", errc::name_too_long, std::errc::filename_too_long},
    {ELOOP, "ELOOP", errc::invalid_argument, std::errc::too_many_symbolic_link_levels},
    {EIO, "EIO", errc::other, std::errc::io_error},
};

constexpr error_row resolver_rows[] = {
    {EAI_NONAME, "EAI_NONAME", errc::host_not_found, std::errc::io_error},
    {eai_nodata, "EAI_NODATA", errc::host_not_found, std::errc::io_error},
    {eai_addrfamily, "EAI_ADDRFAMILY", errc::host_not_found, std::errc::io_error},
    {EAI_AGAIN, "EAI_AGAIN", errc::name_service_busy, std::errc::resource_unavailable_try_again},
    {EAI_FAIL, "EAI_FAIL", errc::name_service_failed, std::errc::io_error},
    {EAI_SYSTEM, "EAI_SYSTEM", errc::name_service_failed, std::errc::io_error},
    {EAI_SERVICE, "EAI_SERVICE", errc::service_not_found, std::errc::io_error},
    {EAI_FAMILY, "EAI_FAMILY", errc::family_not_supported, std::errc::address_family_not_supported},
    {EAI_SOCKTYPE, "EAI_SOCKTYPE", errc::protocol_not_supported, std::errc::protocol_not_supported},
    {EAI_BADFLAGS, "EAI_BADFLAGS", errc::invalid_argument, std::errc::invalid_argument},
    {EAI_MEMORY, "EAI_MEMORY", errc::no_memory, std::errc::not_enough_memory},
    {EAI_OVERFLOW, "EAI_OVERFLOW", errc::no_buffer_space, std::errc::value_too_large},
};

/// What each code means. All are less than 256, on every system.
constexpr auto meanings = [] {
  std::array<errc, 256> table;
  table.fill(errc::other);
  for (const auto& row : system_rows)
    if (auto& at = table[static_cast<std::size_t>(row.value)]; at == errc::other) at = row.meaning;
  return table;
}();

}  // namespace

error system_error(int code) noexcept {
  return {code, error_domain::system, meanings[static_cast<unsigned char>(code)]};
}
// Inlined, it would share its look at errno with would_have_blocked(), which then compares in two
// instructions instead of one.
[[gnu::noinline, gnu::cold]] error last_failure() noexcept { return last_error(); }

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
