// SPDX-License-Identifier: MIT
#include "words.hpp"

#include <array>

namespace portsock {
namespace {

using detail::words;

// In the order of the enumeration, which begins at 1.
constexpr std::array vocabulary = {
    words{"operation would block", std::errc::operation_would_block},
    words{"connection in progress", std::errc::operation_in_progress},
    words{"connection already in progress", std::errc::connection_already_in_progress},
    words{"timed out", std::errc::timed_out},
    words{"interrupted", std::errc::interrupted},
    words{"cancelled", std::errc::operation_canceled},
    words{"connection refused", std::errc::connection_refused},
    words{"connection reset", std::errc::connection_reset},
    words{"connection aborted", std::errc::connection_aborted},
    words{"broken pipe", std::errc::broken_pipe},
    words{"end of stream", std::errc::io_error},
    words{"not connected", std::errc::not_connected},
    words{"already connected", std::errc::already_connected},
    words{"address in use", std::errc::address_in_use},
    words{"address not available", std::errc::address_not_available},
    words{"access denied", std::errc::permission_denied},
    words{"bad handle", std::errc::bad_file_descriptor},
    words{"not a socket", std::errc::not_a_socket},
    words{"message too large", std::errc::message_size},
    words{"no buffer space", std::errc::no_buffer_space},
    words{"out of memory", std::errc::not_enough_memory},
    words{"too many open sockets", std::errc::too_many_files_open},
    words{"network unreachable", std::errc::network_unreachable},
    words{"host unreachable", std::errc::host_unreachable},
    words{"network down", std::errc::network_down},
    words{"network reset", std::errc::network_reset},
    words{"destination required", std::errc::destination_address_required},
    words{"invalid argument", std::errc::invalid_argument},
    words{"bad address", std::errc::bad_address},
    words{"not supported", std::errc::operation_not_supported},
    words{"address family not supported", std::errc::address_family_not_supported},
    words{"protocol not supported", std::errc::protocol_not_supported},
    words{"wrong protocol", std::errc::wrong_protocol_type},
    words{"network not started", std::errc::io_error},
    words{"host not found", std::errc::io_error},
    words{"name service busy", std::errc::resource_unavailable_try_again},
    words{"name service failed", std::errc::io_error},
    words{"service not found", std::errc::io_error},
    words{"name too long", std::errc::filename_too_long},
    words{"file not found", std::errc::no_such_file_or_directory},
    words{"no space left", std::errc::no_space_on_device},
    words{"unexpected error", std::errc::io_error},
};
static_assert(vocabulary.size() == static_cast<std::size_t>(errc::other));

}  // namespace

const words& detail::words_of(errc meaning) noexcept {
  const auto at = static_cast<std::size_t>(meaning) - 1;
  return at < vocabulary.size() ? vocabulary[at] : vocabulary.back();
}

std::string_view to_string(errc meaning) noexcept { return detail::words_of(meaning).text; }

}  // namespace portsock
