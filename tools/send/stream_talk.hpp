// SPDX-License-Identifier: MIT
#pragma once

// What talks over a stream have in common, whichever way their input is sent.

#include <chrono>
#include <cstddef>
#include <optional>
#include <vector>

#include <portsock/stream_socket.hpp>
#include <tools/send/exchange.hpp>
#include <tools/send/progress.hpp>

namespace portsock::tools {

/// A peer that finished first may go on reading, so what there is to send is sent. But a peer that
/// is gone looks the same, and nobody wants to be asked by a terminal, or kept by a quiet pipe, for
/// it.
inline constexpr std::chrono::seconds patience{1};

class stream_talk {
 protected:
  using clock = deadline::clock;

  stream_talk(const exchange& with, stream_socket peer);

  /// Prints what there is. What is returned ends the talk, here and below.
  std::optional<exit_code> receive();
  /// All is sent, and the peer is told.
  std::optional<exit_code> end_sending();
  /// There is no more input, and it was not all.
  exit_code break_off();
  /// Nothing more can be sent. What arrived before that is printed still.
  exit_code lost(error reason);
  /// What is left to do, whatever came of it.
  exit_code leave(exit_code code);

  const exchange& with_;
  stream_socket peer_;
  std::optional<progress_line> progress_{};
  std::optional<clock::time_point> answer_ends_{};
  bool sending_ended_ = false;
  bool peer_ended_ = false;

 private:
  std::vector<std::byte> buffer_;
};

}  // namespace portsock::tools
