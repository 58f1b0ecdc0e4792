// SPDX-License-Identifier: MIT
#include <algorithm>
#include <vector>

#include <portsock/poller.hpp>
#include <portsock/stream_statistics.hpp>
#include <tools/common/bulk_mark.hpp>
#include <tools/measure/flow.hpp>
#include <tools/send/pace.hpp>

namespace portsock::tools::measuring {
namespace {

using clock = deadline::clock;
using std::chrono::milliseconds;

/// Larger ones cost fewer calls, until they leave the processor's cache.
constexpr std::size_t sent_at_once = std::size_t{256} * 1024;
constexpr std::size_t received_at_once = std::size_t{1024} * 1024;

std::uint64_t nanoseconds(std::chrono::microseconds span) {
  return static_cast<std::uint64_t>(span.count()) * 1000;
}

/// A data frame that can be sent again and again.
std::vector<std::byte> data_frame() {
  std::vector<std::byte> bytes(sent_at_once);
  for (std::size_t i = 0; i != bytes.size(); ++i) bytes[i] = static_cast<std::byte>(i * 131 >> 3);
  std::ranges::copy(header_of(frame::data, static_cast<std::uint32_t>(sent_at_once - header_size)),
                    bytes.begin());
  return bytes;
}

/// Receives in pieces that are worth a call.
class bulk_receiver {
 public:
  static result<bulk_receiver> create(stream_socket& from) {
    auto waiting = poller::create();
    if (!waiting) return waiting.failure();
    if (auto added = waiting->add(from, interest::receive, 0); !added) return added.failure();
    return bulk_receiver{from, *std::move(waiting)};
  }

  result<std::size_t> receive(mutable_bytes into, const canceller& stop) {
    if (mark_.raised()) {
      const auto ready = waiting_.wait(deadline::in(bulk_mark::longest_pause).or_when(stop));
      if (!ready) return ready.failure();
      if (ready->empty()) mark_.lower(from_);
    }
    const auto got = from_.receive(into, deadline::in(patience).or_when(stop));
    if (got) mark_.received(from_, *got, clock::now());
    return got;
  }

 private:
  bulk_receiver(stream_socket& from, poller waiting) : from_{from}, waiting_{std::move(waiting)} {}

  stream_socket& from_;
  poller waiting_;
  bulk_mark mark_;
};

}  // namespace

std::uint64_t moment() noexcept {
  return static_cast<std::uint64_t>(
      std::chrono::nanoseconds{clock::now().time_since_epoch()}.count());
}

result<> interruption::look() noexcept {
  constexpr std::uint64_t look_every = 50'000'000;  // ns
  const auto now = moment();
  if (now < next_look_) return {};
  next_look_ = now + look_every;
  if (stop_.is_cancelled()) return fail(errc::cancelled);
  return {};
}

result<> pause(deadline until) {
  auto idle = poller::create();
  if (!idle) return idle.failure();
  if (const auto waited = idle->wait(until); !waited) return waited.failure();
  return {};
}

report with_statistics(report told, const stream_socket& connection) {
  const auto known = statistics_of(connection);
  if (!known) return told;
  told.retransmitted =
      known->retransmitted_segments ? known->retransmitted_segments : known->retransmitted_bytes;
  told.round_trip = nanoseconds(known->round_trip);
  if (known->round_trip_variation) told.variation = nanoseconds(*known->round_trip_variation);
  told.window = known->congestion_window;
  return told;
}

result<> send_frame(stream_socket& to, frame kind, const report& told, const canceller& stop) {
  const auto bytes = encode(kind, told);
  const auto sent = to.send_all(bytes, deadline::in(message_patience).or_when(stop));
  if (sent.reason) return fail(*sent.reason);
  return {};
}

result<report> send_stream(const flow& with) {
  auto block = data_frame();
  const auto began = clock::now();
  const auto ends = began + milliseconds{with.asked.duration};
  const auto every = milliseconds{with.asked.interval};
  pace rate{with.asked.rate, milliseconds{0}, milliseconds{0}, began};
  auto next_report = began + every;
  interruption interrupted{with.stop};
  report told;
  for (auto now = began; now < ends; now = clock::now()) {
    if (auto done = interrupted.look(); !done) return done.failure();
    if (now >= next_report) {
      next_report += every;
      told.elapsed = static_cast<std::uint64_t>(std::chrono::nanoseconds{now - began}.count());
      if (auto done = with.tell(with_statistics(told, with.connection)); !done)
        return done.failure();
    }
    if (const auto from = rate.next_unit(); now < from) {
      // Nobody sends to a sender but the end of all: what is waited for is the time, or a stop.
      const auto until = deadline::at((std::min)({from, ends, next_report})).or_when(with.stop);
      if (auto slept = pause(until); !slept) return slept.failure();
      continue;
    }
    const auto size = static_cast<std::size_t>(rate.most(block.size() - header_size));
    std::ranges::copy(header_of(frame::data, static_cast<std::uint32_t>(size)), block.begin());
    const auto sent = with.connection.send_all(const_bytes{block}.first(size + header_size),
                                               deadline::in(patience).or_when(with.stop));
    if (sent.reason) return fail(*sent.reason);
    rate.spend(size, clock::now());
    told.bytes += size;
  }
  told.elapsed = static_cast<std::uint64_t>(std::chrono::nanoseconds{clock::now() - began}.count());
  told = with_statistics(told, with.connection);
  if (auto done = send_frame(with.connection, frame::end, told, with.stop); !done)
    return done.failure();
  return told;
}

result<report> receive_stream(const flow& with) {
  auto from = bulk_receiver::create(with.connection);
  if (!from) return from.failure();
  std::vector<std::byte> buffer(received_at_once);
  frame_reader frames;
  report told;
  bool ended = false;
  const auto heard = [&](frame kind, const report& theirs) {
    told.retransmitted = theirs.retransmitted;
    told.round_trip = theirs.round_trip;
    told.variation = theirs.variation;
    told.window = theirs.window;
    ended = ended || kind == frame::end;
  };
  const auto every = std::uint64_t{with.asked.interval} * 1'000'000;
  auto began = moment();
  auto next_report = began + every;
  interruption interrupted{with.stop};
  while (!ended) {
    if (auto done = interrupted.look(); !done) return done.failure();
    const auto got = from->receive(buffer, with.stop);
    if (!got) return got.failure();
    if (*got == 0) return fail(errc::end_of_stream);
    const auto now = moment();
    if (frames.data() == 0) {  // the first of it
      began = now;
      next_report = now + every;
    }
    if (!frames.feed(const_bytes{buffer}.first(*got), heard))
      return fail(errc::protocol_not_supported);
    told.bytes = frames.data();
    told.elapsed = now - began;
    if (now < next_report || ended) continue;
    while (next_report <= now) next_report += every;
    if (auto done = with.tell(told); !done) return done.failure();
  }
  return told;
}

}  // namespace portsock::tools::measuring
