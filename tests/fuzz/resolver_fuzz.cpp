// SPDX-License-Identifier: MIT

// What people give as a host and a service. The system's resolver is a double: what reaches it is
// looked at, and no name is asked for.

#include <algorithm>

#include <platform/contract.hpp>
#include <tests/fuzz/fuzz.hpp>
#include <tests/fuzz/system_text.hpp>

namespace portsock::platform {

result<std::vector<endpoint>> resolve(const std::string& host, const std::string& service,
                                      transport, std::optional<family> only) {
  fuzz::expect(!host.empty() && host.size() <= 254, "a name has a length that the DNS allows");
  fuzz::expect(std::ranges::all_of(host, [](char c) { return c > ' ' && c < 0x7f; }),
               "a name is ASCII without blanks");
  fuzz::expect(parse_address(host).has_value() || !fuzz::system_reads_a_number(host),
               "the system sees no number that it could take for another address");
  fuzz::expect(
      service.empty() || !std::ranges::all_of(service, [](char c) { return c >= '0' && c <= '9'; }),
      "nor one that it could take for another port");
  if (only == family::v6) return std::vector{endpoint{ipv6_address::loopback(), 1}};
  return std::vector{endpoint{ipv4_address::loopback(), 1}};
}

result<std::vector<endpoint>> resolve_within(const std::string& host, const std::string& service,
                                             transport over, std::optional<family> only, deadline) {
  return resolve(host, service, over, only);
}

}  // namespace portsock::platform

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace portsock;
  const auto choice = fuzz::take_choice(data, size);
  const auto text = fuzz::as_text(data, size);
  const auto only = choice % 3 == 0   ? std::nullopt
                    : choice % 3 == 1 ? std::optional{family::v4}
                                      : std::optional{family::v6};
  if (choice < 128) {
    const auto found = resolve(text, 80, deadline::never(), only);
    if (!found) return 0;
    fuzz::expect(!text.empty() && found->size() == 1, "an answer has something in it");
    fuzz::expect(found->front().port == 80, "the port is the caller's");
    fuzz::expect(!only || family_of(found->front().address) == *only, "so is the family");
    const auto address = parse_address(text);
    fuzz::expect(!address || found->front().address == *address, "an address is what it says");
    return 0;
  }
  const auto comma = text.find(',');
  const auto service = comma == text.npos ? text : text.substr(comma + 1);
  const auto found = resolve(comma == text.npos ? "localhost" : text.substr(0, comma), service,
                             transport::tcp, deadline::never(), only);
  if (!found) return 0;
  fuzz::expect(!service.empty(), "an empty service is none");
  const auto port = parse_port(service);
  fuzz::expect(found->front().port == port.value_or(1),
               "a number is the port, a name is asked for");
  return 0;
}
