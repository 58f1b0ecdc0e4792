// SPDX-License-Identifier: MIT
// Random addresses and mutated text, against a second parser that is as plain as can be.

#include <gtest/gtest.h>

#include <algorithm>
#include <charconv>
#include <random>
#include <string>
#include <vector>

#include <portsock/address.hpp>

namespace portsock {
namespace {

using namespace std::string_view_literals;

std::vector<std::string> split(const std::string& text, char separator) {
  std::vector<std::string> parts{""};
  for (const char c : text) {
    if (c == separator)
      parts.emplace_back();
    else
      parts.back() += c;
  }
  return parts;
}

std::optional<std::uint64_t> number(const std::string& text, int base, std::size_t longest) {
  std::uint64_t value = 0;
  if (text.size() > longest || text.starts_with('-')) return std::nullopt;
  const auto [end, trouble] = std::from_chars(text.data(), text.data() + text.size(), value, base);
  if (trouble != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  if (base == 10 && std::to_string(value) != text) return std::nullopt;
  return value;
}

std::optional<ip_address> reference_v4(const std::string& text) {
  const auto parts = split(text, '.');
  ipv4_address address;
  if (parts.size() != 4) return std::nullopt;
  for (std::size_t i = 0; i < 4; ++i) {
    const auto value = number(parts[i], 10, 3);
    if (!value || *value > 255) return std::nullopt;
    address.bytes[i] = static_cast<std::uint8_t>(*value);
  }
  return address;
}

std::optional<std::vector<std::uint8_t>> reference_groups(const std::string& text, bool last) {
  std::vector<std::uint8_t> bytes;
  if (text.empty()) return bytes;
  const auto parts = split(text, ':');
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (const auto v4 = reference_v4(parts[i]); v4 && last && i + 1 == parts.size()) {
      for (const auto byte : std::get<ipv4_address>(*v4).bytes) bytes.push_back(byte);
      continue;
    }
    const auto value = number(parts[i], 16, 4);
    if (!value) return std::nullopt;
    bytes.push_back(static_cast<std::uint8_t>(*value >> 8));
    bytes.push_back(static_cast<std::uint8_t>(*value & 255));
  }
  return bytes;
}

std::optional<ip_address> reference(std::string text) {
  if (const auto v4 = reference_v4(text)) return v4;
  ipv6_address address;
  if (const auto zone = text.find('%'); zone != text.npos) {
    const auto scope = number(text.substr(zone + 1), 10, 10);
    if (!scope || *scope == 0 || *scope > 0xffffffff) return std::nullopt;
    address.scope = static_cast<std::uint32_t>(*scope);
    text.resize(zone);
  }
  const auto gap = text.find("::");
  const auto head = reference_groups(text.substr(0, gap), gap == text.npos);
  const auto tail = reference_groups(gap == text.npos ? "" : text.substr(gap + 2), true);
  if (!head || !tail) return std::nullopt;
  const auto size = head->size() + tail->size();
  if (gap == text.npos ? size != 16 : size > 14) return std::nullopt;
  std::ranges::copy(*head, address.bytes.begin());
  std::ranges::copy_backward(*tail, address.bytes.end());
  return address;
}

std::mt19937 seeded() { return std::mt19937{20260101}; }

ip_address random_address(std::mt19937& random) {
  if (random() % 2 == 0) {
    ipv4_address address;
    for (auto& byte : address.bytes) byte = static_cast<std::uint8_t>(random() >> random() % 8);
    return address;
  }
  ipv6_address address;
  const auto zeros = random() % 16;  // how likely a byte is zero, in sixteenths
  for (auto& byte : address.bytes)
    if (random() % 16 >= zeros) byte = static_cast<std::uint8_t>(random());
  if (random() % 8 == 0) address.scope = static_cast<std::uint32_t>(random() >> random() % 32);
  return random() % 8 == 0 ? mapped({{1, 2, 3, address.bytes[0]}}) : address;
}

TEST(AddressText, ParsesToTheAddressThatWroteIt) {
  auto random = seeded();

  for (int i = 0; i < 50'000; ++i) {
    const endpoint written{random_address(random), static_cast<std::uint16_t>(random())};

    ASSERT_EQ(parse_address(to_string(written.address)), written.address);
    ASSERT_EQ(parse_endpoint(to_string(written)), written) << to_string(written);
    ASSERT_EQ(reference(to_string(written.address)), written.address);
  }
}

TEST(AddressText, ThatIsMutatedIsJudgedAsAPlainParserJudgesIt) {
  auto random = seeded();
  constexpr std::string_view alphabet = "0123456789abcdefABCDEFgx.:.:.:%%/[] -+\0"sv;
  int accepted = 0;

  for (int i = 0; i < 200'000; ++i) {
    std::string text = to_string(random_address(random));
    for (auto edits = random() % 4; edits != 0; --edits) {
      const auto at = random() % (text.size() + 1);
      const char character = alphabet[random() % alphabet.size()];
      switch (random() % 3) {
        case 0:
          text.insert(at, 1, character);
          break;
        case 1:
          text.erase(at, 1);
          break;
        default:
          text.replace(at, 1, 1, character);
      }
    }

    const auto parsed = parse_address(text);
    ASSERT_EQ(parsed, reference(text)) << text;
    if (!parsed) continue;
    ++accepted;
    ASSERT_EQ(parse_address(to_string(*parsed)), parsed) << text;
  }

  EXPECT_GT(accepted, 20'000) << "the mutations should leave some text alone";
  EXPECT_LT(accepted, 180'000) << "the mutations should break some text";
}

}  // namespace
}  // namespace portsock
