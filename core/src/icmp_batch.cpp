// SPDX-License-Identifier: MIT
#include <portsock/icmp_batch.hpp>

#include <algorithm>
#include <array>

#include <platform/contract.hpp>
#include <platform/icmp_batch.hpp>
#include <portsock/icmp_socket.hpp>

namespace portsock {
namespace {

/// The headers of ICMP and of IPv4 with all its options.
constexpr std::size_t headers = icmp::header_size + 60;

/// The message that the system made this notice of, in its own form; its request is still to be
/// filled in. Nothing: a type that is not about a request.
std::optional<icmp::message> message_of(const platform::icmp_notice& notice, family of,
                                        const icmp::quoted& original) noexcept {
  const auto is = [&](detail::icmp_type type) { return notice.type == type.in(of); };
  if (is(detail::unreachable_type)) {
    const bool has_mtu = of == family::v4 && notice.code == detail::fragmentation_needed_v4;
    return icmp::unreachable{notice.code, has_mtu ? notice.info : 0, original};
  }
  if (of == family::v6 && notice.type == detail::packet_too_big_type_v6)
    return icmp::packet_too_big{notice.info, original};
  if (is(detail::time_exceeded_type)) return icmp::time_exceeded{notice.code, original};
  if (is(detail::parameter_problem_type))
    return icmp::parameter_problem{notice.code, notice.info, original};
  return std::nullopt;
}

std::optional<icmp_event> event_of(const platform::icmp_notice& notice, family of) noexcept {
  if (notice.packet.size() < icmp::header_size) return std::nullopt;
  if (std::to_integer<std::uint8_t>(notice.packet[0]) != detail::echo_request_type.in(of))
    return std::nullopt;
  const icmp::quoted original{
      .source = any(of),
      .destination = notice.peer,
      .protocol = static_cast<std::uint8_t>(of == family::v4 ? protocol::icmp : protocol::icmp_v6),
      .request = icmp::echo_request{detail::read_echo(notice.packet)}};
  const auto message = message_of(notice, of, original);
  if (!message) return std::nullopt;
  return icmp_event{.from = notice.from,
                    .message = *message,
                    .size = icmp::header_size + notice.packet.size(),
                    .arrival = notice.when};
}

}  // namespace

icmp_room::icmp_room(std::size_t largest_payload)
    : size_{(std::max)(largest_payload + headers, std::size_t{2048})},
      memory_{std::make_unique_for_overwrite<std::byte[]>(icmp_batch_size *
                                                          (2 * size_ + notice_size))} {}

void icmp_socket::expect_batches() noexcept {
  // Not before: receive() does not read what the system tells beside the packets.
  if (in_batches_) return;
  in_batches_ = true;
  platform::report_icmp_times(handle_.get(), family_);
  has_notices_ = access_ == icmp_access::datagram;
}

/// The service has one hop limit, which is the next request's.
result<> icmp_socket::send_by_service(const icmp_outgoing& one) noexcept {
  if (one.hop_limit == 0) return send(one.request, one.peer);
  if (const auto set = platform::set_hop_limit(*service_, one.hop_limit); !set) return set;
  const auto sent = send(one.request, one.peer);
  static_cast<void>(platform::set_hop_limit(*service_, hop_limit_).has_value());
  return sent;
}

result<std::size_t> icmp_socket::send_some(std::span<icmp_outgoing> requests, icmp_room& room,
                                           bool stamp) noexcept {
  const auto count = (std::min)(requests.size(), icmp_batch_size);
  if (service_) {
    for (std::size_t i = 0; i != count; ++i) {
      requests[i].left = deadline::clock::now();
      requests[i].unsure = {};
      if (const auto sent = send_by_service(requests[i]); !sent) {
        if (i == 0) return sent.failure();
        return i;
      }
    }
    return count;
  }
  expect_batches();
  has_notices_ = has_notices_ || stamp;
  std::array<platform::icmp_packet_out, icmp_batch_size> packets;
  std::size_t ready = 0;
  for (; ready != count; ++ready) {
    const auto& request = requests[ready].request;
    const auto& peer = requests[ready].peer;
    const bool fits = family_of(peer) == family_;
    const auto packet = icmp::encode(request, family_, room.sending(ready));
    if (ready == 0 && !fits) return fail(errc::invalid_argument);
    if (ready == 0 && !packet) return fail(errc::message_too_large);
    if (!fits || !packet) break;
    packets[ready] = {.packet = *packet,
                      .peer = is_unspecified(peer) ? loopback(family_) : peer,
                      .hop_limit = requests[ready].hop_limit,
                      .flow_label = flow_label_};
  }
  const auto sent = platform::send_icmp(handle_.get(), std::span{packets}.first(ready), stamp);
  if (!sent) return sent.failure();
  for (std::size_t i = 0; i != *sent; ++i) {
    requests[i].left = packets[i].left;
    requests[i].unsure = packets[i].unsure;
  }
  if (*sent != 0) note_identifier(requests[0].request.identifier);
  return *sent;
}

result<icmp_arrivals> icmp_socket::receive_some(icmp_room& room) noexcept {
  std::size_t events = 0;
  if (service_) {
    const auto got = platform::receive(*service_, room.receiving(0), deadline::now());
    if (got) room.events_[events++] = *got;
    if (!got && got.error() != errc::timed_out) return got.failure();
    return icmp_arrivals{std::span{room.events_}.first(events), {}};
  }

  expect_batches();
  // First the packets: the departures that they need are told by then.
  std::array<platform::icmp_packet_in, icmp_batch_size> packets;
  for (std::size_t i = 0; i != icmp_batch_size; ++i) packets[i].room = room.receiving(i);
  // What is damaged, cut short or unknown does not count, but is not gone on with for ever.
  for (int tries = 0; tries != 4; ++tries) {
    const auto got = platform::receive_icmp(handle_.get(), packets);
    if (!got && got.error() != errc::would_block) return got.failure();
    for (std::size_t i = 0; got && i != *got; ++i) {
      const auto& packet = packets[i];
      if (const auto message = icmp::decode(packet.packet, family_))
        room.events_[events++] = {packet.from,      *message,       packet.packet.size(),
                                  packet.hop_limit, packet.arrival, packet.stamped};
    }
    if (!got || events != 0) break;
  }

  if (!has_notices_) return icmp_arrivals{std::span{room.events_}.first(events), {}};
  return receive_notices(room, events);
}

/// What the system tells beside the packets, behind the `events` that they were.
result<icmp_arrivals> icmp_socket::receive_notices(icmp_room& room, std::size_t events) noexcept {
  std::size_t departures = 0;
  std::array<platform::icmp_notice, icmp_batch_size> notices;
  for (std::size_t i = 0; i != icmp_batch_size; ++i) notices[i].room = room.notice(i);
  const auto told = platform::receive_icmp_notices(handle_.get(), notices);
  if (!told && told.error() != errc::would_block) return told.failure();
  for (std::size_t i = 0; told && i != *told; ++i) {
    const auto& notice = notices[i];
    if (!notice.is_error)
      room.departures_[departures++] = {notice.packet, notice.when};
    else if (const auto event = event_of(notice, family_))
      room.events_[events++] = *event;
  }
  return icmp_arrivals{std::span{room.events_}.first(events),
                       std::span{room.departures_}.first(departures)};
}

}  // namespace portsock
