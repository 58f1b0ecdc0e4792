// SPDX-License-Identifier: MIT
#include <tests/fuzz/system_text.hpp>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

namespace portsock::fuzz {
namespace {

template <std::size_t Size>
std::optional<std::array<std::uint8_t, Size>> parse(int family, const std::string& text) {
  std::array<std::uint8_t, Size> bytes;
  if (::inet_pton(family, text.c_str(), bytes.data()) != 1) return std::nullopt;
  return bytes;
}

std::string format(int family, const void* bytes) {
  std::array<char, 64> buffer;
  return ::inet_ntop(family, bytes, buffer.data(), buffer.size());
}

}  // namespace

bool system_is_strict() { return true; }

std::optional<std::array<std::uint8_t, 4>> system_parse_v4(const std::string& text) {
  return parse<4>(AF_INET, text);
}
std::optional<std::array<std::uint8_t, 16>> system_parse_v6(const std::string& text) {
  return parse<16>(AF_INET6, text);
}
std::string system_format(const std::array<std::uint8_t, 4>& bytes) {
  return format(AF_INET, bytes.data());
}
std::string system_format(const std::array<std::uint8_t, 16>& bytes) {
  return format(AF_INET6, bytes.data());
}

bool system_reads_a_number(const std::string& text) {
  in_addr unused;
  return ::inet_aton(text.c_str(), &unused) != 0;
}

}  // namespace portsock::fuzz
