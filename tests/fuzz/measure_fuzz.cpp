// SPDX-License-Identifier: MIT
#include <algorithm>
#include <vector>

#include <tests/fuzz/fuzz.hpp>
#include <tools/measure/frames.hpp>

namespace {

using namespace portsock::tools::measuring;
using portsock::const_bytes;
namespace fuzz = portsock::fuzz;

/// What a stream came to.
struct outcome {
  std::vector<std::pair<frame, report>> heard{};
  std::uint64_t data = 0;
  bool sound = true;
  friend bool operator==(const outcome&, const outcome&) = default;
};

outcome read(const_bytes bytes, std::size_t at_a_time) {
  frame_reader reader;
  outcome came;
  while (came.sound && !bytes.empty()) {
    const auto size = (std::min)(bytes.size(), at_a_time);
    came.sound = reader.feed(bytes.first(size), [&came](frame kind, const report& told) {
      came.heard.emplace_back(kind, told);
    });
    bytes = bytes.subspan(size);
  }
  came.data = reader.data();
  return came;
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto choice = fuzz::take_choice(data, size);
  const auto packet = fuzz::as_packet(data, size);
  const std::vector<std::byte> bytes{packet.begin(), packet.end()};  // a read beyond it is seen
  switch (choice % 4) {
    case 0:
      if (const auto asked = decode_request(bytes)) {
        fuzz::expect(may_begin(bytes), "a request begins as one");
        fuzz::expect(decode_request(encode(*asked)) == asked, "a request is the same again");
        fuzz::expect(!is_sound(*asked) || !asked->datagrams || asked->datagram_size >= probe_size,
                     "a sound request has room for what stands in a datagram");
      }
      break;
    case 1:
      if (const auto given = decode_answer(bytes))
        fuzz::expect(decode_answer(encode(*given)) == given, "an answer is the same again");
      break;
    case 2:
      if (const auto told = decode_report(bytes))
        fuzz::expect(std::ranges::equal(encode(*told), bytes), "a report has one form");
      break;
    default: {
      const auto whole = read(bytes, SIZE_MAX);
      fuzz::expect(whole.data <= bytes.size(), "no more data than came");
      fuzz::expect(whole == read(bytes, 1), "it does not matter how a stream was cut");
      fuzz::expect(whole == read(bytes, 1 + choice / 4), "nor into which pieces");
    }
  }
  return 0;
}
