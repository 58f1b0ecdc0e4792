// SPDX-License-Identifier: MIT
#include <vector>

#include <platform/bsd/control_messages.hpp>
#include <tests/fuzz/fuzz.hpp>
#include <tests/support/control_headers.hpp>

namespace {

using namespace portsock::platform;
using portsock::const_bytes;
using portsock::tests::narrow_control_header;
using portsock::tests::wide_control_header;
namespace fuzz = portsock::fuzz;

template <class Format>
void walk(const_bytes bytes) {
  control_reader<Format> items{bytes};
  const auto* at = bytes.data();
  while (const auto item = items.next()) {
    fuzz::expect(item->data.data() >= at + Format::data_at, "each lies behind the one before it");
    at = item->data.data() + item->data.size();
    fuzz::expect(at <= bytes.data() + bytes.size(), "none reaches beyond the end");
    std::size_t sum = 0;
    for (const auto byte : item->data) sum += static_cast<std::size_t>(byte);
    const auto whole = item->template as<std::array<std::byte, 8>>();
    fuzz::expect(whole.has_value() == (item->data.size() >= 8), "a value is whole or is not there");
    const auto octet = item->octet();
    fuzz::expect(!octet || sum >= *octet, "an octet is one of its bytes");
  }
  fuzz::expect(!items.next(), "the end stays the end");
}

/// What is written is read again, for as long as there is room.
template <class Format>
void write(const_bytes bytes) {
  control_writer<Format> out;
  std::size_t written = 0;
  for (const auto byte : bytes) {
    const auto before = out.bytes().size();
    out.add(static_cast<int>(written), 7, byte);
    if (out.bytes().size() == before) break;
    ++written;
  }
  control_reader<Format> items{out.bytes()};
  for (std::size_t i = 0; i != written; ++i) {
    const auto item = items.next();
    fuzz::expect(
        item && item->level == static_cast<int>(i) && item->template as<std::byte>() == bytes[i],
        "what was written is read");
  }
  fuzz::expect(!items.next(), "and nothing else");
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto choice = fuzz::take_choice(data, size);
  const auto packet = fuzz::as_packet(data, size);
  const std::vector<std::byte> bytes{packet.begin(), packet.end()};  // a read beyond it is seen
  switch (choice % 4) {
    case 0:
      walk<control_format<wide_control_header, 8>>(bytes);
      break;
    case 1:
      walk<control_format<narrow_control_header, 4>>(bytes);
      break;
    case 2:
      write<control_format<wide_control_header, 8>>(bytes);
      break;
    default:
      write<control_format<narrow_control_header, 4>>(bytes);
  }
  return 0;
}
