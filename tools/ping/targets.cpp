// SPDX-License-Identifier: MIT
#include <tools/ping/targets.hpp>

#include <algorithm>
#include <array>
#include <cstdint>
#include <istream>

#include <portsock/prefix.hpp>

namespace portsock::tools {
namespace {

constexpr std::uint64_t most = 1 << 24;

/// The bytes of an address, 4 or 16, so that both families count alike.
mutable_bytes bytes_of(ip_address& address) noexcept {
  return std::visit(
      [](auto& one) -> mutable_bytes { return std::as_writable_bytes(std::span{one.bytes}); },
      address);
}

/// The next address; false when there is none.
bool step(ip_address& address) noexcept {
  const auto bytes = bytes_of(address);
  for (auto at = bytes.size(); at-- != 0;) {
    bytes[at] = static_cast<std::byte>(std::to_integer<unsigned>(bytes[at]) + 1);
    if (bytes[at] != std::byte{0}) return true;
  }
  return false;
}

/// How many addresses lie from `first` to `last`; nothing when that is too many, or none.
std::optional<std::uint64_t> distance(ip_address first, ip_address last) noexcept {
  if (family_of(first) != family_of(last)) return std::nullopt;
  const auto from = bytes_of(first);
  const auto to = bytes_of(last);
  std::uint64_t low = 0;
  std::uint64_t high = 0;
  const std::size_t shared = from.size() > 8 ? from.size() - 8 : 0;
  if (!std::ranges::equal(from.first(shared), to.first(shared))) return std::nullopt;
  for (auto at = shared; at != from.size(); ++at) {
    low = low << 8 | std::to_integer<std::uint64_t>(from[at]);
    high = high << 8 | std::to_integer<std::uint64_t>(to[at]);
  }
  if (high < low || high - low >= most) return std::nullopt;
  return high - low + 1;
}

std::optional<span_of_hosts> in_bounds(const ip_address& first, const ip_address& last) {
  if (!distance(first, last)) return std::nullopt;
  return span_of_hosts{first, last};
}

}  // namespace

std::optional<span_of_hosts> parse_sweep(std::string_view text) {
  if (const auto network = parse_prefix(text)) {
    if (network->host_count() > most) return std::nullopt;
    ip_address last = network->last();
    ip_address first = network->first();
    if (family_of(first) == family::v4 && network->length() < 31) {
      step(first);
      --std::get<ipv4_address>(last).bytes[3];  // all ones, so nothing is borrowed
    }
    return in_bounds(first, last);
  }
  const auto dash = text.find('-');
  if (dash == text.npos) return std::nullopt;
  const auto first = parse_address(text.substr(0, dash));
  if (!first) return std::nullopt;
  const auto rest = text.substr(dash + 1);
  if (const auto last = parse_address(rest)) return in_bounds(*first, *last);
  // The last byte alone: "10.0.0.1-99".
  const auto number = parse_port(rest);
  if (!number || *number > 255 || family_of(*first) != family::v4) return std::nullopt;
  auto last = std::get<ipv4_address>(*first);
  last.bytes[3] = static_cast<std::uint8_t>(*number);
  return in_bounds(*first, last);
}

void for_each_host(const span_of_hosts& span, const std::function<void(const ip_address&)>& each) {
  auto at = span.first;
  do each(at);
  while (at != span.last && step(at));
}

std::vector<std::string> hosts_in(std::istream& list) {
  std::vector<std::string> found;
  for (std::string line; std::getline(list, line);) {
    line.resize((std::min)(line.find('#'), line.size()));
    constexpr std::string_view blanks = " \t\r\f\v";
    const auto begin = line.find_first_not_of(blanks);
    if (begin == line.npos) continue;
    found.push_back(line.substr(begin, line.find_last_not_of(blanks) + 1 - begin));
  }
  return found;
}

}  // namespace portsock::tools
