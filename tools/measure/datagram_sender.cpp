// SPDX-License-Identifier: MIT
#include <algorithm>
#include <array>
#include <vector>

#include <portsock/deadline.hpp>

#include <tools/measure/flow.hpp>
#include <tools/measure/greeting.hpp>
#include <tools/send/pace.hpp>

namespace portsock::tools::measuring {
namespace {

using clock = deadline::clock;
using std::chrono::milliseconds;

/// In one call, at most: what one segmentation takes.
constexpr std::size_t most_at_once = 64;
/// How often a sender looks whether its client is still there, and at how many knocks then.
constexpr milliseconds look_every{100};
constexpr int knocks_per_look = 64;

/// Datagrams to the server, which another thread listens to meanwhile.
class to_server {
 public:
  explicit to_server(connected_datagram_socket& socket) : socket_{socket} {}

  sent_batch joined(const_bytes all, std::size_t size, deadline until) {
    const auto sent = socket_.send_segments(all, size, until);
    return {sent.count, sent.reason};
  }
  sent_batch singly(std::span<const const_bytes> each, deadline until) {
    return socket_.send_batch(each, until);
  }
  result<> look(clock::time_point) { return {}; }

 private:
  connected_datagram_socket& socket_;
};

/// Datagrams to a client. Anybody can write anybody's address on a datagram: a client gets nothing
/// but one datagram for each of its own, not longer, until it has shown that it reads what is sent
/// to its address (as in RFC 9000, 8.1), and nothing more once it no longer shows it.
class to_client {
 public:
  to_client(const flow& with, datagram_socket& socket) : with_{with}, socket_{socket} {}

  /// Until a client has proved its address.
  result<> admit() {
    const auto until = deadline::in(patience).or_when(with_.stop);
    while (true) {
      const auto proved = hear(until);
      if (!proved) return proved.failure();
      if (*proved) return {};
    }
  }

  sent_batch joined(const_bytes all, std::size_t size, deadline until) {
    const auto sent = socket_.send_segments(all, size, client_, until);
    return {sent.count, sent.reason};
  }
  sent_batch singly(std::span<const const_bytes> each, deadline until) {
    batch_.clear();
    for (const auto& one : each) batch_.push_back({one, native_client_});
    return socket_.send_batch(batch_, until);
  }

  result<> look(clock::time_point now) {
    if (now < next_look_) return {};
    next_look_ = now + look_every;
    for (int i = 0; i != knocks_per_look; ++i) {
      const auto proved = hear(deadline::now());
      if (!proved && unless_late(proved.error())) break;
      if (!proved) return proved.failure();
    }
    if (now - proved_at_ > patience) return fail(errc::timed_out);
    // It has nothing to say before all is sent.
    std::array<std::byte, 1> word;
    const auto said = with_.connection.receive(word, deadline::now());
    if (!said) return unless_late(said.error());
    return fail(*said == 0 ? errc::end_of_stream : errc::protocol_not_supported);
  }

 private:
  /// The next datagram: whether it is a knock with the right proof. Before there was one, others
  /// are told what that would be for where they come from.
  result<bool> hear(deadline until) {
    std::array<std::byte, probe_size + 1> room;
    const auto got = socket_.receive_from(room, until);
    if (!got) return got.failure();
    const auto knock = decode_probe(const_bytes{room}.first(got->size));
    if (!knock || knock->token != with_.asked.token || knock->number != knock_number) return false;
    const auto from = got->from.to_endpoint();
    if (proof_ != 0 && from == client_ && knock->sent == proof_) {
      native_client_ = got->from;
      proved_at_ = clock::now();
      return true;
    }
    if (proved_at_ != clock::time_point{}) return false;
    if (proof_ == 0 || from != client_) {
      client_ = from;
      do proof_ = random_number();
      while (proof_ == 0);
    }
    std::array<std::byte, probe_size> answer;
    stamp(answer, {with_.asked.token, knock_number, proof_});
    if (auto sent = socket_.send_to(answer, client_, until); !sent) return sent.failure();
    return false;
  }

  const flow& with_;
  datagram_socket& socket_;
  endpoint client_{};
  native_endpoint native_client_{};
  std::uint64_t proof_ = 0;  // for that address alone; 0: there is none
  clock::time_point proved_at_{};
  clock::time_point next_look_{};
  std::vector<outgoing> batch_;
};

template <class Way>
result<report> send_all(const flow& with, Way to) {
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
  interruption interrupted{with.stop};
  report told;
  for (auto now = began; now < ends; now = clock::now()) {
    if (auto done = interrupted.look(); !done) return done.failure();
    if (now >= next_report) {
      next_report = now + milliseconds{with.asked.interval};
      if (auto done = with.tell(told); !done) return done.failure();
    }
    if (auto done = to.look(now); !done) return done.failure();
    if (const auto from = rate.next_unit(); now < from) {
      const auto next = (std::min)({from, ends, next_report, now + look_every});
      if (auto slept = pause(deadline::at(next).or_when(with.stop)); !slept) return slept.failure();
      continue;
    }
    const auto count = static_cast<std::size_t>(rate.most(at_once));
    probe next{with.asked.token, told.datagrams, moment()};
    for (std::size_t i = 0; i != count; ++i, ++next.number)
      stamp(mutable_bytes{block}.subspan(i * size, probe_size), next);
    const auto until = deadline::in(patience).or_when(with.stop);
    const auto sent = with.asked.joined
                          ? to.joined(const_bytes{block}.first(count * size), size, until)
                          : to.singly(std::span{each}.first(count), until);
    told.datagrams += sent.count;
    told.bytes += sent.count * size;
    rate.spend(sent.count, clock::now());
    if (sent.reason) return fail(*sent.reason);
  }
  told.elapsed = static_cast<std::uint64_t>(std::chrono::nanoseconds{clock::now() - began}.count());
  if (auto done = send_frame(with.connection, frame::end, told, with.stop); !done)
    return done.failure();
  return told;
}

/// What the receiver has got by its own count.
result<report> hear_result(const flow& with) {
  frame_reader frames;
  std::optional<report> told;
  const auto heard = [&told](frame kind, const report& theirs) {
    if (kind == frame::result) told = theirs;
  };
  std::array<std::byte, 512> words;
  const auto until = deadline::in(message_patience).or_when(with.stop);
  while (!told) {
    const auto got = with.connection.receive(words, until);
    if (!got) return got.failure();
    if (*got == 0) return fail(errc::end_of_stream);
    if (!frames.feed(const_bytes{words}.first(*got), heard) || frames.data() != 0)
      return fail(errc::protocol_not_supported);
  }
  return *told;
}

}  // namespace

result<report> send_datagrams(const flow& with, connected_datagram_socket& to) {
  return send_all(with, to_server{to});
}
result<report> send_datagrams(const flow& with, datagram_socket& from) {
  to_client client{with, from};
  if (auto admitted = client.admit(); !admitted) return admitted.failure();
  if (auto sent = send_all(with, std::move(client)); !sent) return sent;
  return hear_result(with);
}

}  // namespace portsock::tools::measuring
