// SPDX-License-Identifier: MIT
#pragma once

// Sockets by the thousand.

#include <cstddef>
#include <vector>

#include <portsock/datagram_socket.hpp>

namespace portsock::tests {

/// Lets this process open `wanted` handles, or as many as a test here may; says how many.
std::size_t allow_open_handles(std::size_t wanted);

/// So many bound sockets, or as many as a test here may have. Of both families, for one has fewer
/// ports than the tests that run at once may take.
std::vector<datagram_socket> many_sockets(std::size_t wanted);

}  // namespace portsock::tests
