// SPDX-License-Identifier: MIT
#pragma once

// The first words between two ends, one of which may be anything.

#include <portsock/stream_socket.hpp>
#include <tools/measure/protocol.hpp>

namespace portsock::tools::measuring {

/// What a foreign client is told, in a line that a terminal can show.
inline constexpr std::string_view refusal =
    "This port takes measurements alone: socksend --measure HOST PORT\n";

/// What nobody can guess.
std::uint64_t random_number();

/// The request, as soon as it is whole; errc::protocol_not_supported as soon as it cannot become
/// one, and whatever receiving says.
result<request> receive_request(stream_socket& from, deadline until);
/// The same of an answer.
result<answer> receive_answer(stream_socket& from, deadline until);

}  // namespace portsock::tools::measuring
