// SPDX-License-Identifier: MIT

// Text that may be an address: the verdict and the value are inet_pton's, and so is the text of
// what came out, but for what address.hpp says: zones, and addresses like ::1.2.3.4, which
// inet_ntop still writes in the form that RFC 4291 gave up.

#include <algorithm>
#include <array>

#include <portsock/address.hpp>
#include <tests/fuzz/fuzz.hpp>
#include <tests/fuzz/system_text.hpp>

namespace portsock::fuzz {
namespace {

bool is_v4_compatible(const ipv6_address& address) {
  return std::all_of(address.bytes.begin(), address.bytes.begin() + 12,
                     [](std::uint8_t byte) { return byte == 0; });
}

/// Of two runs of zeros as long as each other musl takes the second, if the first begins the
/// address: RFC 5952, 4.2.3, wants the first.
bool system_writes_as_rfc_5952() {
  static const bool does = system_format(std::array<std::uint8_t, 16>{
                               0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 1, 0, 1, 0, 1}) == "::1:0:0:1:1:1";
  return does;
}

void compare_v4(const std::string& text) {
  const auto ours = parse_ipv4(text);
  const auto theirs = system_parse_v4(text);
  expect(ours.has_value() == theirs.has_value(), "IPv4 is judged as inet_pton judges it");
  if (!ours) return;
  expect(ours->bytes == *theirs, "IPv4 is what inet_pton says");
  expect(to_string(*ours) == system_format(ours->bytes), "IPv4 is written as inet_ntop writes it");
}

void compare_v6(const std::string& text) {
  if (text.find('%') != text.npos) return;  // inet_pton knows no zones
  const auto ours = parse_ipv6(text);
  const auto theirs = system_parse_v6(text);
  expect(ours.has_value() == theirs.has_value(), "IPv6 is judged as inet_pton judges it");
  if (!ours) return;
  expect(ours->bytes == *theirs, "IPv6 is what inet_pton says");
  if (!is_v4_compatible(*ours) && system_writes_as_rfc_5952())
    expect(to_string(*ours) == system_format(ours->bytes),
           "IPv6 is written as inet_ntop writes it");
}

}  // namespace
}  // namespace portsock::fuzz

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace portsock;
  const std::string text{fuzz::as_text(data, size)};
  // A zero byte ends the system's strings, and is a wrong character to the library.
  if (fuzz::system_is_strict() && text.find('\0') == text.npos) {
    fuzz::compare_v4(text);
    fuzz::compare_v6(text);
  }

  const auto address = parse_address(text);
  const auto v4 = parse_ipv4(text);
  const auto v6 = parse_ipv6(text);
  fuzz::expect(!(v4 && v6), "no text is of both families");
  fuzz::expect(address.has_value() == (v4 || v6), "an address is of one of the families");
  if (!address) return 0;
  fuzz::expect(text.find('\0') == text.npos, "a zero byte is no part of an address");
  const auto written = to_string(*address);
  fuzz::expect(parse_address(written) == address, "what is written is read again");
  fuzz::expect(written.size() <= text.size() || v6, "IPv4 has one form");
  fuzz::expect(to_string(*parse_address(written)) == written, "the form is a fixed point");
  return 0;
}
