// SPDX-License-Identifier: MIT
#include <algorithm>
#include <array>
#include <vector>

#include <tools/measure/arrivals.hpp>
#include <tools/measure/flow.hpp>
#include <tools/send/pace.hpp>

namespace portsock::tools::measuring {
namespace {

using clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

/// In one call, at most: what one segmentation takes.
constexpr std::size_t most_at_once = 64;
/// What a receiver asks its system for, so that none is lost while it is not running.
constexpr int largest_buffer = 8 << 20;
/// How often the connection is looked at while datagrams come.
constexpr std::uint64_t look_every = 20'000'000;  // ns
/// After the last word: this long without any, and nothing more is on its way.
constexpr std::uint64_t quiet = 100'000'000;
constexpr std::uint64_t longest_drain = 2'000'000'000;

void stamp(mutable_bytes datagram, const probe& with) {
  put(datagram, 0, with.token, 8);
  put(datagram, 8, with.number, 8);
  put(datagram, 16, with.sent, 8);
}

/// Rooms for a batch, where the system joins nothing.
struct batch_rooms {
  explicit batch_rooms(std::size_t size) : bytes(most_at_once * size) {
    for (std::size_t i = 0; i != most_at_once; ++i)
      rooms.emplace_back(mutable_bytes{bytes}.subspan(i * size, size));
  }
  std::vector<std::byte> bytes;
  std::vector<incoming> rooms;
};

/// The receiver's half of a flow: what came, and what the sender says over the connection.
class listening {
 public:
  listening(const flow& with, datagram_socket& from)
      : with_{with}, from_{from}, joins_{with.asked.joined && from.coalesce(true).value_or(false)} {
    if (joins_) buffer_.resize(65'535);
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
    // From the first to the last there is one pause less than there are datagrams.
    all.elapsed = (std::max)(began_ == 0 ? 0 : now - began_, sending_);
    return all;
  }

  void count(const_bytes datagram, std::uint64_t now) {
    if (datagram.size() < probe_size || get(datagram, 0, 8) != with_.asked.token) return;
    bytes_ += datagram.size();
    seen_.heard(get(datagram, 8, 8), get(datagram, 16, 8), now);
  }

  /// What is there, or what comes soon.
  result<> take() {
    const auto until = deadline::in(std::chrono::nanoseconds{look_every}).or_when(with_.stop);
    if (joins_) {
      const auto got = from_.receive_segments(buffer_, until);
      if (!got) return unless_late(got.error());
      const auto now = moment();
      for (const const_bytes one : got->in(buffer_)) count(one, now);
      return {};
    }
    const auto size = from_.receive_batch(rooms_.rooms, until);
    if (!size) return unless_late(size.error());
    const auto now = moment();
    for (std::size_t i = 0; i != *size; ++i) count(rooms_.rooms[i].datagram(), now);
    return {};
  }
  static result<> unless_late(error reason) {
    if (reason == errc::timed_out || reason == errc::would_block) return {};
    return fail(reason);
  }

  /// Whether the sender has said how many there were.
  result<> look() {
    std::array<std::byte, 512> words;
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

  const flow& with_;
  datagram_socket& from_;
  bool joins_;
  std::vector<std::byte> buffer_;
  batch_rooms rooms_{joins_ ? std::size_t{1} : std::size_t{with_.asked.datagram_size}};
  arrivals seen_;
  frame_reader frames_;
  std::optional<std::uint64_t> sent_;
  std::uint64_t sending_ = 0;  // how long it took to send them
  std::uint64_t bytes_ = 0;
  std::uint64_t began_ = 0;
  std::uint64_t last_ = 0;
};

}  // namespace

result<report> send_datagrams(const flow& with, connected_datagram_socket& to) {
  const std::size_t size = with.asked.datagram_size;
  const auto at_once = std::clamp(largest_datagram / size, std::size_t{1}, most_at_once);
  std::vector<std::byte> block(at_once * size);
  std::vector<const_bytes> each;
  for (std::size_t i = 0; i != at_once; ++i)
    each.push_back(const_bytes{block}.subspan(i * size, size));
  const auto began = clock::now();
  const auto ends = began + milliseconds{with.asked.duration};
  pace rate{with.asked.rate, milliseconds{0}, milliseconds{0}, began};
  auto next_report = began + milliseconds{with.asked.interval};
  report told;
  for (auto now = began; now < ends; now = clock::now()) {
    if (now >= next_report) {
      next_report = now + milliseconds{with.asked.interval};
      if (auto done = with.tell(told); !done) return done.failure();
    }
    if (const auto from = rate.next_unit(); now < from) {
      if (auto slept =
              pause(deadline::at((std::min)({from, ends, next_report})).or_when(with.stop));
          !slept)
        return slept.failure();
      continue;
    }
    const auto count = static_cast<std::size_t>(rate.most(at_once));
    probe next{with.asked.token, told.datagrams, moment()};
    for (std::size_t i = 0; i != count; ++i, ++next.number)
      stamp(mutable_bytes{block}.subspan(i * size, probe_size), next);
    const auto until = deadline::in(patience).or_when(with.stop);
    std::size_t done = 0;
    std::optional<error> reason;
    if (with.asked.joined) {
      const auto sent = to.send_segments(const_bytes{block}.first(count * size), size, until);
      done = sent.count;
      reason = sent.reason;
    } else {
      const auto sent = to.send_batch(std::span{each}.first(count), until);
      done = sent.count;
      reason = sent.reason;
    }
    told.datagrams += done;
    told.bytes += done * size;
    rate.spend(done, clock::now());
    if (reason) return fail(*reason);
  }
  told.elapsed = static_cast<std::uint64_t>(std::chrono::nanoseconds{clock::now() - began}.count());
  if (auto done = send_frame(with.connection, frame::end, told, with.stop); !done)
    return done.failure();
  return told;
}

result<datagram_socket> open_receiver(const endpoint& here, std::uint16_t& port) {
  auto opened = datagram_socket::bind(here);
  if (!opened) opened = datagram_socket::bind({here.address, 0});
  if (!opened) return opened;
  // Some systems refuse what is more than they give, others cut it.
  for (int size = largest_buffer; size >= 1 << 16; size /= 2)
    if (opened->set(options::receive_buffer, size)) break;
  const auto local = opened->local_endpoint();
  if (!local) return local.failure();
  port = local->port;
  return opened;
}

result<report> receive_datagrams(const flow& with, datagram_socket& from) {
  return listening{with, from}.run();
}

}  // namespace portsock::tools::measuring
