// SPDX-License-Identifier: MIT
#pragma once

// A child process is this program once more, running one test that is disabled otherwise, with a
// port by which it finds its parent. Where it takes an emulator to start it, PORTSOCK_RUNNER in
// the environment is its command.

#include <string>
#include <string_view>

#include <portsock/socket.hpp>

namespace portsock::tests {

/// Whether the system runs this program by its name alone. Death tests of the style "threadsafe"
/// do.
bool can_execute_itself();
/// Whether it can be started at all, with PORTSOCK_RUNNER or without.
bool can_start_children();
/// In the parent: the command line, for std::system().
std::string command_for_child(std::string_view test, const stream_listener& parent);
/// In the child: a connection to the parent.
stream_socket connect_to_parent();

/// What comes up to the end of a line, or of the stream.
std::string line_of(stream_socket& socket);

}  // namespace portsock::tests
