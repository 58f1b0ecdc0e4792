// SPDX-License-Identifier: MIT
#pragma once

// The socket types. Each can do what its kind of socket can do and nothing else: a listener cannot
// send, a datagram socket cannot accept, and neither compiles.
//
// A call without a deadline is the bare system call. A call with one tries first, waits only when
// it would block, and fails with errc::timed_out, or errc::cancelled (deadline::or_when). Distinct
// sockets may be used from distinct threads, and one socket may send on one thread while it
// receives on another. Nothing here allocates, raises a signal, or is interrupted by one.

#include <portsock/datagram_socket.hpp>
#include <portsock/raw_socket.hpp>
#include <portsock/stream_listener.hpp>
#include <portsock/stream_socket.hpp>
