// SPDX-License-Identifier: MIT
#include <tools/ping/session.hpp>

#include <algorithm>
#include <chrono>
#include <random>
#include <type_traits>
#include <variant>

namespace portsock::tools {
namespace {

using namespace std::chrono_literals;

/// How long a flood (interval 0) waits for a reply, and any session for room in a full system.
constexpr auto breath = 10ms;
/// How far behind its schedule a session may be and still catch up. After a longer standstill the
/// requests that were missed stay unsent instead of leaving as a burst.
constexpr std::chrono::nanoseconds longest_delay = 100ms;

constexpr std::size_t largest_message = 65'535;

std::uint16_t sequence_of(std::uint64_t index) noexcept {
  return static_cast<std::uint16_t>(index & 0xffff);
}
std::uint32_t low_bits(std::uint64_t index) noexcept {
  return static_cast<std::uint32_t>(index & 0xffff'ffff);
}

/// The same host, whatever link a scope names: quoted packets do not carry it.
bool same_host(ip_address left, ip_address right) noexcept {
  for (auto* address : {&left, &right})
    if (auto* v6 = std::get_if<ipv6_address>(address)) v6->scope = 0;
  return left == right;
}

}  // namespace

identity identity::random() {
  std::random_device source;
  identity made{.identifier = static_cast<std::uint16_t>(source() & 0xffff)};
  for (auto& byte : made.secret) byte = static_cast<std::byte>(source() & 0xff);
  return made;
}

session::session(const ping_options& options, const identity& self, echo_channel& channel,
                 report& told, const complaints& complain)
    : options_{options},
      self_{self},
      channel_{channel},
      report_{told},
      complain_{complain},
      payloads_{self.secret, options.size},
      requests_{options.timeout},
      buffer_(largest_message) {}

result<> session::run(const canceller& stop) {
  began_ = due_ = channel_.now();
  while (report_.good()) {
    if (!all_sent() && channel_.now() >= due_) {
      if (stop.is_cancelled()) return {};  // a flood may never wait, and so never be told
      send();
    }
    const auto until = all_sent() ? requests_.awaited_until(channel_.now()) : due_;
    if (!until) return {};
    const auto event = channel_.receive(buffer_, deadline::at(*until).or_when(stop));
    if (event)
      judge(*event);
    else if (event.error() == errc::cancelled)
      return {};
    else if (event.error() != errc::timed_out)
      return event.failure();
  }
  return {};
}

void session::send() {
  const auto index = requests_.size() + 1;
  const icmp::echo_request request{
      {self_.identifier, sequence_of(index), payloads_.of(low_bits(index))}};
  const auto now = channel_.now();
  const auto sent = channel_.send(request);
  if (!sent && sent.error() == errc::would_block) {
    due_ = now + breath;
    return;
  }
  auto& entry = requests_.add(now);
  ++numbers_.sent;
  note_time(now);
  schedule_next(now);
  if (!sent) {
    entry.what = ledger::fate::refused;
    ++numbers_.errors;
    complain_.failed(to_string(channel_.peer()), sent.error());
  }
}

void session::schedule_next(time_point sent) noexcept {
  if (options_.interval == 0ms) {
    due_ = sent + breath;
    return;
  }
  // From the time when it was due, not when it left: so delays do not add up.
  if (sent - due_ > (std::max)(longest_delay, std::chrono::nanoseconds{options_.interval}))
    due_ = sent;
  due_ += options_.interval;
}

void session::judge(const icmp_event& event) {
  std::visit(
      [&](const auto& message) {
        if constexpr (requires { message.original; })
          refuse(event, message.original);
        else if constexpr (std::is_same_v<decltype(message), const icmp::echo_reply&>)
          accept(event, message);
      },
      event.message);
}

void session::accept(const icmp_event& event, const icmp::echo_reply& got) {
  const auto index = request_of(got);
  // An error may quote less, but a host returns what it was sent.
  if (index == 0 || got.payload.size() < payloads_.cookie_size()) return;
  auto& request = requests_.at(index);
  const auto sent = payloads_.of(low_bits(index));
  reply line{.from = event.from,
             .size = event.size,
             .sequence = got.sequence,
             .hop_limit = event.hop_limit,
             .round_trip = (std::max)(event.arrival, request.sent) - request.sent,
             .truncated = got.payload.size() < sent.size()};

  if (const auto wrong = first_difference(got.payload, sent)) {
    line.what = reply::verdict::corrupted;
    line.wrong_byte = *wrong;
    ++numbers_.corrupted;
  } else if (request.what == ledger::fate::answered) {
    line.what = reply::verdict::duplicate;
    ++numbers_.duplicates;
  } else if (line.round_trip > options_.timeout) {
    line.what = reply::verdict::late;
    ++numbers_.late;
    request.what = ledger::fate::answered;
  } else {
    ++numbers_.received;
    numbers_.round_trip.add(std::chrono::duration<double, std::milli>{line.round_trip}.count());
    request.what = ledger::fate::answered;
    if (options_.interval == 0ms && index == requests_.size()) due_ = event.arrival;
  }
  note_time(event.arrival);
  report_.replied(line);
}

void session::refuse(const icmp_event& event, const icmp::quoted& original) {
  if (!original.request || !same_host(original.destination, channel_.peer())) return;
  const auto index = request_of(*original.request);
  if (index == 0) return;
  // A redirect speaks of the way alone: the request itself went on.
  if (!std::holds_alternative<icmp::redirect>(event.message)) {
    ++numbers_.errors;
    auto& request = requests_.at(index);
    if (request.what == ledger::fate::open) request.what = ledger::fate::refused;
  }
  note_time(event.arrival);
  report_.told(event.from, original.request->sequence, event.message);
}

std::uint64_t session::request_of(const icmp::echo& echo) const noexcept {
  if (const auto known = channel_.identifier(); known && *known != echo.identifier) return 0;
  if (!payloads_.are_ours(echo.payload)) return 0;
  const auto index = requests_.index_of(echo.sequence);
  // The same sequence number, 65,536 requests ago: nothing is known of that one any more.
  const auto told = index_in(echo.payload);
  if (told && sequence_of(*told) == echo.sequence && *told != low_bits(index)) return 0;
  return index;
}

}  // namespace portsock::tools
