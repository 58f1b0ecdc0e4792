// SPDX-License-Identifier: MIT
#pragma once

// How much a server does or holds at a time.

#include <chrono>
#include <cstddef>
#include <cstdint>

namespace portsock::tools {

/// What is received in one call. Large, so that a fast sender costs few calls; shared by all.
inline constexpr std::size_t largest_block = 1 << 20;
/// Whoever sends so much at a time may do so again, and it is worth a few calls more not to copy.
inline constexpr std::size_t plenty = 1 << 16;
/// The same where it goes back to its sender, who may not take it: then it is kept until it does.
inline constexpr std::size_t largest_echo = 1 << 16;
/// What others have said and a client has not taken yet. One that falls behind further is closed:
/// waiting for it would hold up the others.
inline constexpr std::size_t most_unsaid = 1 << 20;
/// Who take part in a chat of datagrams; nobody says when they leave.
inline constexpr std::size_t most_senders = 1024;
/// After so many, the clients that are there already have their turn, and the other doors.
inline constexpr int accepts_per_turn = 64;
inline constexpr int datagrams_per_turn = 64;
/// How long a datagram may wait for room in the system. It is rare and short where it happens.
inline constexpr std::chrono::milliseconds room_wait{10};
/// Handles may come free elsewhere than here, and nobody tells.
inline constexpr std::chrono::seconds accept_pause{1};
/// A peer that finished first may go on reading. But one that is gone looks the same, and a quiet
/// pipe would keep it for ever.
inline constexpr std::chrono::seconds patience{1};
/// At the end: how often each client is looked at for what has arrived, and how long it has to take
/// what it is owed.
inline constexpr int last_rounds = 64;
inline constexpr std::chrono::seconds last_wait{2};

// Doors have the numbers below, and clients those above (clients::first_token).
inline constexpr std::uint64_t input_token = 0xffffffff;
inline constexpr std::uint64_t stop_token = 0xfffffffe;

}  // namespace portsock::tools
