// SPDX-License-Identifier: MIT
#include <portsock/icmp_socket.hpp>

#include <array>
#include <utility>

#include <platform/icmp_batch.hpp>

#include "waits.hpp"

namespace portsock {
namespace {

/// No IP packet is longer.
constexpr std::size_t largest_packet = 65'535;

std::uint8_t protocol_of(family of) noexcept {
  return static_cast<std::uint8_t>(of == family::v4 ? protocol::icmp : protocol::icmp_v6);
}

result<unique_handle> open_raw(family of) noexcept {
  auto handle = platform::open(of, kind::raw, protocol_of(of));
  if (handle) platform::filter_echo(handle->get(), of);
  return handle;
}

}  // namespace

std::string_view icmp_access_hint() noexcept { return platform::icmp_access_hint(); }

icmp_socket::icmp_socket(family of, icmp_access how, unique_handle handle, service used) noexcept
    : family_{of}, access_{how}, handle_{std::move(handle)}, service_{std::move(used)} {}

result<icmp_socket> icmp_socket::open(family of) noexcept {
  auto opened = open(of, icmp_access::raw);
  for (const auto how : {icmp_access::datagram, icmp_access::system}) {
    if (opened) break;
    auto other = open(of, how);
    // That something is forbidden says more than that something else does not exist.
    if (other || (other.error() == errc::access_denied && opened.error() != errc::access_denied))
      opened = std::move(other);
  }
  return opened;
}

result<icmp_socket> icmp_socket::open(family of, icmp_access how) noexcept {
  if (how == icmp_access::system) {
    auto used = platform::open_echo_service(of);
    if (!used) return used.failure();
    return icmp_socket{of, how, unique_handle{}, std::move(*used)};
  }
  auto handle = how == icmp_access::raw ? open_raw(of) : platform::open_icmp_datagram(of);
  if (!handle) return handle.failure();
  return icmp_socket{of, how, std::move(*handle), nullptr};
}

result<> icmp_socket::set_hop_limit(int hops) noexcept {
  if (service_) {
    auto set = platform::set_hop_limit(*service_, hops);
    if (set) hop_limit_ = static_cast<std::uint8_t>(hops);
    return set;
  }
  return platform::set_option(handle_.get(), option_id::hop_limit, hops);
}

result<> icmp_socket::set_flow_label(std::uint32_t label) noexcept {
  if (label > 0xfffff) return fail(errc::invalid_argument);
  if (family_ != family::v6 || service_) return fail(errc::not_supported);
  if (label != 0)
    if (const auto allowed = platform::allow_flow_label(handle_.get(), label); !allowed)
      return allowed;
  flow_label_ = label;
  return {};
}

result<> icmp_socket::bind(const ip_address& local) noexcept {
  if (service_) return platform::bind(*service_, local);
  // Nothing but the address is taken, also by a datagram socket: port 0.
  return platform::bind(handle_.get(), {local, 0}, kind::raw, bind_policy::exclusive);
}

result<> icmp_socket::confine(std::uint32_t interface_index) noexcept {
  if (service_) return fail(errc::not_supported);
  const auto where = platform::confine(handle_.get(), {any(family_), 0}, interface_index);
  if (!where) return where.failure();
  return is_unspecified(where->address) ? result<>{} : bind(where->address);
}

void icmp_socket::listen_for(std::uint16_t identifier) noexcept {
  if (access_ == icmp_access::raw) platform::filter_identifier(handle_.get(), family_, identifier);
}

result<> icmp_socket::send(const icmp::echo_request& request, const ip_address& peer) noexcept {
  if (family_of(peer) != family_) return fail(errc::invalid_argument);
  const auto destination = is_unspecified(peer) ? loopback(family_) : peer;
  if (auto sent = send_to(request, destination); !sent) return sent;

  note_identifier(request.identifier);
  return {};
}

void icmp_socket::note_identifier(std::uint16_t sent) noexcept {
  if (identifier_ && access_ == icmp_access::datagram) return;  // chosen once
  identifier_ = sent;
  if (access_ == icmp_access::datagram)
    if (const auto chosen = platform::icmp_datagram_identifier(handle_.get())) identifier_ = chosen;
}

result<> icmp_socket::send_to(const icmp::echo_request& request,
                              const ip_address& destination) noexcept {
  if (service_) return platform::send(*service_, request, destination);
  std::array<std::byte, largest_packet> room;
  const auto packet = icmp::encode(request, family_, room);
  if (!packet) return fail(errc::message_too_large);
  if (flow_label_ == 0) return platform::send_raw(handle_.get(), *packet, destination, false);
  platform::icmp_packet_out labelled{
      .packet = *packet, .peer = destination, .flow_label = flow_label_};
  const auto sent = platform::send_icmp(handle_.get(), {&labelled, 1}, false);
  return sent ? result<>{} : sent.failure();
}

result<icmp_event> icmp_socket::receive(mutable_bytes buffer, deadline until) noexcept {
  if (service_) return platform::receive(*service_, buffer, until);
  for (;;) {
    const auto got = detail::try_until(handle_.get(), interest::receive, until, [&]() noexcept {
      return platform::try_receive_raw(handle_.get(), buffer);
    });
    const auto arrival = deadline::clock::now();
    if (!got) return got.failure();
    if (const auto message = icmp::decode(buffer.first(got->size), family_))
      return icmp_event{.from = got->from,
                        .message = *message,
                        .size = got->size,
                        .hop_limit = got->hop_limit,
                        .arrival = arrival};
    // Damaged, cut short, or nothing that is known: it does not count, but time goes on.
    if (until.has_passed()) return fail(errc::timed_out);
  }
}

}  // namespace portsock
