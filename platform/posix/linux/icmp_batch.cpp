// SPDX-License-Identifier: MIT

// Batches by sendmmsg and recvmmsg; times from SO_TIMESTAMPING, those of sending by way of the
// error queue (the kernel's Documentation/networking/timestamping.rst).

#include <array>
#include <cstddef>
#include <cstring>
#include <ctime>

#include <linux/errqueue.h>
#include <linux/net_tstamp.h>

#include <platform/bsd/sockaddr.hpp>
#include <platform/contract.hpp>
#include <platform/icmp_batch.hpp>

#include "control.hpp"
#include "many.hpp"
#include "native.hpp"
#include "system.hpp"
#include "wall_time.hpp"

namespace portsock::platform {
namespace {

template <class Each>
class batch {
 public:
  explicit batch(std::size_t size) noexcept : count_{(std::min)(size, icmp_batch_size)} {}

  void set(std::size_t i, const void* bytes, std::size_t size) noexcept {
    // The system's type has no const; what is sent is not written to.
    parts_[i] = {const_cast<void*>(bytes), size};
    auto& message = headers_[i].msg_hdr;
    message.msg_iov = &parts_[i];
    message.msg_iovlen = 1;
  }
  std::size_t count() const noexcept { return count_; }
  Each& each(std::size_t i) noexcept { return each_[i]; }
  mmsghdr* data() noexcept { return headers_.data(); }
  msghdr& header(std::size_t i) noexcept { return headers_[i].msg_hdr; }
  std::size_t size_of(std::size_t i) const noexcept { return headers_[i].msg_len; }

 private:
  std::size_t count_;
  std::array<mmsghdr, icmp_batch_size> headers_{};
  std::array<iovec, icmp_batch_size> parts_;
  std::array<Each, icmp_batch_size> each_;
};

struct departing {
  native_endpoint to;
  native_control_writer control{};
};

struct arriving {
  socket_name from;
  control_room control;
};

/// Receives without waiting; when the socket had an error to tell of, it is told by the error queue
/// too, and the packets are still there.
template <class Item>
int receive_into(native_handle s, batch<arriving>& got, std::span<Item> items, int flags) noexcept {
  for (int tries = 0;; ++tries) {
    for (std::size_t i = 0; i != got.count(); ++i) {
      got.set(i, items[i].room.data(), items[i].room.size());
      auto& message = got.header(i);
      message.msg_name = got.each(i).from.data();
      message.msg_namelen = *got.each(i).from.length();
      message.msg_flags = 0;
      got.each(i).control.attach_to(message);
    }
    const int count = uninterrupted(receive_many_with, descriptor(s), got.data(), got.count(),
                                    flags | MSG_DONTWAIT);
    if (count >= 0 || errno == EAGAIN || tries == 8) return count;
  }
}

void set_flow_label(native_endpoint& peer, std::uint32_t label) noexcept {
  const auto in_order = htonl(label);
  std::memcpy(static_cast<std::byte*>(peer.data()) + offsetof(sockaddr_in6, sin6_flowinfo),
              &in_order, sizeof in_order);
}

/// SCM_TIMESTAMPING: three times, of which the first is the kernel's, and the others are
/// hardware's.
std::optional<timespec> stamp_in(const control_item& item) noexcept {
  if (item.level != SOL_SOCKET || item.type != SCM_TIMESTAMPING) return std::nullopt;
  const auto stamp = item.as<timespec>();
  if (!stamp || (stamp->tv_sec == 0 && stamp->tv_nsec == 0)) return std::nullopt;
  return stamp;
}

void read_packet(icmp_packet_in& into, batch<arriving>& got, std::size_t i,
                 const wall_time& wall) noexcept {
  const auto& message = got.header(i);
  into.arrival = wall.now();
  into.stamped = false;
  into.hop_limit.reset();
  auto control = control_of(message);
  while (const auto item = control.next()) {
    if (const auto stamp = stamp_in(*item)) {
      into.arrival = wall.of(*stamp);
      into.stamped = true;
    } else if ((item->level == IPPROTO_IPV6 && item->type == IPV6_HOPLIMIT) ||
               (item->level == IPPROTO_IP && item->type == received_ttl)) {
      into.hop_limit = item->octet();
    }
  }
  into.packet = const_bytes{into.room}.first((std::min)(got.size_of(i), into.room.size()));
  into.from = got.each(i).from.to_endpoint().address;
  if ((message.msg_flags & MSG_TRUNC) != 0) into.packet = {};
  // IPv4 comes with its header, but for the sockets that are asked for a TTL beside it.
  if (got.each(i).from.address_family() != family::v4 || into.hop_limit || into.packet.empty())
    return;
  const auto header = decode_ipv4_header(into.packet);
  into.packet = header ? into.packet.subspan(header->header_size) : const_bytes{};
  if (header) into.hop_limit = header->hop_limit;
}

void read_notice(icmp_notice& into, batch<arriving>& got, std::size_t i,
                 const wall_time& wall) noexcept {
  into.packet = {};
  into.is_error = false;
  into.when = wall.now();
  bool is_stamped = false;
  auto control = control_of(got.header(i));
  while (const auto item = control.next()) {
    if (const auto stamp = stamp_in(*item)) {
      into.when = wall.of(*stamp);
      is_stamped = true;
    }
    if ((item->level != IPPROTO_IP || item->type != IP_RECVERR) &&
        (item->level != IPPROTO_IPV6 || item->type != IPV6_RECVERR))
      continue;
    const auto told = item->as<sock_extended_err>();
    if (!told) continue;
    const bool of_network =
        told->ee_origin == SO_EE_ORIGIN_ICMP || told->ee_origin == SO_EE_ORIGIN_ICMP6;
    // What this system itself found wrong, the failed call has said already.
    if (!of_network && told->ee_origin != SO_EE_ORIGIN_TIMESTAMPING) continue;
    into.packet = const_bytes{into.room}.first((std::min)(got.size_of(i), into.room.size()));
    into.is_error = of_network;
    into.type = told->ee_type;
    into.code = told->ee_code;
    into.info = told->ee_info;
    if (!of_network) continue;
    // Behind it is the address of who sent the error (ip(7)).
    alignas(sockaddr_in6) std::array<std::byte, sizeof(sockaddr_in6)> offender{};
    const auto rest = item->data.subspan(sizeof(sock_extended_err));
    std::ranges::copy(rest.first((std::min)(rest.size(), offender.size())), offender.begin());
    into.from = to_endpoint(reinterpret_cast<const sockaddr*>(offender.data())).address;
    into.peer = got.each(i).from.to_endpoint().address;
  }
  // Where the kernel notes no times it still returns the packet, long after it has left.
  if (!into.is_error && !is_stamped) into.packet = {};
}

}  // namespace

void report_icmp_times(native_handle s, family of) noexcept {
  const int on = 1;
  const int stamps = SOF_TIMESTAMPING_RX_SOFTWARE | SOF_TIMESTAMPING_SOFTWARE;
  ::setsockopt(descriptor(s), SOL_SOCKET, SO_TIMESTAMPING, &stamps, sizeof stamps);
  // A raw socket hears the errors themselves.
  int type = SOCK_RAW;
  socklen_t size = sizeof type;
  ::getsockopt(descriptor(s), SOL_SOCKET, SO_TYPE, &type, &size);
  if (type == SOCK_RAW) return;
  if (of == family::v4)
    ::setsockopt(descriptor(s), IPPROTO_IP, IP_RECVERR, &on, sizeof on);
  else
    ::setsockopt(descriptor(s), IPPROTO_IPV6, IPV6_RECVERR, &on, sizeof on);
}

void expect_small_packets(native_handle s, family of) noexcept {
  if (of == family::v6) return;
  // What may be divided gets a number (the kernel's __ip_select_ident), the dearest part of sending
  // to many hosts. By default packets ask not to be divided on the way, but may be here.
  int how = IP_PMTUDISC_DONT;
  socklen_t size = sizeof how;
  ::getsockopt(descriptor(s), IPPROTO_IP, IP_MTU_DISCOVER, &how, &size);
  if (how != IP_PMTUDISC_WANT) return;
  how = IP_PMTUDISC_DO;
  ::setsockopt(descriptor(s), IPPROTO_IP, IP_MTU_DISCOVER, &how, sizeof how);
}

result<std::size_t> send_icmp(native_handle s, std::span<icmp_packet_out> packets,
                              bool stamp) noexcept {
  batch<departing> out{packets.size()};
  for (std::size_t i = 0; i != out.count(); ++i) {
    out.set(i, packets[i].packet.data(), packets[i].packet.size());
    auto& [to, control] = out.each(i);
    to = endpoint{packets[i].peer, 0};
    if (packets[i].flow_label != 0) set_flow_label(to, packets[i].flow_label);
    out.header(i).msg_name = to.data();
    out.header(i).msg_namelen = length_of(to);
    if (stamp) control.add(SOL_SOCKET, SO_TIMESTAMPING, int{SOF_TIMESTAMPING_TX_SOFTWARE});
    const bool is_v6 = family_of(packets[i].peer) == family::v6;
    if (packets[i].hop_limit != 0)
      control.add(is_v6 ? IPPROTO_IPV6 : IPPROTO_IP, is_v6 ? IPV6_HOPLIMIT : IP_TTL,
                  int{packets[i].hop_limit});
    attach(control, out.header(i));
  }
  const auto send = [&] {
    return uninterrupted(send_many, descriptor(s), out.data(), out.count(),
                         send_flags | MSG_DONTWAIT);
  };
  auto before = deadline::clock::now();
  int count = send();
  // An error about an earlier packet is told by the next call, whichever that is, and once.
  if (count < 0 && errno != EAGAIN && errno != ENOBUFS) {
    before = deadline::clock::now();
    count = send();
  }
  // What is wrong may be the request for a stamp, where the numbers in control messages do not
  // reach the kernel as they are (qemu's user emulation of another order of bytes).
  if (count < 0 && errno == EINVAL && stamp) return send_icmp(s, packets, false);
  if (count < 0 && errno == ENOBUFS)
    return std::unexpected{error{ENOBUFS, error_domain::system, errc::would_block}};
  if (count < 0) return std::unexpected{last_error()};
  const auto each = count > 1 ? (deadline::clock::now() - before) / count : before - before;
  for (int i = 0; i != count; ++i) {
    packets[static_cast<std::size_t>(i)].left = before + i * each;
    packets[static_cast<std::size_t>(i)].unsure = each;
  }
  return static_cast<std::size_t>(count);
}

result<std::size_t> receive_icmp(native_handle s, std::span<icmp_packet_in> packets) noexcept {
  batch<arriving> got{packets.size()};
  const int count = receive_into(s, got, packets, 0);
  if (count < 0) return std::unexpected{last_error()};
  const wall_time wall;
  for (std::size_t i = 0; i != static_cast<std::size_t>(count); ++i)
    read_packet(packets[i], got, i, wall);
  return static_cast<std::size_t>(count);
}

result<std::size_t> receive_icmp_notices(native_handle s, std::span<icmp_notice> notices) noexcept {
  batch<arriving> got{notices.size()};
  const int count = receive_into(s, got, notices, MSG_ERRQUEUE);
  if (count < 0) return std::unexpected{last_error()};
  const wall_time wall;
  for (std::size_t i = 0; i != static_cast<std::size_t>(count); ++i)
    read_notice(notices[i], got, i, wall);
  return static_cast<std::size_t>(count);
}

}  // namespace portsock::platform
