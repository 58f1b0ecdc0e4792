// SPDX-License-Identifier: MIT
#include <portsock/prefix.hpp>
#include <tests/fuzz/fuzz.hpp>

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace portsock;
  const auto parsed = parse_prefix(fuzz::as_text(data, size));
  if (!parsed) return 0;
  fuzz::expect(parse_prefix(to_string(*parsed)) == parsed, "what is written is read again");
  fuzz::expect(parsed->contains(parsed->first()), "it contains its first address");
  fuzz::expect(parsed->contains(parsed->last()), "it contains its last address");
  fuzz::expect(parsed->contains(*parsed), "it contains itself");
  fuzz::expect(prefix::of(parsed->last(), parsed->length()) == parsed, "its last belongs to it");
  fuzz::expect(parsed->host_count() >= 1, "it has a host");
  std::uint64_t seen = 0;
  for (const auto& host : parsed->hosts()) {
    fuzz::expect(parsed->contains(host), "its hosts are in it");
    if (++seen == 64) break;
  }
  fuzz::expect(seen == 64 || seen == parsed->host_count(), "it has as many hosts as it says");
  return 0;
}
