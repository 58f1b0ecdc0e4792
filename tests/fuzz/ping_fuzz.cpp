// SPDX-License-Identifier: MIT

// Packets from anywhere, given to an engine that waits for replies: whatever they are, it tells of
// nothing that it did not ask, and takes nothing for a reply that is none.
//
// The first byte chooses the family. Then come packets: a byte of length, a byte that says how the
// packet is made, and its bytes, which replace those of a right one from a place on.

#include <algorithm>
#include <array>
#include <deque>
#include <vector>

#include <portsock/ping.hpp>
#include <tests/fuzz/fuzz.hpp>

namespace portsock::fuzz {
namespace {

using namespace std::chrono_literals;
using kind = ping::event::what;

constexpr std::uint64_t rounds = 4;
constexpr std::size_t hosts = 3;
constexpr std::size_t payload_size = 20;

const ping::identity self{0x1234,
                          {std::byte{0xc0}, std::byte{0xff}, std::byte{0xee}, std::byte{1},
                           std::byte{2}, std::byte{3}, std::byte{4}, std::byte{5}}};

ip_address host(family of, std::size_t number) {
  const auto last = static_cast<std::uint8_t>(number + 1);
  if (of == family::v4) return ipv4_address{{192, 0, 2, last}};
  ipv6_address made{};
  made.bytes = {0x20, 0x01, 0x0d, 0xb8};
  made.bytes[15] = last;
  return made;
}

/// An IP packet's fixed header, as an error quotes it.
std::vector<std::byte> header_to(const ip_address& peer) {
  std::vector<std::byte> made;
  if (const auto* v4 = std::get_if<ipv4_address>(&peer)) {
    made.resize(20);
    made[0] = std::byte{0x45};
    made[9] = std::byte{1};
    std::ranges::copy(std::as_bytes(std::span{v4->bytes}), made.begin() + 16);
  } else {
    made.resize(40);
    made[0] = std::byte{0x60};
    made[6] = std::byte{58};
    std::ranges::copy(std::as_bytes(std::span{std::get<ipv6_address>(peer).bytes}),
                      made.begin() + 24);
  }
  return made;
}

class network final : public ping::link {
 public:
  explicit network(family of) : of_{of} {}

  struct sent_request {
    ip_address peer;
    std::uint16_t sequence;
    std::vector<std::byte> payload;
    std::vector<std::byte> packet;
  };
  std::vector<sent_request> sent;

  /// Takes one packet of the input; false when there is none left.
  bool deliver(const std::uint8_t*& data, std::size_t& size) {
    if (size < 3) return false;
    const auto length = (std::min)(std::size_t{data[0]}, size - 3);
    const auto how = data[1];
    const auto place = std::size_t{data[2]};
    const auto bytes = as_packet(data + 3, length);
    data += 3 + length;
    size -= 3 + length;
    packet_ = base(how);
    if (place + bytes.size() > packet_.size()) packet_.resize(place + bytes.size());
    std::ranges::copy(bytes, packet_.begin() + static_cast<std::ptrdiff_t>(place));
    if ((how & 0x40) != 0) packet_.resize((std::min)(packet_.size(), place));
    if ((how & 0x80) == 0) mend(packet_);
    from_ = sent.empty() ? host(of_, 0) : sent[how % sent.size()].peer;
    has_packet_ = true;
    return true;
  }
  void pass(ping::duration time) { now_ += time; }
  const std::vector<std::byte>& packet() const { return packet_; }

  ping::time_point now() noexcept override { return now_; }
  std::optional<std::uint16_t> identifier(family) const noexcept override {
    return self.identifier;
  }
  result<std::size_t> send(std::span<icmp_outgoing> requests) noexcept override {
    for (auto& one : requests) {
      one.left = now_;
      const auto payload = one.request.payload;
      std::array<std::byte, icmp::header_size + payload_size> room;
      const auto packet = icmp::encode(one.request, of_, room);
      expect(packet.has_value(), "requests fit");
      sent.push_back({one.peer,
                      one.request.sequence,
                      {payload.begin(), payload.end()},
                      {packet->begin(), packet->end()}});
    }
    return requests.size();
  }
  result<icmp_arrivals> receive() noexcept override {
    if (!has_packet_) return icmp_arrivals{};
    has_packet_ = false;
    const auto message = icmp::decode(packet_, of_);
    if (!message) return icmp_arrivals{};
    event_ = {.from = from_, .message = *message, .size = packet_.size(), .arrival = now_};
    return icmp_arrivals{std::span{&event_, 1}, {}};
  }

 private:
  /// A right reply, or a right error about a request.
  std::vector<std::byte> base(std::uint8_t how) const {
    if (sent.empty()) return {};
    const auto& asked = sent[how % sent.size()];
    if ((how & 0x20) == 0) {
      auto made = asked.packet;
      made[0] = of_ == family::v4 ? std::byte{0} : std::byte{129};
      return made;
    }
    std::vector<std::byte> made(icmp::header_size);
    made[0] = of_ == family::v4 ? std::byte{3} : std::byte{1};
    const auto header = header_to(asked.peer);
    made.insert(made.end(), header.begin(), header.end());
    made.insert(made.end(), asked.packet.begin(), asked.packet.end());
    return made;
  }
  /// Few random packets have the right checksum.
  void mend(std::vector<std::byte>& packet) const {
    if (of_ == family::v6 || packet.size() < icmp::header_size) return;
    packet[2] = packet[3] = std::byte{0};
    const auto sum = checksum(packet);
    packet[2] = static_cast<std::byte>(sum >> 8);
    packet[3] = static_cast<std::byte>(sum & 0xff);
  }

  family of_;
  ping::time_point now_{1h};
  std::vector<std::byte> packet_;
  ip_address from_{};
  bool has_packet_ = false;
  icmp_event event_{};
};

struct judge final : ping::listener {
  explicit judge(network& link) : world{link} {}

  void happened(const ping::event& what) override {
    expect(static_cast<std::size_t>(what.host) < hosts, "of a host that was added");
    expect(what.number >= 1 && what.number <= rounds, "of a round that was begun");
    auto& ended = rounds_ended[static_cast<std::size_t>(what.host)]
                              [static_cast<std::size_t>(what.number - 1)];
    if (what.kind == kind::sent) return;
    expect(what.index >= 1 && what.index <= world.sent.size(), "of a request that was sent");
    expect(what.round_trip >= 0ns, "time goes forward");
    if (what.kind == kind::reply || what.kind == kind::late || what.kind == kind::duplicate)
      expect_reply(world.sent[what.index - 1]);
    if (what.kind == kind::reply || what.kind == kind::lost) {
      expect(!ended, "a round ends once");
      ended = true;
    }
    if (what.kind == kind::duplicate) expect(ended, "the second reply comes after the first");
  }
  /// The packet that is judged is a reply to this request.
  void expect_reply(const network::sent_request& to) const {
    const auto& packet = world.packet();
    const auto carried = const_bytes{packet}.subspan(icmp::header_size);
    expect(carried.size() >= 8 && carried.size() <= payload_size, "with the cookie");
    expect(std::ranges::equal(carried, const_bytes{to.payload}.first(carried.size())),
           "with what was sent");
    const auto number = [&](std::size_t at) {
      return std::to_integer<unsigned>(packet[at]) << 8 | std::to_integer<unsigned>(packet[at + 1]);
    };
    expect(number(4) == self.identifier, "with the identifier");
    expect(number(6) == to.sequence, "with the sequence number");
  }

  network& world;
  std::array<std::array<bool, rounds>, hosts> rounds_ended{};
};

}  // namespace
}  // namespace portsock::fuzz

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace portsock;
  using namespace portsock::fuzz;
  const auto choice = take_choice(data, size);
  const auto of = choice % 2 == 0 ? family::v4 : family::v6;
  network link{of};
  judge told{link};
  ping::engine pings{link, told, {.size = payload_size}, self};
  for (std::size_t i = 0; i != hosts; ++i)
    expect(pings
               .add(host(of, i), {.count = rounds,
                                  .interval = 10ms,
                                  .timeout = 25ms,
                                  .retries = (choice & 2) != 0 ? 1u : 0u})
               .has_value(),
           "the schedule is in range");
  do {
    expect(pings.advance().has_value(), "nothing fails");
    link.pass(4ms);
  } while (link.deliver(data, size));
  for (int turns = 0; turns != 100 && !pings.finished(); ++turns) {
    expect(pings.advance().has_value(), "nothing fails");
    link.pass(10ms);
  }
  expect(pings.finished(), "it ends, whatever came");
  return 0;
}
