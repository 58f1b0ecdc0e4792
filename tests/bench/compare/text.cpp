// SPDX-License-Identifier: MIT

// Addresses to text and back: random ones, and more of them than a processor learns by heart.

#include <random>

#include <arpa/inet.h>

#include "registry.hpp"
#include "suites.hpp"

namespace compare {
namespace {

constexpr std::size_t count = 32'768;

template <class Input>
void compare_one(std::string_view suite,
                 std::function<std::size_t(std::span<const Input>)> address_text::* part,
                 const std::vector<Input>& inputs, const settings& wanted,
                 std::vector<outcome>& outcomes) {
  std::vector<contender> contenders;
  for (const auto& [name, text] : entries<address_text>())
    if (const auto& work = text.*part)
      contenders.push_back({name, [&inputs, work] {
                              const auto before = thread_cpu_time();
                              std::size_t sum = 0;
                              sum += work(inputs);
                              const auto time = thread_cpu_time() - before;
                              require(sum != 0, "address text");
                              return static_cast<double>(time.count()) / count;
                            }});
  compete(suite, contenders, wanted, outcomes);
}

std::string text_of(int family, const address_bytes& address) {
  char text[INET6_ADDRSTRLEN];
  require(::inet_ntop(family, address.data(), text, sizeof text) != nullptr, "inet_ntop");
  return text;
}

}  // namespace

void compare_text(const settings& wanted, std::vector<outcome>& outcomes) {
  auto shorter = wanted;
  shorter.budget /= 4;
  std::mt19937 dice{1};
  std::vector<address_bytes> addresses(count);
  std::vector<std::string> v4, v6;
  for (auto& address : addresses) {
    for (auto& byte : address) byte = static_cast<std::uint8_t>(dice());
    v4.push_back(text_of(AF_INET, address));
    v6.push_back(text_of(AF_INET6, address));
  }
  compare_one("IPv4 parse", &address_text::parse_v4, v4, shorter, outcomes);
  compare_one("IPv4 format", &address_text::format_v4, addresses, shorter, outcomes);
  compare_one("IPv6 parse", &address_text::parse_v6, v6, shorter, outcomes);
  compare_one("IPv6 format", &address_text::format_v6, addresses, shorter, outcomes);
}

}  // namespace compare
