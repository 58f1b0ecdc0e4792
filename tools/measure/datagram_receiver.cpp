// SPDX-License-Identifier: MIT
#include <algorithm>
#include <array>
#include <type_traits>
#include <vector>

#include <portsock/datagram_statistics.hpp>
#include <tools/measure/arrivals.hpp>
#include <tools/measure/flow.hpp>

namespace portsock::tools::measuring {
namespace {

/// In one call, at most.
constexpr std::size_t most_at_once = 64;
/// What a receiver asks its system for, so that none is lost while it is not running.
constexpr int largest_buffer = 8 << 20;
/// What a system joins at most, with room to spare.
constexpr std::size_t largest_joined = std::size_t{64} * 1024;
/// Copies to the beginning of one take a twentieth less time, and a sender inside this host is
/// hardly slower than its receiver.
struct alignas(4096) page {
  std::array<std::byte, 4096> bytes;
};
/// How often the connection is looked at while datagrams come.
constexpr std::uint64_t look_every = 20'000'000;  // ns
/// After the last word: this long without any, and nothing more is on its way.
constexpr std::uint64_t quiet = 100'000'000;
constexpr std::uint64_t longest_drain = 2'000'000'000;
/// How often a client proves where it is, before something comes and while it does.
constexpr std::uint64_t knock_every = 100'000'000;
constexpr std::uint64_t knock_again_every = 1'000'000'000;

/// Rooms for a batch, where the system joins nothing.
template <class Room>
struct batch_rooms {
  explicit batch_rooms(std::size_t size) : bytes(most_at_once * size) {
    for (std::size_t i = 0; i != most_at_once; ++i)
      rooms.emplace_back(mutable_bytes{bytes}.subspan(i * size, size));
  }
  std::vector<std::byte> bytes;
  std::vector<Room> rooms;
};

/// The receiver's half of a flow: what came, and what the sender says over the connection. A client
/// has a socket that is connected to the server, and knocks there.
template <class Socket>
class listening {
  static constexpr bool knocks = std::is_same_v<Socket, connected_datagram_socket>;

 public:
  listening(const flow& with, Socket& from)
      : with_{with}, from_{from}, joins_{with.asked.joined && from.coalesce(true).value_or(false)} {
    if (joins_) joined_.resize(largest_joined / sizeof(page));
  }

  result<report> run() {
    const auto every = std::uint64_t{with_.asked.interval} * 1'000'000;
    auto now = moment();
    auto active = now;  // when something came last, of whatever kind
    auto next_look = now;
    std::uint64_t next_report = 0;
    std::uint64_t ended_at = 0;
    while (true) {
      const auto before = seen_.count();
      if constexpr (knocks)
        if (auto done = knock_in_time(now); !done) return done.failure();
      if (auto done = take(); !done) return done.failure();
      now = moment();
      if (seen_.count() != before) {
        if (before == 0) {
          began_ = now;
          next_report = now + every;
        }
        last_ = active = now;
      }
      if (began_ != 0 && now >= next_report && !sent_) {
        next_report += every * ((now - next_report) / every + 1);
        if (auto done = with_.tell(told(now)); !done) return done.failure();
      }
      if (now >= next_look && !sent_) {
        next_look = now + look_every;
        if (with_.stop.is_cancelled()) return fail(errc::cancelled);
        if (auto done = look(); !done) return done.failure();
        if (sent_) ended_at = now;
      }
      if (sent_ && (seen_.count() >= *sent_ || now - (std::max)(last_, ended_at) > quiet ||
                    now - ended_at > longest_drain))
        return told(last_);
      if (now - active > std::uint64_t{patience.count()} * 1'000'000'000)
        return fail(errc::timed_out);
    }
  }

 private:
  report told(std::uint64_t now) const {
    auto all = seen_.told(sent_);
    all.bytes = bytes_;
    if (const auto known = discarded_by(from_)) all.discarded = *known;
    // From the first to the last there is one pause less than there are datagrams.
    all.elapsed = (std::max)(began_ == 0 ? 0 : now - began_, sending_);
    return all;
  }

  void count(const_bytes datagram, std::uint64_t now) {
    const auto heard = decode_probe(datagram);
    if (!heard || heard->token != with_.asked.token) return;
    if (heard->number == knock_number) {
      proof_ = heard->sent;
      next_knock_ = now;
      return;
    }
    bytes_ += datagram.size();
    seen_.heard(heard->number, heard->sent, now);
  }

  result<> knock_in_time(std::uint64_t now) {
    if (now < next_knock_) return {};
    next_knock_ = now + (began_ == 0 ? knock_every : knock_again_every);
    std::array<std::byte, probe_size> knock;
    stamp(knock, {with_.asked.token, knock_number, proof_});
    return from_.send(knock, deadline::in(patience).or_when(with_.stop));
  }

  /// What is there, or what comes soon.
  result<> take() {
    const auto until = deadline::in(std::chrono::nanoseconds{look_every}).or_when(with_.stop);
    if (joins_) {
      const auto space = std::as_writable_bytes(std::span{joined_});
      const auto got = from_.receive_segments(space, until);
      if (!got) return unless_late(got.error());
      const auto now = moment();
      for (const const_bytes one : got->in(space)) count(one, now);
      return {};
    }
    const auto size = from_.receive_batch(rooms_.rooms, until);
    if (!size) return unless_late(size.error());
    const auto now = moment();
    for (std::size_t i = 0; i != *size; ++i) count(rooms_.rooms[i].datagram(), now);
    return {};
  }

  /// Whether the sender has said how many there were.
  result<> look() {
    std::array<std::byte, 4096> words;  // more than reports, which come each ms at most, until then
    const auto got = with_.connection.receive(words, deadline::now());
    if (!got) return unless_late(got.error());
    if (*got == 0) return fail(errc::end_of_stream);
    const auto heard = [this](frame kind, const report& theirs) {
      if (kind != frame::end) return;
      sent_ = theirs.datagrams;
      sending_ = theirs.elapsed;
    };
    if (!frames_.feed(const_bytes{words}.first(*got), heard) || frames_.data() != 0)
      return fail(errc::protocol_not_supported);
    return {};
  }

  using room = std::conditional_t<knocks, incoming_part, incoming>;

  const flow& with_;
  Socket& from_;
  bool joins_;
  std::vector<page> joined_;
  batch_rooms<room> rooms_{joins_ ? std::size_t{1} : std::size_t{with_.asked.datagram_size}};
  arrivals seen_;
  frame_reader frames_;
  std::optional<std::uint64_t> sent_;
  std::uint64_t sending_ = 0;  // how long it took to send them
  std::uint64_t bytes_ = 0;
  std::uint64_t began_ = 0;
  std::uint64_t last_ = 0;
  std::uint64_t next_knock_ = 0;
  std::uint64_t proof_ = 0;
};

/// Some systems refuse what is more than they give, others cut it.
void enlarge(auto& receiver) {
  for (int size = largest_buffer; size >= 1 << 16; size /= 2)
    if (receiver.set(options::receive_buffer, size)) return;
}

}  // namespace

result<> unless_late(error reason) {
  if (reason == errc::timed_out || reason == errc::would_block) return {};
  return fail(reason);
}

result<datagram_socket> open_datagrams(const endpoint& here, std::uint16_t& port) {
  auto opened = datagram_socket::bind(here);
  if (!opened) opened = datagram_socket::bind({here.address, 0});
  if (!opened) return opened;
  enlarge(*opened);
  const auto local = opened->local_endpoint();
  if (!local) return local.failure();
  port = local->port;
  return opened;
}

result<report> receive_datagrams(const flow& with, datagram_socket& from) {
  return listening{with, from}.run();
}
result<report> receive_datagrams(const flow& with, connected_datagram_socket& from) {
  enlarge(from);
  auto told = listening{with, from}.run();
  if (!told) return told;
  if (auto done = send_frame(with.connection, frame::result, *told, with.stop); !done)
    return done.failure();
  return told;
}

}  // namespace portsock::tools::measuring
