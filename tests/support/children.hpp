// SPDX-License-Identifier: MIT
#pragma once

// A child process is this program once more, running one test that is disabled otherwise, with a
// port by which it finds its parent.

#include <string>
#include <string_view>

#include <portsock/socket.hpp>

namespace portsock::tests {

/// In the parent: the command line, for std::system().
std::string command_for_child(std::string_view test, const stream_listener& parent);
/// In the child: a connection to the parent.
stream_socket connect_to_parent();

/// What comes up to the end of a line, or of the stream.
std::string line_of(stream_socket& socket);

}  // namespace portsock::tests
