// SPDX-License-Identifier: MIT
#pragma once

// Where local sockets are: at files of the process's system that say whose they are. Under the
// lock.

#include "objects.hpp"

namespace portsock::platform::memory {

/// The living socket of this host whose file is there. errc::connection_refused if there is none.
result<socket_ref> local_socket_at(const local_address&, std::size_t home);

/// Makes the file. Errors as bind_local().
result<> make_local_file(const socket_ref&, const local_address&, local_bind_options);
/// Removes it, if it is still this socket's.
void remove_local_file(std::uint64_t serial, const local_address&);

}  // namespace portsock::platform::memory
