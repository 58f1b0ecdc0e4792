// SPDX-License-Identifier: MIT
#pragma once

// What a talk with one peer came to, and how long its steps took.

#include <chrono>
#include <cstdint>
#include <optional>
#include <ostream>
#include <string>
#include <string_view>
#include <vector>

#include <portsock/address.hpp>
#include <tools/common/exit_code.hpp>
#include <tools/send/send.hpp>

namespace portsock::tools {

/// Filled in as the talk goes on.
class tally {
 public:
  using clock = deadline::clock;

  tally(const send_options& options, std::string peer, std::ostream& log)
      : options_{options}, peer_{std::move(peer)}, log_{log} {}

  /// With --verbose, each is told at once.
  void resolved(const std::vector<endpoint>& found);
  void connected(std::string local, std::string peer);
  void tries_again(error reason, std::chrono::milliseconds pause);
  void sent(std::uint64_t bytes) {
    sent_ += bytes;
    ++sends_;
  }
  void received(std::uint64_t bytes);
  /// Tells all of it, with --verbose for people and with --json for programs.
  void end(exit_code code);

  std::uint64_t bytes_sent() const noexcept { return sent_; }
  std::uint64_t bytes_received() const noexcept { return received_; }

 private:
  using seconds = std::chrono::duration<double>;

  void say(const std::string& line) { log_ << line + '\n' << std::flush; }
  std::string_view transport() const noexcept;
  static std::string milliseconds(seconds span);

  const send_options& options_;
  std::string peer_;
  std::ostream& log_;
  clock::time_point began_ = clock::now();
  clock::time_point step_ = began_;
  std::optional<seconds> resolve_;
  std::optional<seconds> connect_;
  std::optional<seconds> first_byte_;
  std::optional<std::string> local_;
  std::uint64_t sent_ = 0;
  std::uint64_t sends_ = 0;
  std::uint64_t received_ = 0;
  std::uint64_t receives_ = 0;
};

}  // namespace portsock::tools
