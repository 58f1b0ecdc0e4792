// SPDX-License-Identifier: MIT
#include <tools/send/tally.hpp>

#include <utility>

#include <tools/common/clock_text.hpp>
#include <tools/common/json_line.hpp>

namespace portsock::tools {

std::string tally::milliseconds(seconds span) { return decimal(span.count() * 1000, 3) + " ms"; }

void tally::resolved(const std::vector<endpoint>& found) {
  const auto now = clock::now();
  resolve_ = now - std::exchange(step_, now);
  if (!options_.verbose) return;
  std::string addresses;
  for (const auto& one : found)
    addresses += (addresses.empty() ? "" : ", ") + to_string(one.address);
  say("resolved in " + milliseconds(*resolve_) + ": " + addresses);
}

std::string_view tally::transport() const noexcept {
  if (options_.local) return options_.datagram ? "unix-dgram" : "unix";
  return options_.datagram ? "udp" : "tcp";
}

void tally::connected(std::string local, std::string peer) {
  const auto now = clock::now();
  connect_ = now - std::exchange(step_, now);
  local_ = std::move(local);
  peer_ = std::move(peer);
  if (options_.verbose)
    say("connected in " + milliseconds(*connect_) + ": " + *local_ + " to " + peer_);
}

void tally::tries_again(error reason, std::chrono::milliseconds pause) {
  if (options_.verbose)
    say("tries again in " + std::to_string(pause.count()) + " ms: " + reason.message());
  step_ = clock::now() + pause;
}

void tally::received(std::uint64_t bytes) {
  received_ += bytes;
  ++receives_;
  if (first_byte_) return;
  first_byte_ = clock::now() - step_;
  if (options_.verbose) say("first byte after " + milliseconds(*first_byte_));
}

void tally::end(exit_code code) {
  const seconds all = clock::now() - began_;
  if (options_.verbose && local_)
    say("sent " + count(sent_, "byte") + ", received " + count(received_, "byte") + " in " +
        milliseconds(all));
  if (!options_.json) return;
  json_line line;
  line.text("event", "summary")
      .truth("ok", code == exit_code::ok)
      .text("transport", transport())
      .text("peer", peer_);
  if (local_) line.text("local", *local_);
  line.number("sent", sent_).number("received", received_);
  if (options_.datagram)
    line.number("datagrams_sent", sends_).number("datagrams_received", receives_);
  const auto step = [&line](std::string_view name, const std::optional<seconds>& span) {
    if (span) line.number(name, span->count());
  };
  step("resolve_seconds", resolve_);
  step("connect_seconds", connect_);
  step("first_byte_seconds", first_byte_);
  say(line.number("seconds", all.count()).object());
}

}  // namespace portsock::tools
